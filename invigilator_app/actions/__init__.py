"""What may be ordered from a console, by whom and when; and the orders themselves. No Qt."""
