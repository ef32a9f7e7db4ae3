"""What lies on the deciding thread's desk: what comes in, how it is recorded, with what it works."""
