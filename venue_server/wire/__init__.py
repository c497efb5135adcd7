"""What crosses the LAN: names, messages, codec, refusals, signed documents. A leaf."""
