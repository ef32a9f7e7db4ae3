"""What Home Assistant is told of sites and devices, as data. Pure."""
