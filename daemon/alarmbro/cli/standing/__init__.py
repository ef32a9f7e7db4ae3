"""How things stand, in lines and on a screen."""
