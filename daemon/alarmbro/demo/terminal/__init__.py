"""What the demonstration says on a terminal, and what is typed there."""
