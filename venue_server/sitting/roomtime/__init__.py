"""The time of rooms as people order it: held, started, suspended, resumed, extended."""
