"""Commands that read the record, copy it and give it to others."""
