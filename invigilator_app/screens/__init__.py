"""The console's windows. They render frozen values and emit orders; they decide nothing."""
