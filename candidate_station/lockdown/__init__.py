"""Locks the desktop to the station's window, and gives it back.

Steps that can be undone, the undo written down first; observations, never verdicts (V09). What the
operating system must do (a kiosk session in which nothing else can start) is packaging's part.
"""
