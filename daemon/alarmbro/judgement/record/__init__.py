"""How records are chained, and what they fold to: open alarms, faults and test rounds. Pure."""
