"""Floor 3: the page that coordinators and responders use, a process of its own.

It asks the daemon over the control socket, reads the journal and never writes it, and writes no file while it serves.
The daemon imports nothing of it: it may hang, crash or be flooded, and no press notices.
"""
