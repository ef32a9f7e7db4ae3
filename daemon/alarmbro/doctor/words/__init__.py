"""From what was found to what a technician reads, Danish and English."""
