"""Tools that the plan may switch on at the candidate's screen (H05). No Qt here."""
