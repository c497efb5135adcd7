"""Ending a connection at once, whatever was done to it before."""

import asyncio
from contextlib import suppress


def abort(transport: asyncio.WriteTransport) -> None:
    """Nothing more is sent, and nobody's goodbye is waited for.

    asyncio's TLS transport lets go of its protocol when it is closed twice: it cannot be aborted
    any more, and ends when TLS gives the peer up. That of Python 3.11.2 (Debian 12) raises
    AttributeError then. The server itself runs on uvloop, which does not let go.
    """
    with suppress(AttributeError):
        transport.abort()
