"""Commands for who writes the configuration: they contact nobody."""
