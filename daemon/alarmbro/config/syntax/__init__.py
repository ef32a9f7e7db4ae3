"""The file as text: YAML read so that everything keeps its place, and what is wrong with it in plain words."""
