"""What is known of each device, target and machine, and what of it is a fault. Pure: `now` is an argument."""
