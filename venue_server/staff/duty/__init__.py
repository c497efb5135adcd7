"""Who does what today: rooms drawn, recusals, delegated posts."""
