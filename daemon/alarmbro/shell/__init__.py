"""Floor 3: the one door (`listening.intake`), the turn that decides (`deciding`), the threads that send (`telling`)."""
