"""Trusted time: what is measured, what follows from it, what it allows. Drives nothing itself."""
