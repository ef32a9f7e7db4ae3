"""The processes of the demonstration, their folder and their end."""
