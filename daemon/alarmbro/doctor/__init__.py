"""The doctor: tries everything that alarmbro needs on this machine, and says what is wrong and what to do about it.

What was found (`findings`) is judged from facts by `judging`, which touches nothing; the facts come from `trying`,
which touches the world. `visit` puts both together, `examining` gives each examination its time.
"""
