"""Branches of one sitting's answers: rules, table, merging; journals copied from dead stations."""
