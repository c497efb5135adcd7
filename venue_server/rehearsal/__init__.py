"""A whole sitting on one machine, with every real part: ``venue-server rehearse``."""
