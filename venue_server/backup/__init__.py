"""Stage 6: the second copy on other media, read back and proved before anything else may happen."""
