"""Reading the record: by pages, into a proven export, or for a start."""
