# A node is paused between the statement that stores a claim and the one that reads its row, and the tables are emptied meanwhile. A missing row is no newer connection (rule 9).
life 1 seed=3585 nodes=3 loops=1 agents=15 calls=22 seconds=21
8.537s pause n3 for 5.443s
13.693s pause n1 for 0.560s
13.960s freeze database for 2.163s
15.991s pause n1 for 3.773s
19.244s empty database
