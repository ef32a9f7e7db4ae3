"""Makes of devices whose topics and payloads are known, each a file here, and how those files are read."""
