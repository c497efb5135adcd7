"""The venue's ledger: an append-only hash chain every stage writes to, and its verifier."""
