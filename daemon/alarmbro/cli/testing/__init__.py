"""Commands of the yearly test, and its paper."""
