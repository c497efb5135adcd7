"""F6, D18: headquarters' mirror breaks off, lies, or is not there; nothing is fetched twice."""

import asyncio
import errno
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from tests.faults.intake.mirror import FaultyMirror, Sent, mirroring
from tests.journeys.venue.venue_machines import patiently
from tests.unit.venue.intake_desk import TWO, Desk, code_of
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import init_headquarters, load_headquarters
from venue_server.headquarters.service_papers import publish_package
from venue_server.intake import fetching, incoming, mirror_io
from venue_server.intake.fetching import Mirror
from venue_server.intake.pieces import PieceFile, wanting
from venue_server.intake.rules import concerns
from venue_server.intake.service import ImportReport
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import RefusalCode


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses grow in real life; here they only let others run."""

    async def pause(_failures: int) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(fetching, "_pause", pause)
    monkeypatch.setattr(fetching, "RUN_BYTES", 8 * 1024)


@pytest.fixture
async def mirror(desk: Desk, small: Path) -> AsyncIterator[FaultyMirror]:
    made = FaultyMirror(small, desk.sound_manifest().package_id)
    async with mirroring(made, desk.keys) as address:
        desk.intake._mirrors = [address]
        yield made


async def fetched(desk: Desk) -> ImportReport:
    done = await desk.intake.fetch(TWO)
    assert isinstance(done, ImportReport), done
    return done


async def test_d18_the_stand_in_headquarters_serves_what_a_venue_needs(
    desk: Desk, small: Path, tmp_path: Path
) -> None:
    data = tmp_path / "hq"
    shutil.copytree(desk.template.folder / "headquarters", data)
    assert publish_package(data, small) == desk.sound_manifest().package_id
    with pytest.raises(FileExistsError):
        publish_package(data, small)
    keys = load_headquarters(data)
    async with serving(keys, HeadquartersClock(1.0, desk.now_ms)) as port:
        desk.intake._mirrors = [Mirror(f"https://127.0.0.1:{port}", keys.certificate_pem)]
        report = await fetched(desk)
        assert (report.state, len(report.have)) == (PackageState.COMPLETE, 3)
        line = mirror_io.MirrorLine(f"https://127.0.0.1:{port}", keys.certificate_pem)
        async with line:
            assert await line.packages("another-venue") == []
            for path in ("/packages/..%2Fkeys/manifest.json", "/packages/x/fragments/99"):
                with pytest.raises(mirror_io.MirrorFault, match="404"):
                    await line._whole(path, 100)
    assert [e["code"] for e in desk.entries("paper.fetch-ended")] == [""]


async def test_d18_a_medium_and_the_mirror_fill_one_package_and_only_gaps_are_fetched(
    desk: Desk, mirror: FaultyMirror
) -> None:
    desk.put(1, 2, 3)
    desk.damage(2, 4)
    desk.damage(3, 1, 2, 9)
    await desk.take()
    report = await fetched(desk)
    assert report.state is PackageState.COMPLETE
    block = desk.sound_manifest().block_size
    assert [n for n, _begin, _end in mirror.asked] == [2, 3, 3], "the one that lacks least first"
    assert mirror.bytes_asked() == 4 * block
    assert report.have == [1, 2, 3]


async def test_f6_a_line_that_breaks_again_and_again_costs_the_piece_in_flight(
    desk: Desk, mirror: FaultyMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How much of what was sent is read before the break is the machine's affair.
    monkeypatch.setattr(fetching, "GIVE_UP_AFTER", 200)
    block = desk.sound_manifest().block_size

    def breaking(_number: int, _begin: int, data: bytes) -> Sent:
        return Sent(data, cut=min(len(data), 6 * block) if len(data) > 6 * block else None)

    mirror.fault = breaking
    report = await fetched(desk)
    assert report.state is PackageState.COMPLETE
    for number in report.have:
        starts = [begin for n, begin, _end in mirror.asked if n == number]
        assert len(starts) > 3
        assert starts == sorted(starts), "each attempt went on where the one before stopped"


async def test_f6_a_mirror_that_dies_leaves_what_came_and_another_goes_on(
    desk: Desk, mirror: FaultyMirror, small: Path
) -> None:
    served: list[int] = []

    def dying(_number: int, _begin: int, data: bytes) -> Sent:
        served.append(len(data))
        return Sent(data, cut=0) if len(served) > 1 else Sent(data)

    mirror.fault = dying
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.MIRROR_FAILED
    manifest = desk.sound_manifest()
    left = wanting(desk.kept("partial-1"), manifest, 1)
    assert 0 < len(left) < manifest.layout.stripes
    second = FaultyMirror(small, manifest.package_id)
    async with mirroring(second, desk.keys) as address:
        desk.intake._mirrors = [*desk.intake._mirrors, address]
        report = await fetched(desk)
    assert report.state is PackageState.COMPLETE
    first_run = [run for run in second.asked if run[0] == 1]
    assert sum(end - begin for _n, begin, end in first_run) == sum(p.length for p in left)


async def test_f6_a_mirror_with_a_damaged_copy_is_told_apart_and_others_help(
    desk: Desk, mirror: FaultyMirror
) -> None:
    def lying(number: int, begin: int, data: bytes) -> Sent:
        return Sent(bytes(len(data)) if number == 1 and begin else data)

    mirror.fault = lying
    report = await fetched(desk)
    assert report.state is PackageState.COMPLETE
    assert 1 not in report.have or desk.kept("fragment-1").read_bytes() == (
        desk.fragment(1).read_bytes()
    )
    assert ("mirror #1", "PAP-04", "") in desk.refused()


ANSWERS: dict[str, Any] = {
    "nothing but errors": lambda r: web.Response(status=500),
    "a redirect": lambda r: web.Response(status=302, headers={"Location": "https://127.0.0.1:1/"}),
    "an index of nonsense": lambda r: (
        web.Response(body=b'{"packages":["../x"]}') if r.path == "/packages" else None
    ),
    "an endless index": lambda r: (
        web.Response(body=b" " * (mirror_io.MAX_INDEX + 1)) if r.path == "/packages" else None
    ),
    "no ranges": lambda r: web.Response(body=b"x" * 5000) if "fragments" in r.path else None,
    "no fragments": lambda r: web.Response(status=404) if "fragments" in r.path else None,
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_f6_a_mirror_that_answers_wrongly_is_given_up(
    desk: Desk, mirror: FaultyMirror, answer: str
) -> None:
    mirror.whole_answer = ANSWERS[answer]
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.MIRROR_FAILED
    mirror.whole_answer = lambda _request: None
    assert (await fetched(desk)).state is PackageState.COMPLETE


async def test_f6_a_mirror_with_another_certificate_is_not_asked(
    desk: Desk, mirror: FaultyMirror, tmp_path: Path
) -> None:
    other = init_headquarters(tmp_path / "impostor")
    (address,) = desk.intake._mirrors
    desk.intake._mirrors = [replace(address, certificate_pem=other.certificate_pem)]
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.MIRROR_FAILED
    assert mirror.asked == []


async def test_f6_a_forged_manifest_from_the_mirror_is_refused_and_kept_aside(
    desk: Desk, mirror: FaultyMirror
) -> None:
    forged = desk.manifest(signers=1)
    mirror.whole_answer = lambda r: (
        web.Response(body=forged) if r.path.endswith("manifest.json") else None
    )
    report = await fetched(desk)
    assert report.packages == []
    assert [each.refusal.code.value for each in report.files if each.refusal] == ["DOC-04"]
    assert list(desk.quarantine().values()) == [forged]


@pytest.mark.parametrize(
    ("change", "taken"),
    [({"subject_code": "1234"}, False), ({"release_at_ms": 5}, True), ({"form_id": "Z"}, True)],
)
async def test_d18_packages_of_other_sessions_on_the_mirror_are_passed_over(
    desk: Desk, mirror: FaultyMirror, change: dict[str, Any], taken: bool
) -> None:
    """The mirror has the whole day's; what is another session's is neither taken nor a fault."""
    other = desk.manifest(package_id="another", **change)
    mirror.whole_answer = lambda r: (
        web.json_response({"packages": ["another"]})
        if r.path == "/packages"
        else web.Response(body=other)
        if "another" in r.path and r.path.endswith("manifest.json")
        else web.Response(status=404)
    )
    await desk.intake.fetch(TWO)
    assert bool(list(desk.papers.packages())) == taken
    assert desk.refused() == []


def test_d18_a_subject_examined_twice_a_day_gets_each_its_own(desk: Desk) -> None:
    morning = desk.sittings.planned("rehearsal-am")
    evening = msgspec.structs.replace(
        morning, session_id="pm", start_ms=morning.start_ms + 6 * 3600_000
    )
    for mine, other in ((morning, evening), (evening, morning)):
        data = desk.manifest(release_at_ms=mine.start_ms - 60_000)
        assert concerns(mine, [morning, evening], data)
        assert not concerns(other, [morning, evening], data)
    assert concerns(morning, [], b"nonsense"), "to be refused by name"


async def test_d02_the_limit_ends_a_fetch_and_what_came_waits_for_the_next_session(
    desk: Desk, mirror: FaultyMirror
) -> None:
    def slow(_number: int, _begin: int, data: bytes) -> Sent:
        desk.now_ms += 26 * 60_000
        return Sent(data)

    mirror.fault = slow
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.RECEIPT_TIME_OVER
    assert desk.kept("partial-1").exists()
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.RECEIPT_TIME_OVER
    assert await desk.intake.receipts.expire()
    assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.RECEIPT_NOT_OPEN


@pytest.mark.parametrize("how", ["announced", "struck"])
async def test_f19_a_full_disk_ends_a_fetch_by_name(
    desk: Desk, mirror: FaultyMirror, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with monkeypatch.context() as full:
        if how == "announced":
            full.setattr(incoming, "room_for", lambda *_: False)
        else:
            real = PieceFile.put

            def put(self: PieceFile, piece: Any, data: Any) -> bool:
                if piece.index > 3:
                    raise OSError(errno.ENOSPC, "no space left on device")
                return real(self, piece, data)

            full.setattr(PieceFile, "put", put)
        assert code_of(await desk.intake.fetch(TWO)) is RefusalCode.NO_ROOM_FOR_PAPER
    assert (await fetched(desk)).state is PackageState.COMPLETE


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # another process writes a file: nothing tells us  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_r1_kill_9_during_a_fetch_costs_the_piece_in_flight(
    tmp_path: Path, template: Any, kit: Any, small: Path
) -> None:
    """The real process, really killed while bytes are on the line; then another goes on."""
    keys = load_headquarters(template.folder / "headquarters")
    folder = tmp_path / "venue"
    folder.mkdir()
    probe = Desk(tmp_path, template, kit.DAY, small)
    manifest = probe.sound_manifest()
    probe.store.close()
    mirror = FaultyMirror(small, manifest.package_id)
    begin = manifest.entry(1).size - manifest.layout.body_size
    stop = begin + 5 * manifest.block_size + 100
    mirror.fault = lambda _n, _begin, data: Sent(data, hold=stop)
    async with mirroring(mirror, keys) as address:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.intake.fetch_once",
            str(folder),
            str(template.folder),
            str(small),
            str(mirror.port),
        )
        try:
            partial = folder / "papers" / manifest.package_id / "partial-1"
            stripes = manifest.layout.stripes
            await patiently(_until(lambda: len(wanting(partial, manifest, 1)) == stripes - 5))
            os.kill(process.pid, signal.SIGKILL)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        mirror.fault = lambda _n, _begin, data: Sent(data)
        mirror.asked.clear()
        again = Desk(folder, template, kit.DAY, small, mirrors=[address])
        try:
            report = await fetched(again)
            assert report.state is PackageState.COMPLETE
            first = [run for run in mirror.asked if run[0] == 1]
            assert min(at for _n, at, _end in first) == begin + 5 * manifest.block_size
        finally:
            again.store.close()
