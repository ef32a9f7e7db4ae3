"""Who is told, by which address, and when it is tried again. Pure."""
