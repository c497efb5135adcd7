"""Headquarters' correction notices at this venue (F14)."""
