"""Floor 2: how this machine is, and what it remembers of its devices."""
