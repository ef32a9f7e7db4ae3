"""What an address is and what it can say: placeholders, pins of relays, links to answer by. Pure."""
