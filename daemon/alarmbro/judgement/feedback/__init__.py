"""What the one who pressed is shown of the alarm, and how a light says it. Pure."""
