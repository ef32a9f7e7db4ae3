"""Floor 1: the yearly test. What is a test, what a device's verdict is, when a round ends, who is due."""
