# A node starts while the database is frozen, pauses, and claims its agents again. The epoch of a claim that was made again was lost.
life 1 seed=1720 nodes=1 loops=1 agents=2 calls=2 seconds=18
5.552s freeze database for 7.281s
5.838s kill n1 for 1.095s
11.251s pause n1 for 2.814s
