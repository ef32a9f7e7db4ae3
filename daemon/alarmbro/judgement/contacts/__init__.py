"""What the flicker of a contact's line means: presses, noise, a broken cable. Pure."""
