"""Station swaps (换机): rules, table and order."""
