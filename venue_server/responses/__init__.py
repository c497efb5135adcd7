"""Answers come back: the second copy, acceptance, group commit, keys at rest."""
