"""R7: secrets are looked for in memory, files, arguments and logs of a real venue, all day long.

    ./kaodian benchmark secrecy [--short] [--folder DIR]

Real programs: headquarters (not searched, it has everything), the venue server, two stations in
their process. The paper carries a canary sentence. Looked at three times: before the release
nothing may be found; after it the stations' memory must show the canary, or the search is blind;
after the wipe nothing may be left on any disk, and nothing of the keys in the server's memory,
which it cleans itself. ``--short`` ends after the second look.
"""

import asyncio
import base64
import json
import os
import secrets
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import measuring
from measuring import Figure, say
from secret_search import (
    Hit,
    Needle,
    key_needles,
    limits,
    search_files,
    search_memory,
    search_told,
    text_needles,
)

from venue_server.headquarters.sample import sample_package_path
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.rehearsal import script
from venue_server.rehearsal.faults import Faults
from venue_server.rehearsal.headquarters_side import TWO_FORMS_AND_A_RESERVE, VENUE_ID
from venue_server.rehearsal.options import RehearsalOptions, morning_after
from venue_server.rehearsal.progress import Progress, Stage
from venue_server.rehearsal.scene import Scene
from venue_server.vault.keys import derive_content_key
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.vault.shares import recover_secret
from venue_server.venue_keys import VenueKeys
from venue_server.wire.signed import public_keys

STATIONS = 2
LONG_STATIONS = 6  # one violation among too few would keep the close check open (Y06)
# The day must have room for what people do before it; the long one for the looks in its middle.
SHORT_S, LONG_S = 36.0, 240.0
CLEANED_S = 60.0
# What lies in the open by its nature: the venue's own key file, and the reserve of empty space.
OWN_KEY = "venue.hpke"


@dataclass
class Findings:
    """What was looked at and what was found, by moment."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    memory_bytes: int = 0
    files: int = 0

    def add(self, moment: str, hits: list[Hit]) -> None:
        self.hits.setdefault(moment, []).extend(hits)
        for hit in hits[:20]:
            say(f"HIT {moment}: {hit.needle} in {hit.where}")

    def count(self, moment: str) -> int:
        return len(self.hits.get(moment, []))


@dataclass
class Secrets:
    """Everything that must not be found, and when."""

    paper: list[Needle]
    content_key: list[Needle]
    shared: list[Needle]
    release: list[Needle]
    venue_key: list[Needle]
    people: list[Needle]
    reserve: list[Needle]


def planted(folder: Path) -> tuple[Path, str]:
    """The sample paper with a sentence nobody else can have written, in every item."""
    package = folder / "package"
    shutil.copytree(sample_package_path(), package)
    canary = f"金丝雀{secrets.token_hex(8)}不得外泄"
    for item in (package / "items").glob("*.xml"):
        text = item.read_text()
        head, begin, rest = text.partition("<qti-item-body>")
        assert begin, item.name
        item.write_text(f"{head}{begin}<p>{canary}</p>{rest}")
    return package, canary


@dataclass(frozen=True)
class Opened:
    """What opens one form."""

    key: bytes
    shared: bytes
    release: bytes


def opened(scene: Scene, form_id: str) -> Opened:
    """From headquarters' folder and the venue's own key: this process knows everything, and is not
    searched."""
    sealed = scene.folder / "sealed" / form_id
    keys = public_keys(scene.headquarters.keys.signing_public)
    manifest = read_manifest((sealed / "venue" / "manifest.json").read_bytes(), keys, 2)
    assert isinstance(manifest, PaperManifest)
    private = VenueKeys.load(scene.venue / "keys").hpke
    verdicts = [
        inspect_fragment(path, manifest, VENUE_ID)
        for path in sorted((sealed / "venue").glob("*.kdfrag"))
    ]
    shares = {v.fragment: v.sealed_share for v in verdicts if isinstance(v, FragmentVerdict)}
    shared = recover_secret(shares, manifest, VENUE_ID, private)
    assert isinstance(shared, bytes)
    text = json.loads((sealed / "headquarters" / "release-secret.json").read_text())
    release = base64.b64decode(text["release_secret"])
    key = derive_content_key(shared, release, manifest.paper_id, manifest.form_id)
    return Opened(key, shared, release)


def learn(scene: Scene, canary: str) -> Secrets:
    """The secrets themselves, of all forms; nothing of the reserve is ever to be seen."""
    forms = {
        paper.form_id: opened(scene, paper.form_id)
        for paper in TWO_FORMS_AND_A_RESERVE
        if not paper.reserve
    }
    (kept,) = (opened(scene, p.form_id) for p in TWO_FORMS_AND_A_RESERVE if p.reserve)
    people = [
        Needle(f"password of {each.person_id}", each.password.encode()) for each in scene.cast.staff
    ] + [Needle("identity number", each.id_number.encode()) for each in scene.cast.candidates]

    def needles(name: str, part: str) -> list[Needle]:
        found = [key_needles(f"{name} of {n}", getattr(one, part)) for n, one in forms.items()]
        return [needle for each in found for needle in each]

    return Secrets(
        text_needles("paper text", canary),
        needles("content key K", "key"),
        needles("shared secret S", "shared"),
        needles("release secret R", "release"),
        key_needles("venue's private key", VenueKeys.load(scene.venue / "keys").hpke.private_raw()),
        people,
        key_needles("the reserve's K", kept.key) + key_needles("the reserve's R", kept.release),
    )


class Search:
    """The looks at one venue."""

    def __init__(self, scene: Scene, canary: str, findings: Findings) -> None:
        self._scene = scene
        self._findings = findings
        self.secrets = learn(scene, canary)

    def pids(self) -> dict[str, int]:
        """The venue's processes; headquarters' is not one."""
        named = {p.name: p.process for p in self._scene.programs if p.name != "headquarters"}
        return {name: each.pid for name, each in named.items() if each.returncode is None}

    def memory(self, name: str, needles: list[Needle]) -> list[Hit]:
        looked, hits = search_memory(self.pids()[name], needles)
        self._findings.memory_bytes += looked
        return hits

    def disk(self, needles: list[Needle], *but: str) -> list[Hit]:
        """Everything the venue writes: data, second copy, backup, medium, stations, logs."""
        scene = self._scene.folder
        folders = [self._scene.venue, *(scene / n for n in ("second-device", "backup-medium"))]
        folders += [scene / "medium", scene / "stations", Path(os.environ["TMPDIR"])]
        looked, hits = search_files([f for f in folders if f.is_dir()], needles, ("reserve", *but))
        self._findings.files += looked
        return hits

    def said(self, needles: list[Needle]) -> list[Hit]:
        """Logs and whatever was printed, arguments, environments."""
        hits: list[Hit] = []
        for path in self._scene.folder.glob("*.log"):
            data = path.read_bytes()
            hits += [Hit(n.name, str(path)) for n in needles if n.data in data]
        for pid in self.pids().values():
            hits += search_told(pid, needles)
        return hits

    def before_release(self) -> None:
        s = self.secrets
        _looked, plain = search_files([self._scene.options.package], s.paper)
        self._findings.hits["control disk"] = plain
        opening = s.paper + s.content_key + s.release + s.shared + s.reserve
        for name in self.pids():
            self._findings.add("before the release, memory", self.memory(name, opening))
        self._findings.add("before the release, memory", self.memory("stations", s.venue_key))
        self._findings.add("before the release, disk", self.disk(opening))
        self._findings.add("before the release, disk", self.disk(s.venue_key, OWN_KEY))
        everything = opening + s.venue_key + s.people
        self._findings.add("before the release, logs", self.said(everything))
        for name, pid in self.pids().items():
            found = limits(pid)
            say(f"{name}: core limit {found['core']}, {found['swap_kib']} KiB in swap")
            if found["core"] != "0 0" or found["swap_kib"] != "0":
                self._findings.add("core and swap", [Hit(str(found), name)])

    def after_release(self) -> None:
        """The search sees what is there; keys still stand on no disk and in no log."""
        s = self.secrets
        seen = self.memory("stations", s.paper)
        say(f"control: {len(seen)} places of the stations' memory hold the open paper")
        self._findings.hits["control"] = seen
        held = self.memory("venue-server", s.content_key)
        say(f"control: {len(held)} places of the server's memory hold the content key")
        self._findings.hits["control key"] = held
        self._findings.add(
            "after the release, paper in the server", self.memory("venue-server", s.paper)
        )
        self._findings.add(
            "after the release, disk", self.disk(s.paper + s.content_key + s.shared + s.reserve)
        )
        for name in self.pids():
            found = self.memory(name, s.reserve)
            self._findings.add("after the release, the reserve in memory", found)
        everything = s.paper + s.content_key + s.shared + s.release + s.venue_key + s.people
        everything += s.reserve
        self._findings.add("after the release, logs", self.said(everything))

    async def cleaned(self) -> None:
        """The server says that it cleaned its memory."""
        ledger = self._scene.venue / "ledger.jsonl"
        async with asyncio.timeout(CLEANED_S):
            while '"wipe.memory"' not in ledger.read_text():  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.2)

    def after_wipe(self) -> None:
        s = self.secrets
        keys = s.content_key + s.shared + s.reserve
        self._findings.add(
            "after the wipe, server's memory", self.memory("venue-server", s.paper + keys)
        )
        self._findings.add("after the wipe, disk", self.disk(s.paper + keys))
        self._findings.add("after the wipe, disk", self.disk(s.release))
        self._findings.add(
            "after the wipe, R in the server's memory", self.memory("venue-server", s.release)
        )
        everything = s.paper + keys + s.release + s.venue_key + s.people
        self._findings.add("after the wipe, logs", self.said(everything))


def stations_at_rest(search: Search, scene: Scene, findings: Findings) -> None:
    """The stations' process is about to end: hold it still, and look."""
    assert scene.stations is not None
    process = scene.stations.process
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGSTOP)
    try:
        needles = search.secrets.paper + search.secrets.content_key
        findings.hits["after the wipe, stations' memory"] = search.memory("stations", needles)
    finally:
        process.send_signal(signal.SIGCONT)


async def play(folder: Path, short: bool) -> Findings:
    """The day, with a look at three moments."""
    package, canary = planted(folder)
    out = folder / "out"
    out.mkdir()
    options = RehearsalOptions(
        stations=STATIONS if short else LONG_STATIONS,
        duration_s=SHORT_S if short else LONG_S, folder=out, paper=package,
        report=None, show=False, seed=7, begin_ms=morning_after(time.time_ns() // 1_000_000),
    )  # fmt: skip
    findings = Findings()
    scene = await script._open(options, Progress([Stage(*each) for each in script.STAGES]))
    search: Search | None = None
    try:
        for key, step in script._steps(scene, Faults(scene)):
            say(key)
            await step()
            if key == "admission":
                search = Search(scene, canary, findings)
                search.before_release()
            elif key == "release":
                assert search is not None
                search.after_release()
                if short:
                    break
            elif key == "wipe":
                assert search is not None
                stations_at_rest(search, scene, findings)
                await search.cleaned()
                search.after_wipe()
    finally:
        await scene.stop()
    return findings


def figures(findings: Findings, short: bool) -> list[Figure]:
    moments = ["before the release, memory", "before the release, disk",
               "before the release, logs", "core and swap",
               "after the release, paper in the server", "after the release, disk",
               "after the release, the reserve in memory",
               "after the release, logs"]  # fmt: skip
    if not short:
        moments += ["after the wipe, server's memory", "after the wipe, R in the server's memory",
                    "after the wipe, disk", "after the wipe, logs"]  # fmt: skip
    made = [Figure(f"R7 {m}", findings.count(m), "hits", "0") for m in moments]
    told = "after the wipe, stations' memory"
    if told in findings.hits:
        made.append(Figure(f"R7 {told}", findings.count(told), "places", "told"))
    made.append(Figure("R7 control: open paper seen", findings.count("control"), "hits", ">0"))
    made.append(
        Figure("R7 canary in the open package", findings.count("control disk"), "files", ">0")
    )
    made.append(Figure("R7 memory searched", findings.memory_bytes / 2**20, "MiB", "all"))
    made.append(Figure("R7 files searched", findings.files, "files", "all"))
    return made


def main() -> int:
    given = measuring.options(__doc__ or "").parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))
    with measuring.workspace(given.folder) as folder:
        # Where every program of the day puts its temporary files.
        temporary = folder / "tmp"
        temporary.mkdir()
        os.environ["TMPDIR"] = str(temporary)
        findings = asyncio.run(play(folder, given.short))
    made = figures(findings, given.short)
    measuring.report(*made)
    for control in ("control", "control disk"):
        assert findings.count(control) > 0, "the search found nothing where there is something"
    missed = [f.name for f in made if f.target == "0" and f.value]
    if missed:
        say(f"found: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
