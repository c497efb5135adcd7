"""The duty book: who came and left, shifts, overrides of duty hours. Append-only."""
