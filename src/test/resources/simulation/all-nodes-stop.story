# All nodes stop at once, and the last one holds the agents of the others' calls.
life 1 seed=667 nodes=3 loops=1 agents=7 calls=31 seconds=6
3.000s stop n1 for 0.002s
4.056s stop n2 for 0.002s
4.322s stop n3 for 0.002s
