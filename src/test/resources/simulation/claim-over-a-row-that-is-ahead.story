# The clock steps back between two runs of a node. The rows of some agents are ahead of the node's epochs, and one new connection after the other takes a higher epoch.
life 1 seed=1510 nodes=1 loops=2 agents=15 calls=45 seconds=23
3.000s lose n1 for 1.164s
3.882s readonly database for 3.826s
4.285s vanish u/a6
14.538s kill n1 for 0.628s
16.221s vanish t/a5
17.384s kill n1 for 1.930s
20.862s kill n1 for 2.415s
21.465s backward database for 4.084s
