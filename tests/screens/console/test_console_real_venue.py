"""The console with its real line against the real venue server, each its own process or thread:
enrolment by code, sign-in, orders, and what the screen says when the server dies and comes back."""

import gc
import json
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from invigilator_app.desk import Desk
from invigilator_app.link.bridge import Bridge
from invigilator_app.link.venue import VenuePort, VenueSettings
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.window import ConsoleWindow

PATIENCE_MS = 20_000
PASSWORD = "correct horse battery"


def venue_server(*words: str, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "venue_server", *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Server:
    """A venue on this machine, without headquarters."""

    data: Path
    port: int
    enrol_port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "venue_server", "run", "--data", str(self.data)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def confirm(self, code: str) -> None:
        """The administrator at the server compares the code and confirms it."""
        venue_server(
            *("machines", "confirm", "--data", str(self.data), "--person", "admin"),
            *("--kind", "console", "--name", "考务办公室", code),
            stdin=PASSWORD + "\n",
        )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    hq = json.loads(venue_server("headquarters", "init", "--data", str(tmp_path / "hq")))
    public = tmp_path / "headquarters.json"
    public.write_text(
        json.dumps(
            {
                "keys": hq["signing_public"],
                "threshold": 2,
                "base_url": f"https://127.0.0.1:{free_port()}",
                "certificate_pem": Path(hq["certificate"]).read_text(),
            }
        )
    )
    made = Server(tmp_path / "venue", free_port(), free_port())
    venue_server(
        *("init", "--data", str(made.data), "--venue-id", "3601-07", "--venue-name", "第七中学"),
        *("--mode", "REHEARSAL", "--headquarters", str(public), "--same-device"),
        *("--listen", f"127.0.0.1:{made.port}", "--enrol-port", str(made.enrol_port)),
        *("--no-advertise", "--light-passwords"),
    )
    settings = made.data / "venue.json"
    values = json.loads(settings.read_text())
    settings.write_text(json.dumps(values | {"reserve_bytes": 1 << 20, "disk_floor_bytes": 0}))
    person = {"person_id": "admin", "name": "陈晓东", "roles": ["SYSADMIN"], "rooms": []}
    line = json.dumps(person | {"password": PASSWORD})
    venue_server("staff", "add", "--data", str(made.data), "--from-stdin", stdin=line + "\n")
    made.start()
    yield made
    made.kill()


def test_a_new_console_enrols_signs_in_orders_and_survives_the_servers_death(
    server: Server, tmp_path: Path, qtbot
) -> None:
    settings = VenueSettings(
        tmp_path / "console",
        f"127.0.0.1:{server.port}",
        f"127.0.0.1:{server.enrol_port}",
        "test",
    )
    bridge = Bridge(VenuePort(settings))
    failures: list[str] = []
    bridge.failed.connect(failures.append)
    window = ConsoleWindow(Texts("zh"))
    desk = Desk(bridge, window)
    qtbot.addWidget(window)
    window.show()
    bridge.start()
    try:
        page = window.sign_in
        qtbot.waitUntil(lambda: bool(page.code.text()), timeout=PATIENCE_MS)
        server.confirm(page.code.text())
        qtbot.waitUntil(page.form.isVisible, timeout=PATIENCE_MS)

        def sign_in(password: str) -> None:
            page.form.person.setText("admin")
            page.form.password.setText(password)
            page.form.enter.click()

        sign_in("wrong password")
        qtbot.waitUntil(lambda: "STF-01" in page.form.outcome.head.text(), timeout=PATIENCE_MS)
        sign_in(PASSWORD)
        qtbot.waitUntil(lambda: window.on_duty, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: window.duty.header.venue.whole() == "第七中学", timeout=PATIENCE_MS)
        assert window.duty.banner.isVisible(), "REHEARSAL is loud"
        admin = window.duty.admin
        window.duty.open_page(admin)
        qtbot.waitUntil(lambda: admin.status.table.rowCount() > 5, timeout=PATIENCE_MS)
        admin.status.verify.click()
        qtbot.waitUntil(
            lambda: "台账校验通过" in admin.status.outcome.head.text(), timeout=PATIENCE_MS
        )
        server.kill()
        qtbot.waitUntil(window.duty.lost.isVisible, timeout=PATIENCE_MS)
        assert not admin.status.verify.isEnabled()
        server.start()
        qtbot.waitUntil(page.form.isVisible, timeout=PATIENCE_MS)
        sign_in(PASSWORD)
        qtbot.waitUntil(lambda: window.on_duty, timeout=PATIENCE_MS)
        assert failures == []
    finally:
        bridge.stop()
        desk.deleteLater()
        # The loop ended in the middle of a TLS goodbye to a server that had been killed: that
        # socket is collected here, and not during whichever test comes next.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
