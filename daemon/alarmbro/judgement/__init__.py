"""Floor 1: what follows from what. Pure: the present is an argument; nothing here waits, logs, rolls dice or fails."""
