# The tables go twice while nodes make them anew. A node that gives up must leave no transaction open, so that the others find their agents (rules 5 and 14).
life 1 seed=7 nodes=3 loops=1 agents=2 calls=5 seconds=18
14.096s freeze database for 1.498s
15.278s empty database
16.398s empty database
