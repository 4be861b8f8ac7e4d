# The database's clock steps back, and the node starts again while the database takes no writes.
life 1 seed=308 nodes=1 loops=1 agents=5 calls=2 seconds=22
10.726s hangup t/a1
15.149s backward database for 5.605s
15.206s kill n1 for 0.422s
15.564s readonly database for 3.106s
