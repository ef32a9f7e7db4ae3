"""Where presses come in: GPIO pins and MQTT. Each listener has its own threads and knows only the door."""
