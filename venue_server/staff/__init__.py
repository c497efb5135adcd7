"""Accounts, roles, room scope and the two-person rule."""
