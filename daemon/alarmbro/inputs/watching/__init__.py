"""A second connection to the broker, for what no alarm needs: Home Assistant, and the machines of other sites."""
