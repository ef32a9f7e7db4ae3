"""The journal's one writer, in its own thread, and all that happens there."""
