# A node dies while its calls wait to be recorded. They are recorded later, and must not take the keys of calls that were not sent (rule 5).
life 1 seed=51 nodes=2 loops=1 agents=2 calls=13 seconds=6
3.696s lock calls for 1.652s
4.989s kill n1 for 0.002s
