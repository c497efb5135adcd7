"""Ending a connection at once, whatever was done to it before."""

import asyncio
from contextlib import suppress


def abort(transport: asyncio.WriteTransport) -> None:
    """Nothing more is sent, and nobody's goodbye is waited for.

    A TLS transport that was closed twice has let go of its protocol and needs nothing; asyncio of
    Python 3.11.2 (Debian 12) then raises AttributeError, uvloop and later ones do not.
    """
    with suppress(AttributeError):
        transport.abort()
