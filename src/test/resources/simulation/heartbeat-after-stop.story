# A node stops while its heartbeat waits for a lock, and the table is gone when the lock is. No error must be dropped (rule 18).
life 1 seed=623 nodes=3 loops=1 agents=3 calls=21 seconds=13
3.382s stop n1 for 3.674s
5.226s stop n3 for 0.002s
7.614s lock nodes for 5.334s
11.947s empty database
