"""Floor 3: the one door (`intake`), the turn that decides, and the threads that send what it decided."""
