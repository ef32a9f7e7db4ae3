"""How single values of the file are read: names, durations, addresses, paths into payloads."""
