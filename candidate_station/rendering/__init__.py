"""Draws prepared items in the one QtWebEngine view of the station (``ItemView``).

``prepare_environment`` must run before the QApplication exists.
"""
