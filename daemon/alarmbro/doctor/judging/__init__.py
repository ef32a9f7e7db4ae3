"""What is to be said of the facts: one judge for each thing that is looked at. Pure."""
