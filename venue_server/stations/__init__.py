"""Machines at seats and consoles: venue CA, enrolment, presence, delivery of papers and keys."""
