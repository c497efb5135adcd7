"""What headquarters' line brings besides time and tokens: signed notices and orders (F14, I03)."""
