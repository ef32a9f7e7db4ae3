"""Where things stand, for those who look: topics, lights, Home Assistant, the answer to `status`."""
