"""What is known of each device and target, and what of it is a fault. Pure: `now` is an argument."""
