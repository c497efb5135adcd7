"""The LAN door: listener, certificate to identity, a desk for stations and one for consoles."""
