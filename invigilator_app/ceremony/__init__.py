"""The release ceremony: go/no-go, two people arm, countdown, what opened; and the offline code.

No Qt here; the screens are in screens/ceremony_page.py and screens/code_page.py.
"""
