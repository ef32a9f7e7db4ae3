"""What a press is: a new alarm, one more press of an open one, or a device's test. Pure."""
