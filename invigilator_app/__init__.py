"""The invigilators' console: rooms, release ceremony, end of the sitting, administration."""
