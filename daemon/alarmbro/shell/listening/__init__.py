"""All that comes in: the one door, those who listen, who sees that they live, another configuration."""
