"""Kept about a room's door: doubts, corrections asked for, items, visitors (A09, F04, F09, F14)."""
