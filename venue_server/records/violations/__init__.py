"""Violations and observations: facts and signatures, never a judgement (V01-V09)."""
