"""Sealed bundles by hand while the line to the designated server stays down (F18, L09)."""
