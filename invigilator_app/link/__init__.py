"""The console's line to the venue server: the client library on a loop of its own, met by one
bridge of Qt signals."""
