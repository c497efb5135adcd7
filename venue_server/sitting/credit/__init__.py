"""Personal time and personal exceptions: lost time, 补时, reopening, special exits, breaks."""
