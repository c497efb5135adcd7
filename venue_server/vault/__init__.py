"""Sealed papers at rest: the format of manifest and fragments, key shares, release secret.

Everything here decides over bytes; it is what a second implementation would write from
docs/sealed-paper.md. Headquarters' sealing tool and the venue's intake use the same rules.
"""
