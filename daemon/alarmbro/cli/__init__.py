"""Floor 4: what people type. Every command that reads takes `--json`; errors go to stderr and say what to do.

Exit codes: 0 done; 1 it ran and the answer is no; 2 the words or the configuration are wrong; 3 the daemon could not
be reached. What a command needs is imported inside it, so that `--help` is quick on a Pi.
"""
