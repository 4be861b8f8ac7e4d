# The tables go while a node that has just started makes them. Its next try finds the later files unapplied, and the table that they change is gone (rule 5).
life 1 seed=3241 nodes=1 loops=1 agents=2 calls=44 seconds=20
3.000s lose n1 for 0.640s
4.685s kill n1 for 4.796s
6.103s kill n1 for 2.276s
16.005s lose n1 for 0.309s
17.157s empty database
17.169s lose n1 for 1.406s
18.299s empty database
