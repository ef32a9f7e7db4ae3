"""What watches without being needed for an alarm: this machine, its targets, other machines, its numbers."""
