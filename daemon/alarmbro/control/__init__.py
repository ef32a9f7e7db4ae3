"""The control socket: how the command line (and later the page) asks the daemon. One JSON line there, one back."""
