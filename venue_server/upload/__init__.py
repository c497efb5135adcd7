"""Stage 7: the sealed bundle, its outbox, the designated server, receipts and wiping."""
