"""The invigilators' console: rooms, release ceremony, end of the sitting, administration."""

VERSION = "0.1.0"  # a test keeps it equal to pyproject.toml
