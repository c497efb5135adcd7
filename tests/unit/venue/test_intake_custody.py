"""Media, hand-over and the custody chain (D03-D06, D13, D19, D20): the rules, and their keeping."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.venue.intake_desk import KEEPER, OPERATOR, SUPERVISOR, TWO, Desk, code_of
from venue_server.intake import service
from venue_server.intake.custody.chain import (
    GRACE_MS,
    CustodyStep,
    GapKind,
    HandOver,
    Outsider,
    Step,
    gaps,
    may_hand_over,
)
from venue_server.intake.custody.media import FoundMedium, Medium, MediumKind, MediumState
from venue_server.wire.names import Mode, PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

MINUTE = 60_000
STICK = FoundMedium("dev:KS-0042/1234-ABCD", removable=True, disc=False)
DELIVERERS = (
    Outsider("张三", "市考试院", "1234"),
    Outsider("李四", "市考试院", "5678"),
)


def medium(desk: Desk, **change: Any) -> Medium:
    made = Medium(
        medium_id=STICK.medium_id,
        kind=MediumKind.USB,
        label="U-01",
        keeper=KEEPER,
        user=OPERATOR,
        valid_from_ms=desk.day.at(-90),
        valid_until_ms=desk.day.at(0),
        seal_no="S-7",
        quantity=1,
        state=MediumState.KEPT,
    )
    return replace(made, **change)


def note(**change: Any) -> CustodyStep:
    return replace(CustodyStep("", Step.HANDED_OUT, 0, (), supervisor=SUPERVISOR), **change)


@pytest.fixture
async def desk(
    tmp_path: Path, template: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """The medium folder lies on a stick that the system names."""
    made = Desk(tmp_path, template, kit.DAY)
    monkeypatch.setattr(service, "medium_of", lambda _folder: STICK)
    await made.plan()
    await made.begin()
    made.put(1, 2, 3)
    yield made
    made.store.close()


async def read(desk: Desk, agreed: str = "") -> object:
    return await desk.intake.import_folder(desk.medium, TWO, agreed)


# ---- media (D03, D04, D13) --------------------------------------------------------------------


async def test_d03_a_medium_is_read_by_its_user_in_its_time_while_handed_out(desk: Desk) -> None:
    custody = desk.custody
    assert code_of(await read(desk)) is RefusalCode.MEDIUM_UNREGISTERED
    assert code_of(await read(desk, "we know it")) is RefusalCode.MEDIUM_UNREGISTERED
    assert await custody.register(medium(desk), OPERATOR, SUPERVISOR) is None
    assert code_of(await read(desk)) is RefusalCode.MEDIUM_NOT_HANDED_OUT
    move = custody.move
    out = (STICK.medium_id, KEEPER, OPERATOR)
    wrong = await move(STICK.medium_id, SUPERVISOR, OPERATOR, False, note())
    assert code_of(wrong) is RefusalCode.MEDIUM_WRONG_PEOPLE
    assert code_of(await move(*out, True, note())) is RefusalCode.MEDIUM_WRONG_STATE
    assert code_of(await move("x", KEEPER, OPERATOR, False, note())) is (
        RefusalCode.CUSTODY_ITEM_UNKNOWN
    )
    assert code_of(await move(*out, False, note(supervisor="nobody"))) is RefusalCode.PERSON_UNKNOWN
    assert await move(*out, False, note()) is None
    assert code_of(await move(*out, False, note())) is RefusalCode.MEDIUM_WRONG_STATE
    at, desk.now_ms = desk.now_ms, desk.day.at(-90) - 1
    assert code_of(await read(desk)) is RefusalCode.MEDIUM_NOT_VALID
    desk.now_ms = at
    assert not isinstance(await read(desk), Refusal)
    assert desk.state() is PackageState.COMPLETE
    assert await move(*out, True, note()) is None
    assert code_of(await read(desk)) is RefusalCode.MEDIUM_NOT_HANDED_OUT
    codes = [each["code"] for each in desk.entries("medium.refused")]
    assert codes == ["MED-01", "MED-01", "MED-04", "MED-03", "MED-04"]
    assert [each["medium"] for each in desk.entries("medium.read")] == [STICK.medium_id]


async def test_d03_another_persons_medium_is_refused(desk: Desk) -> None:
    other = medium(desk, user="admin-b")
    assert await desk.custody.register(other, OPERATOR, SUPERVISOR) is None
    moved = await desk.custody.move(STICK.medium_id, "admin-b", KEEPER, False, note())
    assert moved is None
    assert code_of(await read(desk)) is RefusalCode.MEDIUM_NOT_YOURS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"medium_id": ""}, "RCP-10"),
        ({"medium_id": "dev:/"}, "RCP-10"),
        ({"label": " "}, "RCP-10"),
        ({"user": KEEPER}, "RCP-10"),
        ({"valid_until_ms": 5}, "RCP-10"),
        ({"quantity": 0}, "RCP-10"),
        ({"kind": MediumKind.DISC, "seal_no": ""}, "RCP-10"),
        ({"keeper": "nobody"}, "STF-08"),
        ({}, "MED-07"),
    ],
)
async def test_d04_d13_a_registration_that_lacks_something_is_refused(
    desk: Desk, change: dict[str, Any], code: str
) -> None:
    assert await desk.custody.register(medium(desk, medium_id="dev:1/2"), OPERATOR, "x") is None
    wanted = medium(desk, **change) if change else medium(desk, medium_id="dev:1/2")
    assert code_of(await desk.custody.register(wanted, OPERATOR, SUPERVISOR)).value == code


@pytest.mark.parametrize("mode", list(Mode))
async def test_d03_a_plain_folder_is_for_rehearsals_or_by_agreement(desk: Desk, mode: Mode) -> None:
    for found in (None, FoundMedium("dev:NVME/1", removable=False, disc=False)):
        alone = await desk.custody.may_read(found, OPERATOR, mode, agreed=False)
        assert (alone is None) == (mode is not Mode.LIVE)
        assert await desk.custody.may_read(found, OPERATOR, mode, agreed=True) is None


# ---- hand-over (D05) --------------------------------------------------------------------------


def handed(**change: Any) -> HandOver:
    made = HandOver(
        at_ms=0,
        kind="光盘",
        quantity=3,
        packaging="密封袋",
        seal_no="F-12",
        result="完好",
        items=(),
        deliverers=DELIVERERS,
        receivers=(OPERATOR, SUPERVISOR),
        receiver_names=("甲", "丙"),
    )
    return replace(made, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ""},
        {"packaging": " "},
        {"seal_no": ""},
        {"result": ""},
        {"quantity": 0},
        {"deliverers": DELIVERERS[:1]},
        {"deliverers": (DELIVERERS[0], DELIVERERS[0])},
        {"deliverers": (DELIVERERS[0], replace(DELIVERERS[0], unit="另一单位"))},
        {"deliverers": (DELIVERERS[0], replace(DELIVERERS[1], document_hint=""))},
        {"receivers": (OPERATOR,)},
        {"receivers": (OPERATOR, OPERATOR)},
        {"deliverers": (DELIVERERS[0], replace(DELIVERERS[1], name="甲"))},
    ],
)
def test_d05_a_hand_over_takes_two_and_two_and_everything_checked(change: dict[str, Any]) -> None:
    assert may_hand_over(handed()) is None
    refusal = may_hand_over(handed(**change))
    assert code_of(refusal) is RefusalCode.HAND_OVER_INVALID


async def test_d05_d13_a_hand_over_is_kept_and_begins_the_custody_of_its_items(desk: Desk) -> None:
    await desk.custody.register(medium(desk), OPERATOR, SUPERVISOR)
    unknown = await desk.custody.hand_over(handed(items=("nothing",)))
    assert code_of(unknown) is RefusalCode.CUSTODY_ITEM_UNKNOWN
    strange = await desk.custody.hand_over(handed(receivers=(OPERATOR, "nobody")))
    assert code_of(strange) is RefusalCode.PERSON_UNKNOWN
    done = await desk.custody.hand_over(handed(items=(STICK.medium_id,)))
    assert isinstance(done, str)
    (chain,) = desk.custody.chains(STICK.medium_id)  # type: ignore[misc]  # it is known
    assert [step.step for step in chain.steps] == [Step.HANDED_OVER]
    entry = desk.entries("custody.handed-over")[0]
    assert entry["receivers"] == [OPERATOR, SUPERVISOR]
    assert "1234" not in str(entry), "no number of a document in the ledger"


# ---- the chain (D06, D19, D20) ----------------------------------------------------------------


def step(kind: Step, at: int, *persons: str, until: int | None = None, **more: Any) -> CustodyStep:
    more.setdefault("supervisor", "s")
    return CustodyStep(
        "i", kind, at * MINUTE, persons, until_ms=None if until is None else until * MINUTE, **more
    )


def kinds(chain: list[CustodyStep], now: int, watched: bool = True) -> list[GapKind]:
    return [gap.kind for gap in gaps(chain, now * MINUTE, watched=watched)]


def test_d06_a_chain_watched_by_two_throughout_has_no_gap() -> None:
    chain = [
        step(Step.HANDED_OVER, 0, "a", "b"),
        step(Step.KEPT, 2, "c", "d", until=60),
        step(Step.KEPT, 58, "e", "f", until=200),
        step(Step.HANDED_OUT, 120, "u"),
        step(Step.RETURNED, 150, "k"),
        step(Step.KEPT, 153, "c", "d", until=300),
    ]
    assert kinds(chain, 299) == []
    assert kinds(chain, 310) == [GapKind.UNWATCHED]


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        ([step(Step.RECEIVED, 0)], [GapKind.NO_RESPONSIBLE]),
        ([step(Step.RECEIVED, 0, "a", supervisor="")], [GapKind.UNSUPERVISED]),
        ([step(Step.RECEIVED, 0, "a", supervisor="", camera="C3 10:02")], []),
        ([step(Step.KEPT, 0, "a", until=9)], [GapKind.ONE_KEEPER]),
        ([step(Step.KEPT, 0, "a", "a", until=9)], [GapKind.ONE_KEEPER]),
        ([step(Step.RETURNED, 0, "a")], [GapKind.OUT_OF_ORDER]),
        ([step(Step.HANDED_OUT, 0, "a"), step(Step.HANDED_OUT, 1, "a")], [GapKind.OUT_OF_ORDER]),
        ([step(Step.WIPED, 0, "a"), step(Step.KEPT, 1, "a", "b")], [GapKind.OUT_OF_ORDER]),
    ],
)
def test_d19_d20_each_fault_of_a_step_is_named(
    chain: list[CustodyStep], found: list[GapKind]
) -> None:
    assert kinds(chain, 3, watched=False) == found


@given(
    shifts=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 100)), max_size=8),
    out=st.one_of(st.none(), st.tuples(st.integers(1, 150), st.integers(1, 40))),
)
def test_d06_a_gap_is_told_exactly_where_no_shift_covers_more_than_the_grace(
    shifts: list[tuple[int, int]], out: tuple[int, int] | None
) -> None:
    """Against a count minute by minute."""
    now = 240
    chain = [step(Step.HANDED_OVER, 0, "a", "b")]
    chain += [step(Step.KEPT, at, "c", "d", until=at + long) for at, long in shifts]
    away: set[int] = set()
    if out is not None:
        chain += [step(Step.HANDED_OUT, out[0], "u"), step(Step.RETURNED, sum(out), "k")]
        away = set(range(out[0], sum(out)))
        # Nobody keeps what is handed out: such a shift is a fault of its own, not of cover.
        chain = [s for s in chain if s.step is not Step.KEPT or s.at_ms // MINUTE not in away]
    covered = {
        minute
        for s in chain
        if s.step is Step.KEPT and s.until_ms
        for minute in range(s.at_ms // MINUTE, s.until_ms // MINUTE)
    }
    bare: list[set[int]] = [set()]
    for minute in range(now):
        if minute in covered or minute in away:
            bare.append(set())
        else:
            bare[-1].add(minute)
    expected = [(min(run), max(run) + 1) for run in bare if len(run) * MINUTE > GRACE_MS]
    found = [
        (gap.at_ms // MINUTE, gap.until_ms // MINUTE)
        for gap in gaps(chain, now * MINUTE, watched=True)
        if gap.kind is GapKind.UNWATCHED
    ]
    assert found == expected


async def test_d06_a_medium_that_nobody_watches_is_an_alarm_until_somebody_does(
    desk: Desk,
) -> None:
    await desk.custody.register(medium(desk), OPERATOR, SUPERVISOR)
    desk.now_ms += 60 * MINUTE
    assert desk.custody.unwatched() == [], "it never carried a paper"
    await desk.custody.hand_over(handed(items=(STICK.medium_id,)))
    assert desk.custody.unwatched() == []
    desk.now_ms += GRACE_MS + 1
    assert "U-01" in desk.custody.unwatched()[0].args["media"]
    shift = CustodyStep(
        STICK.medium_id,
        Step.KEPT,
        0,
        (OPERATOR, KEEPER),
        place="保密室",
        until_ms=desk.now_ms + 60 * MINUTE,
    )
    assert await desk.custody.keep(shift) is None
    assert desk.custody.unwatched() == []
    desk.now_ms += 60 * MINUTE + GRACE_MS + 1
    assert "U-01" in desk.custody.unwatched()[0].args["media"]


async def test_d06_keepers_are_two_at_a_place_for_a_time(desk: Desk) -> None:
    await desk.custody.register(medium(desk), OPERATOR, SUPERVISOR)
    shift = CustodyStep(
        STICK.medium_id,
        Step.KEPT,
        0,
        (OPERATOR, KEEPER),
        supervisor=SUPERVISOR,
        place="保密室",
        until_ms=desk.now_ms + 60 * MINUTE,
    )
    bad: list[tuple[dict[str, Any], RefusalCode]] = [
        ({"persons": (OPERATOR, OPERATOR)}, RefusalCode.CUSTODY_STEP_INVALID),
        ({"place": ""}, RefusalCode.CUSTODY_STEP_INVALID),
        ({"until_ms": desk.now_ms}, RefusalCode.CUSTODY_STEP_INVALID),
        ({"until_ms": desk.now_ms + 25 * 60 * MINUTE}, RefusalCode.CUSTODY_STEP_INVALID),
        ({"supervisor": KEEPER}, RefusalCode.CUSTODY_STEP_INVALID),
        ({"supervisor": "nobody"}, RefusalCode.PERSON_UNKNOWN),
        ({"item_id": "nothing"}, RefusalCode.CUSTODY_ITEM_UNKNOWN),
    ]
    for change, code in bad:
        assert code_of(await desk.custody.keep(replace(shift, **change))) is code, change
    assert await desk.custody.keep(shift) is None
    await desk.custody.move(STICK.medium_id, KEEPER, OPERATOR, False, note())
    assert code_of(await desk.custody.keep(shift)) is RefusalCode.CUSTODY_STEP_INVALID
    (chain,) = desk.custody.chains()  # type: ignore[misc]  # never refused without an item
    assert [s.step for s in chain.steps] == [Step.KEPT, Step.HANDED_OUT]
    assert code_of(desk.custody.chains("nothing")) is RefusalCode.CUSTODY_ITEM_UNKNOWN


async def test_d19_a_received_package_has_its_responsible_person_and_supervisor(
    desk: Desk,
) -> None:
    await desk.custody.register(medium(desk), OPERATOR, SUPERVISOR)
    await desk.custody.move(STICK.medium_id, KEEPER, OPERATOR, False, note())
    await desk.take()
    package = desk.sound_manifest().package_id
    (chain,) = desk.custody.chains(package)  # type: ignore[misc]  # it is known
    ((received,), found) = chain.steps, chain.gaps
    assert (received.step, received.persons, received.supervisor) == (
        Step.RECEIVED,
        (OPERATOR,),
        SUPERVISOR,
    )
    assert found == []
