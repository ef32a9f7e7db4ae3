"""The journal's file: its layout, rows and settings, its lock, and how it is damaged."""
