"""Between the session driver, which lives on an asyncio loop, and Qt, which lives on its own."""
