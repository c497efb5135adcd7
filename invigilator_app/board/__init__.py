"""The venue and its rooms as seen now, folded from the server's messages. No Qt, no I/O."""
