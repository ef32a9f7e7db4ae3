"""Floor 2: the report of the yearly test. Reads records that it is handed; gives text or bytes; touches nothing."""
