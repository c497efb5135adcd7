"""The venue server's client library: one for the station, the console, the simulator, the tests.

No Qt, no thread, no global state; everything runs on the caller's asyncio loop (uvloop or the
stock one). docs/protocol.md is the protocol, docs/states/link.md the link's states.
"""
