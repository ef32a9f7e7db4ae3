"""What the messages of devices mean. Pure: what is remembered from one message to the next is handed in."""
