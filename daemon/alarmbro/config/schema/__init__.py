"""The words of the file: which keys there are, of which type, and their JSON Schema for editors."""
