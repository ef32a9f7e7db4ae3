"""What the one who pressed is shown at the site: lights, and never a sound."""
