"""Who, where, when: the signed plan, the roster, admission, closed-room policy, sittings."""
