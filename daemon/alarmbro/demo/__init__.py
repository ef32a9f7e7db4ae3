"""`alarmbro demo`: the whole system on one machine, with nothing attached and nobody told.

The daemon is the real one, in a process of its own; here are what stands around it: a broker, receivers, a folder, a
keyboard and a view.
"""
