"""How an alarm goes on: the next step, what an answer changes, what its end still wants. Pure."""
