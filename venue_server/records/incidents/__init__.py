"""Incidents: entries appended, what they add up to, which open by themselves (I01-I13)."""
