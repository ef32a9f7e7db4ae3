"""Where a page gets what it shows: the daemon, the configuration, the record."""
