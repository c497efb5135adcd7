"""What the venue states about a session: reconciliation, room record, signatures, statistics."""
