"""Accounts and signing in: weak passwords, lock-out, no enumeration, the second person."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from venue_server.ledger.book import Ledger
from venue_server.staff import passwords
from venue_server.staff.lockout import Attempts
from venue_server.staff.passwords import HashCost
from venue_server.staff.person import Person
from venue_server.staff.service import StaffService
from venue_server.storage import schema
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.wire.frames import Second
from venue_server.wire.names import Role
from venue_server.wire.refusals import Refusal, RefusalCode

PASSWORD = "correct horse 01"
EXAM = 1_790_000_000_000
REAL = 1_700_000_000_000
CHEAP = HashCost(1, 8, 1)


class Venue:
    """A staff service over a store file; ``real`` is the clock of lock-outs."""

    def __init__(self, folder: Path) -> None:
        engine = open_engine(folder / "venue.db")
        migrate(engine)
        self.real = REAL
        self.store = Store(engine)
        ledger = Ledger(self.store, [folder / "ledger.jsonl"], lambda: EXAM)
        self.staff = StaffService(self.store, ledger, lambda: EXAM, lambda: self.real, CHEAP)

    def events(self) -> list[dict[str, Any]]:
        rows = self.store.read(lambda tx: tx.execute(select(schema.ledger.c.line)).all())
        return [json.loads(row.line) for row in rows]

    async def add(self, person_id: str, *roles: Role, **changes: Any) -> Person | Refusal:
        values = {"rooms": (), "password": PASSWORD, **changes}
        return await self.staff.add(person_id, f"姓名{person_id}", roles, **values)


@pytest.fixture
def make_venue(tmp_path: Path) -> Iterator[Callable[[], Venue]]:
    opened: list[Venue] = []

    def make() -> Venue:
        for venue in opened:
            venue.store.close()
        opened[:] = [Venue(tmp_path)]
        return opened[0]

    yield make
    for venue in opened:
        venue.store.close()


@pytest.fixture
async def venue(make_venue: Callable[[], Venue]) -> Venue:
    one = make_venue()
    await one.add("chief", Role.CHIEF)
    await one.add("admin", Role.SYSADMIN)
    await one.add("inv", Role.INVIGILATOR, rooms=("R2", "R1"))
    return one


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


async def fail(venue: Venue, person_id: str, times: int) -> list[RefusalCode | None]:
    return [code(await venue.staff.sign_in(person_id, "wrong password")) for _ in range(times)]


# ---- accounts ----------------------------------------------------------------------------


async def test_an_account_is_kept_without_its_password(venue: Venue, tmp_path: Path) -> None:
    person = venue.staff.person("inv")
    assert person == Person(
        "inv", "姓名inv", frozenset({Role.INVIGILATOR}), frozenset({"R1", "R2"}), 0
    )
    assert [one.person_id for one in venue.staff.people()] == ["admin", "chief", "inv"]
    assert venue.staff.person("nobody") is None
    stored = venue.store.read(lambda tx: tx.execute(select(schema.staff.c.password_hash)).scalars())
    assert all(text.startswith("$argon2id$") for text in stored.all())
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    assert PASSWORD.encode() not in files


@pytest.mark.parametrize("weak", ["", "elevenchars", "十一个字符的密码不够长"])
async def test_a_password_needs_twelve_characters(venue: Venue, weak: str) -> None:
    answer = await venue.add("new", Role.ROVING, password=weak)
    assert code(answer) is RefusalCode.PASSWORD_TOO_WEAK
    assert venue.staff.person("new") is None


async def test_a01_a_second_chief_is_refused(venue: Venue) -> None:
    answer = await venue.add("chief2", Role.CHIEF, Role.DEPUTY)
    assert answer == Refusal(RefusalCode.ROLE_NOT_ALLOWED, "CHIEF")


async def test_ids_are_unique_and_everyone_has_a_role(venue: Venue) -> None:
    assert code(await venue.add("inv", Role.ROVING)) is RefusalCode.PERSON_EXISTS
    assert code(await venue.add("none")) is RefusalCode.ROLE_NOT_ALLOWED
    assert venue.staff.person("inv").roles == {Role.INVIGILATOR}  # type: ignore[union-attr]


# ---- signing in --------------------------------------------------------------------------


async def test_signing_in_and_out_is_recorded(venue: Venue) -> None:
    person = await venue.staff.sign_in("inv", PASSWORD, "console-1")
    assert isinstance(person, Person)
    assert [one.person_id for one in venue.staff.signed_in(EXAM)] == ["inv"]
    assert venue.staff.signed_in(EXAM + 1) == []
    await venue.staff.sign_out("inv")
    await venue.staff.sign_out("inv")
    await venue.staff.sign_out("nobody")
    assert venue.staff.signed_in(0) == []
    told = [(one["event"], one["actor"], one["data"]) for one in venue.events()[3:]]
    assert told == [
        ("staff.signed-in", "inv", {"where": "console-1"}),
        ("staff.signed-out", "inv", {}),
    ]


async def test_the_same_password_in_another_unicode_form_fits(venue: Venue) -> None:
    await venue.add("fr", Role.ROVING, password="motdepass\u00e91234")
    assert isinstance(await venue.staff.sign_in("fr", "motdepasse\u03011234"), Person)


async def test_unknown_people_get_the_same_answers_and_the_same_work(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    original = passwords.PasswordHasher.verify

    def counting(self: Any, stored: str, given: str) -> bool:
        checked.append(stored.split("$")[3])
        return original(self, stored, given)

    monkeypatch.setattr(passwords.PasswordHasher, "verify", counting)
    known, unknown = await fail(venue, "inv", 7), await fail(venue, "stranger", 7)
    assert known == unknown
    assert known == [RefusalCode.SIGN_IN_FAILED] * 5 + [RefusalCode.SIGN_IN_LOCKED] * 2
    assert checked[:5] == checked[5:] == ["m=8,t=1,p=1"] * 5


async def test_an_unknown_id_is_not_written_down(venue: Venue) -> None:
    await venue.staff.sign_in("my-password-by-mistake", "x")
    last = venue.events()[-1]
    assert (last["event"], last["actor"]) == ("staff.sign-in-refused", "")
    assert "by-mistake" not in json.dumps(venue.events())


async def test_no_password_is_ever_written_down(venue: Venue) -> None:
    await venue.staff.sign_in("inv", "a wrong secret here")
    await venue.staff.sign_in("inv", PASSWORD)
    text = json.dumps(venue.events())
    assert "wrong secret" not in text
    assert PASSWORD not in text


async def test_five_failures_lock_for_five_real_minutes(venue: Venue) -> None:
    await fail(venue, "inv", 5)
    assert code(await venue.staff.sign_in("inv", PASSWORD)) is RefusalCode.SIGN_IN_LOCKED
    venue.real += 300_000 - 1
    assert code(await venue.staff.sign_in("inv", PASSWORD)) is RefusalCode.SIGN_IN_LOCKED
    venue.real += 1
    assert isinstance(await venue.staff.sign_in("inv", PASSWORD), Person)


async def test_a_right_password_starts_the_count_again(venue: Venue) -> None:
    for _ in range(3):
        await fail(venue, "inv", 4)
        assert isinstance(await venue.staff.sign_in("inv", PASSWORD), Person)


async def test_a_lock_survives_a_restart(make_venue: Callable[[], Venue], venue: Venue) -> None:
    await fail(venue, "inv", 5)
    again = make_venue()
    assert code(await again.staff.sign_in("inv", PASSWORD)) is RefusalCode.SIGN_IN_LOCKED
    again.real += 300_000
    assert isinstance(await again.staff.sign_in("inv", PASSWORD), Person)


async def test_failures_survive_a_restart_too(
    make_venue: Callable[[], Venue], venue: Venue
) -> None:
    await fail(venue, "inv", 4)
    again = make_venue()
    assert await fail(again, "inv", 2) == [RefusalCode.SIGN_IN_FAILED, RefusalCode.SIGN_IN_LOCKED]


async def test_a_hundred_guesses_at_once_count_as_a_hundred(venue: Venue) -> None:
    guesses = [venue.staff.sign_in("inv", f"guess number {n:03}") for n in range(60)]
    answers = await asyncio.gather(*guesses, venue.staff.sign_in("inv", PASSWORD))
    codes = [code(answer) for answer in answers]
    assert codes.count(RefusalCode.SIGN_IN_FAILED) <= 5
    # The right one among them tells nothing: it was the sixth or later.
    assert codes[-1] is RefusalCode.SIGN_IN_LOCKED


async def test_one_persons_lock_is_nobody_elses(venue: Venue) -> None:
    await fail(venue, "inv", 5)
    assert isinstance(await venue.staff.sign_in("chief", PASSWORD), Person)


async def test_strangers_cannot_fill_the_memory(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("venue_server.staff.service._STRANGERS_KEPT", 3)
    for n in range(6):
        await venue.staff.sign_in(f"stranger-{n}", "x")
    assert len(venue.staff._strangers) == 3


async def test_a_spoiled_hash_fits_nothing(venue: Venue) -> None:
    await venue.store.write(
        lambda tx: tx.execute(schema.staff.update().values(password_hash="spoiled"))
    )
    assert code(await venue.staff.sign_in("inv", PASSWORD)) is RefusalCode.SIGN_IN_FAILED


def test_the_lock_is_half_open() -> None:
    attempts = Attempts(4, 0).after_failure(1000)
    assert attempts == Attempts(0, 301_000)
    assert attempts.is_locked(300_999)
    assert [attempts.left_s(now) for now in (1_000, 1_001, 300_999, 301_000)] == [300, 300, 1, 0]
    assert not attempts.is_locked(301_000)
    assert Attempts().after_failure(1000) == Attempts(1, 0)


# ---- the second person -------------------------------------------------------------------


async def test_d07_the_second_person_signs_at_the_same_console(venue: Venue) -> None:
    chief = venue.staff.person("chief")
    assert chief is not None

    async def second(person_id: str, password: str = PASSWORD) -> Person | Refusal:
        return await venue.staff.authenticate_second(
            chief, Second(person_id, password), "ArmRelease"
        )

    assert isinstance(await second("admin"), Person)
    assert code(await second("chief")) is RefusalCode.SAME_PERSON
    assert code(await second("inv")) is RefusalCode.ROLE_NOT_ALLOWED
    assert code(await second("admin", "wrong password")) is RefusalCode.SIGN_IN_FAILED
    assert code(await second("nobody")) is RefusalCode.SIGN_IN_FAILED
    assert venue.staff.signed_in(0) == []


async def test_d07_guessing_as_the_second_person_locks_the_account_too(venue: Venue) -> None:
    chief = venue.staff.person("chief")
    assert chief is not None
    for _ in range(5):
        await venue.staff.authenticate_second(chief, Second("admin", "guess"), "ArmRelease")
    assert code(await venue.staff.sign_in("admin", PASSWORD)) is RefusalCode.SIGN_IN_LOCKED
