"""What headquarters ordered about a whole session: cancelled, run again, continued later."""
