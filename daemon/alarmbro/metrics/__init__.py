"""Floor 2: what happens and how things stand, in numbers, for Prometheus. No alarm needs any of it."""
