"""What a station needs to show a paper, in numbers: for the dry check before the day."""

from collections.abc import Iterator
from math import ceil

from venue_server.headquarters.media_store import MediaFile
from venue_server.vault.manifest import Budget


class SizeCounter:
    """Passes pieces on and counts their bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            yield piece


def paper_budget(plain_size: int, items: int, media: list[MediaFile]) -> Budget:
    """The budget of a paper of ``plain_size`` bytes."""
    sizes = [file.size for file in media]
    return Budget(
        plain_size,
        items,
        len(media),
        sum(sizes),
        max(sizes, default=0),
        _seconds(media, "video"),
        _seconds(media, "audio"),
    )


def _seconds(media: list[MediaFile], kind: str) -> int | None:
    """Of all files of one kind; None when one of them does not say."""
    total = 0.0
    for file in media:
        if file.type.kind == kind:
            if file.seconds is None:
                return None
            total += file.seconds
    return ceil(total)
