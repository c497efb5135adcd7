"""SQL of correction notices: the documents, their publication, who read them. All append-only."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from venue_server.storage.schema import notice, notice_publication, notice_read


@dataclass(frozen=True)
class KeptNotice:
    """A notice as stored; ``document`` is the signed file, its text sealed. ``published_at_ms`` is
    0 while it is only held."""

    paper_id: str
    sequence: int
    document: str
    imported_at_ms: int
    imported_by: str
    published_at_ms: int = 0
    published_by: str = ""

    def __repr__(self) -> str:
        return f"KeptNotice({self.paper_id} {self.sequence})"


@dataclass(frozen=True)
class Read:
    """One candidate acknowledged one notice; ``at_ms`` is the station's exam time."""

    sitting_id: str
    paper_id: str
    sequence: int
    at_ms: int


def notices(tx: Connection) -> list[KeptNotice]:
    """Every notice, by paper and sequence."""
    joined = notice.outerjoin(
        notice_publication,
        (notice.c.paper_id == notice_publication.c.paper_id)
        & (notice.c.sequence == notice_publication.c.sequence),
    )
    query = (
        select(notice, notice_publication.c.published_at_ms, notice_publication.c.published_by)
        .select_from(joined)
        .order_by(notice.c.paper_id, notice.c.sequence)
    )
    return [
        KeptNotice(
            row.paper_id,
            row.sequence,
            row.document,
            row.imported_at_ms,
            row.imported_by,
            row.published_at_ms or 0,
            row.published_by or "",
        )
        for row in tx.execute(query)
    ]


def insert(tx: Connection, kept: KeptNotice) -> None:
    """Keep a notice; the caller saw that its number is new."""
    tx.execute(
        notice.insert().values(
            paper_id=kept.paper_id,
            sequence=kept.sequence,
            document=kept.document,
            imported_at_ms=kept.imported_at_ms,
            imported_by=kept.imported_by,
        )
    )


def publish(tx: Connection, paper_id: str, sequence: int, at_ms: int, persons: str) -> None:
    """Note the publication; the caller saw that there was none."""
    tx.execute(
        notice_publication.insert().values(
            paper_id=paper_id, sequence=sequence, published_at_ms=at_ms, published_by=persons
        )
    )


def reads(tx: Connection) -> list[Read]:
    """Every acknowledgement."""
    return [
        Read(row.sitting_id, row.paper_id, row.sequence, row.at_ms)
        for row in tx.execute(select(notice_read))
    ]


def insert_read(tx: Connection, read: Read) -> bool:
    """Note an acknowledgement; False when it was noted before."""
    place = {
        "sitting_id": read.sitting_id,
        "paper_id": read.paper_id,
        "sequence": read.sequence,
    }
    if tx.execute(select(notice_read.c.at_ms).filter_by(**place)).first() is not None:
        return False
    tx.execute(notice_read.insert().values(**place, at_ms=read.at_ms))
    return True
