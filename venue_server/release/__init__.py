"""Timed unlock: schedule, arming by two people, headquarters' token, the offline code."""
