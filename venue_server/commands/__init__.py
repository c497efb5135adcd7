"""The command line of the venue server, one module a family of commands."""
