# A node that was declared dead while it was paused claims its agents twice. It must ask the directory until the second claims are stored.
life 1 seed=1689 nodes=3 loops=3 agents=10 calls=41 seconds=12
3.000s kill n3 for 4.119s
5.619s pause n2 for 5.379s
