"""What one part of the file says about another, and about the world: each check adds its findings."""
