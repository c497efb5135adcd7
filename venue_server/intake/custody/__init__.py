"""Custody: registered media, hand-overs, and who had what where (D03-D06, D13, D19, D20)."""
