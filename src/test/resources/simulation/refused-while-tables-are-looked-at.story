# A node starts while the database takes no writes, and then loses its connection. The library for migrations tries again and again on the lost one.
life 1 seed=1010 nodes=4 loops=1 agents=2 calls=2 seconds=18
3.000s kill n3 for 5.434s
8.080s readonly database for 7.580s
16.140s refuse database for 0.002s
