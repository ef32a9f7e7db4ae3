"""Floor 2: one message to one URL. Nothing here decides who is told, or when it is tried again."""
