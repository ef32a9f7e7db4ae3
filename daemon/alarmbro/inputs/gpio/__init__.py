"""Buttons and keys that are wired to the machine's own pins."""
