"""What is wrong or doubtful, with its place and the nearest right name."""
