"""Nobody and nothing opens a paper before its point, and then two people and a secret do (E01)."""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.journeys.venue.venue_world import SURELY_MS
from venue_server.headquarters.release_token import build_release_token, load_release_secret
from venue_server.headquarters.service import HeadquartersService
from venue_server.headquarters.service_release import PaperSecret, ReleaseShelf
from venue_server.rehearsal.headquarters_side import FORM_ID, PAPER_ID, SESSION_ID
from venue_server.vault import slip39
from venue_server.wire.canonical import b64
from venue_server.wire.console_orders import ArmRelease, EnterCodeShare
from venue_server.wire.frames import Second
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import FormKey

"""Cut off from headquarters the code opens when the point has surely passed, not just probably."""


@dataclass
class Ready:
    """A session that only wants arming: one station holds the paper, everybody is signed in."""

    world: Any
    chief: Any
    admin: Any
    station: Any

    def arm(self, second: str = "admin-a") -> ArmRelease:
        return ArmRelease(0, SESSION_ID, self.world.second(second))

    def state(self) -> SessionState | None:
        state: SessionState | None = self.chief.client.board.venue.session_state
        return state

    async def released(self) -> None:
        await self.chief.board(
            lambda b: b.venue is not None and b.venue.session_state is SessionState.STARTED,
            "the release",
        )

    async def some_looks(self) -> None:
        """Let the clockwork look several times (it looks every 50 ms in these tests)."""
        await asyncio.sleep(0.25)

    def untouched(self) -> bool:
        """Nothing was released, and no station was told a key."""
        told = self.station.heard.all(FormKey)
        return not told and not self.world.events("release.done", "session.started")


@pytest.fixture
async def ready(world: Any, kit: Any) -> Ready:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    await world.invigilators()
    return Ready(world, chief, admin, station)


# ---- arming ----------------------------------------------------------------------------------


async def test_e01_arming_takes_two_different_people_of_the_right_roles(ready: Ready) -> None:
    world = ready.world
    world.go(world.day.at(-29))
    assert await ready.chief.refused(ready.arm("chief-1")) is RefusalCode.SAME_PERSON
    assert await ready.chief.refused(ready.arm("deputy-1")) is RefusalCode.ROLE_NOT_ALLOWED
    assert await ready.admin.refused(ready.arm("chief-1")) is RefusalCode.ROLE_NOT_ALLOWED
    wrong = ArmRelease(0, SESSION_ID, Second("admin-a", "not the password"))
    assert await ready.chief.refused(wrong) is RefusalCode.SIGN_IN_FAILED
    elsewhere = ArmRelease(0, "another", world.second("admin-a"))
    assert await ready.chief.refused(elsewhere) is RefusalCode.SESSION_WRONG_STATE
    nobody = await world.visitor()
    assert await nobody.refused(ready.arm()) is RefusalCode.NOT_SIGNED_IN
    assert world.events("release.armed") == []
    await ready.chief.order(ready.arm())
    (armed,) = world.events("release.armed")
    assert (armed["actor"], armed["data"]["second"]) == ("chief-1", "admin-a")
    assert await ready.chief.refused(ready.arm()) is RefusalCode.SESSION_WRONG_STATE


async def test_a04_arming_waits_for_the_people_and_for_the_paper(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    world.go(kit.DAY.at(-60))
    arm = ArmRelease(0, SESSION_ID, world.second(kit.ADMIN))
    assert await chief.refused(arm) is RefusalCode.FRAGMENTS_MISSING
    await world.receive(admin)
    assert await chief.refused(arm) is RefusalCode.RELEASE_NOT_READY
    for person in ("inv-01-1", "inv-01-2", "inv-02-1"):
        await world.console(person)
        assert await chief.refused(arm) is RefusalCode.RELEASE_NOT_READY
    last = await world.console("inv-02-2")
    assert await chief.refused(arm) is RefusalCode.ADMISSION_NOT_OPEN
    world.go(kit.DAY.at(-30))
    await last.client.sign_out()
    assert await chief.refused(arm) is RefusalCode.RELEASE_NOT_READY
    await last.client.sign_in("inv-02-2", world.person("inv-02-2").password)
    await chief.order(arm)


async def test_d11_shares_that_do_not_open_are_found_when_arming_not_at_the_point(
    ready: Ready,
) -> None:
    """The venue's key and the fragments do not fit: an hour before the start somebody can act."""
    world = ready.world
    world.go(world.day.at(-29))
    package = next((world.data / "papers").iterdir())
    for file in package.glob("fragment-*"):
        data = bytearray(file.read_bytes())
        at = data.index(b'"rehearsal-venue":"') + 40
        data[at : at + 4] = b"AAAA" if data[at : at + 4] != b"AAAA" else b"BBBB"
        file.write_bytes(bytes(data))
    assert await ready.chief.refused(ready.arm()) is RefusalCode.SHARE_UNREADABLE
    assert world.events("release.armed") == []


async def test_e05_arming_waits_for_every_admitted_candidates_paper_unless_two_agree(
    ready: Ready,
) -> None:
    world = ready.world
    late = await world.station(ready.admin, "02", "02")
    door = next(c for c in world.consoles if c.client.signed_in.person_id == "inv-02-1")
    world.go(world.day.at(-29))
    await door.order(world.admission(late.candidate))
    assert await ready.chief.refused(ready.arm()) is RefusalCode.RELEASE_NOT_READY
    named = msgspec.structs.replace(ready.arm(), without=["01-01"])
    assert await ready.chief.refused(named) is RefusalCode.RELEASE_NOT_READY, "another seat"
    agreed = msgspec.structs.replace(ready.arm(), without=["02-02"])
    await ready.chief.order(agreed)
    await world.released(ready.chief)
    await late.fetch()
    assert await late.content_key() == await ready.station.content_key(), "it catches up"


# ---- time ------------------------------------------------------------------------------------


async def test_e01_turning_the_operating_systems_clock_opens_nothing(ready: Ready) -> None:
    world = ready.world
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    for turned in (3_600_000, -7_200_000, 86_400_000):
        before = len(world.events("clock.jumped"))
        world.time.wall_ms = turned
        await world.until(lambda n=before: len(world.events("clock.jumped")) > n)
        await ready.some_looks()
        assert ready.untouched()
        assert ready.state() is SessionState.ARMED
    world.go(world.day.at(-2))
    await ready.released()


async def test_e01_headquarters_publishes_no_token_before_the_point(ready: Ready) -> None:
    world = ready.world
    connector = aiohttp.TCPConnector(ssl=aiohttp.Fingerprint(_digest(world)))
    address = f"{world.headquarters.base_url}/release/{PAPER_ID}/{FORM_ID}"
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(address) as answer:
            assert answer.status == 404
            assert int(answer.headers["Retry-After"]) > 3000
        world.go(world.day.at(-2))
        async with session.get(address) as answer:
            assert answer.status == 200


async def test_e01_the_point_alone_opens_nothing_without_two_people(ready: Ready) -> None:
    ready.world.go(ready.world.day.at(-1))
    await ready.some_looks()
    assert ready.untouched()
    await ready.chief.order(ready.arm())
    await ready.released()


async def test_f7_after_a_reboot_without_headquarters_nothing_opens(ready: Ready) -> None:
    world = ready.world
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    await world.cut_off()
    world.time.reboot("another boot")
    await world.restart()
    chief = await world.console("chief-1")
    world.time.wall_ms = 10 * 365 * 86_400_000
    await ready.some_looks()
    assert ready.untouched()
    share = EnterCodeShare(0, SESSION_ID, world.template.code_shares()[0])
    assert await chief.refused(share) is RefusalCode.CLOCK_UNTRUSTED
    assert any("不可信" in alarm.text("zh") for alarm in chief.client.board.venue.alarms)
    assert chief.client.board.venue.clock_trusted is False


# ---- the token -------------------------------------------------------------------------------


async def test_e01_forged_foreign_and_wrong_tokens_are_refused_and_the_right_one_opens(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, keys = ready.world, ready.world.keys
    right = load_release_secret(world.template.own / "release-secret.json")
    other = {"package_id": "another", "form_id": "B", "paper_id": "other", "release_at_ms": 1}
    stranger = Ed25519PrivateKey.generate()
    tokens = [
        (b"{", "DOC-01"),
        (build_release_token(right, [keys.signing[0]]), "DOC-04"),
        (build_release_token(right, [keys.signing[0], stranger]), "DOC-04"),
        (
            build_release_token(changed(right, release_secret=b64(bytes(32))), keys.signing),
            "REL-04",
        ),
        (build_release_token(changed(right, release_secret="?"), keys.signing), "REL-04"),
        *(
            (build_release_token(changed(right, **{name: value}), keys.signing), "REL-03")
            for name, value in other.items()
        ),
    ]
    served: list[bytes] = [b""]
    monkeypatch.setattr(ReleaseShelf, "token", lambda _self, _secret: served[0])
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    served[0] = tokens[0][0]
    world.go(world.day.at(-2))
    for number, (token, code) in enumerate(tokens, start=1):
        served[0] = token
        await world.until(lambda n=number: len(refused(world)) >= n)
        assert refused(world)[number - 1] == code
    await ready.some_looks()
    assert refused(world) == [code for _token, code in tokens], "the same token is told once"
    assert ready.untouched()
    served[0] = build_release_token(right, keys.signing)
    await ready.released()
    (done,) = world.events("release.done")
    assert done["data"]["way"] == "token"


async def test_e01_a_token_that_comes_in_pieces_is_read_whole(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = load_release_secret(ready.world.template.own / "release-secret.json")
    token = build_release_token(right, ready.world.keys.signing)

    async def slowly(_self: Any, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for at in range(0, len(token), 200):
            await answer.write(token[at : at + 200])
            await asyncio.sleep(0.02)
        return answer

    world = ready.world
    await world.cut_off()
    monkeypatch.setattr(HeadquartersService, "_release", slowly)
    await world.reconnect()
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    world.go(world.day.at(-2))
    await ready.released()
    assert refused(world) == []


# ---- the sealed code -------------------------------------------------------------------------


async def test_e03_cut_off_two_custodians_open_with_the_sealed_code(ready: Ready) -> None:
    world = ready.world
    one, two = world.template.code_shares()
    admin_b = await world.console("admin-b")
    deputy = await world.console("deputy-1")
    invigilator = await world.console("inv-01-1")
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    await world.cut_off()

    early = await ready.chief.refused(share(one))
    assert early is RefusalCode.RELEASE_TOO_EARLY
    world.go(world.day.at(-2) + SURELY_MS)
    await ready.some_looks()
    assert ready.untouched()
    assert await invigilator.refused(share(one)) is RefusalCode.ROLE_NOT_ALLOWED
    assert await ready.chief.refused(share("abandon " * 33)) is RefusalCode.CODE_SHARE_INVALID
    assert await ready.chief.refused(share("")) is RefusalCode.CODE_SHARE_INVALID
    assert await ready.chief.order(share(one)) == {"complete": False, "form": ""}
    # The two shares come from two people, and are two shares.
    assert await ready.chief.refused(share(two)) is RefusalCode.CODE_SAME_PERSON
    assert await ready.chief.refused(share(one)) is RefusalCode.CODE_SAME_PERSON
    assert await deputy.refused(share(one)) is RefusalCode.CODE_SAME_PERSON
    typed = "  ".join(one.upper().split())
    assert await deputy.refused(share(typed)) is RefusalCode.CODE_SAME_PERSON
    assert ready.untouched()
    assert await admin_b.order(share(two.upper())) == {"complete": True, "form": FORM_ID}
    await ready.released()
    assert await ready.station.content_key()
    (done,) = world.events("release.done")
    assert done["data"]["way"] == "code"
    entered = [entry["actor"] for entry in world.events("release.code-entered")]
    assert entered == ["chief-1", "admin-b"]
    again = await ready.chief.refused(share(one))
    assert again is RefusalCode.RELEASE_DONE


async def test_e03_a_code_of_another_paper_opens_nothing_and_can_be_corrected(
    ready: Ready,
) -> None:
    world = ready.world
    one, two = world.template.code_shares()
    foreign = slip39.split(bytes(32), 2, 2)
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    await world.cut_off()
    world.go(world.day.at(-2) + SURELY_MS)
    assert await ready.chief.order(share(foreign[0])) == {"complete": False, "form": ""}
    assert await ready.admin.refused(share(foreign[1])) is RefusalCode.RELEASE_SECRET_WRONG
    assert await ready.chief.order(share(one)) == {"complete": False, "form": ""}
    assert await ready.admin.refused(share(foreign[1])) is RefusalCode.CODE_SHARE_INVALID
    assert ready.untouched()
    assert await ready.chief.order(share(one)) == {"complete": False, "form": ""}
    assert await ready.admin.order(share(two)) == {"complete": True, "form": FORM_ID}
    await ready.released()


# ---- restarts --------------------------------------------------------------------------------


async def test_f3_a_restart_between_arming_and_the_point_changes_nothing(ready: Ready) -> None:
    world, station = ready.world, ready.station
    world.go(world.day.at(-10))
    await ready.chief.order(ready.arm())
    await world.restart()
    await station.welcome()
    chief = await world.console("chief-1")
    await world.released(chief)
    key = await station.content_key()
    start = station.heard.all(FormKey)[0].effective_start_ms
    assert start == world.day.at(0)

    # And after the release: the same key and the same start, in fresh wrapping.
    await world.restart()
    await station.welcome()
    assert await station.content_key() == key
    assert station.heard.all(FormKey)[0].effective_start_ms == start
    assert len(world.events("release.done")) == 1


async def test_g08_a_release_that_comes_late_starts_later_and_shortens_nothing(
    ready: Ready,
) -> None:
    world = ready.world
    world.go(world.day.at(7))
    await ready.chief.order(ready.arm())
    await ready.released()
    await ready.station.content_key()
    start = ready.station.heard.all(FormKey)[0].effective_start_ms
    assert start > world.day.at(7)
    timing = ready.chief.client.board.rooms["01"].timing
    assert timing.effective_start_ms == start
    assert timing.end_ms - start == 90 * 60_000


def share(words: str) -> EnterCodeShare:
    return EnterCodeShare(0, SESSION_ID, words)


def changed(secret: PaperSecret, **change: Any) -> PaperSecret:
    return msgspec.structs.replace(secret, **change)


def refused(world: Any) -> list[str]:
    return [entry["data"]["code"] for entry in world.events("release.refused")]


def _digest(world: Any) -> bytes:
    der = ssl.PEM_cert_to_DER_cert(world.keys.certificate_pem)
    return hashlib.sha256(der).digest()
