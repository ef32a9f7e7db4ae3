"""Those who ask: over the control socket and by MQTT commands."""
