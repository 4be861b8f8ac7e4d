# The database loses its tables twice, while a node stands still. Every node must find its agents again (rules 10 and 14).
life 1 seed=4 nodes=3 loops=2 agents=8 calls=30 seconds=20
4.000s empty database
6.000s pause n2 for 7.000s
9.000s empty database
