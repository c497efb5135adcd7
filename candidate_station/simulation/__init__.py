"""Simulated candidates before real stations without a window, for rehearsals and load tests."""
