# The statements on calls wait, and then go on in another order. A key of a call that was not sent must be free (rule 5).
life 1 seed=17 nodes=3 loops=2 agents=8 calls=40 seconds=15
4.000s lock calls for 2.000s
8.000s lock calls for 1.500s
