"""R3, F3: the server's unit starts it again for ever, and no disk that goes takes it along."""

from pathlib import Path

UNIT = Path(__file__).parents[2] / "packaging" / "server" / "venue-server.service"
STOPS_WITH_A_MOUNT = {
    # systemd.unit(5), systemd.exec(5): stopped when the mount is, and not started again
    "Requires",
    "Requisite",
    "BindsTo",
    "PartOf",
    "RequiresMountsFor",
    "StateDirectory",
    "CacheDirectory",
    "LogsDirectory",
    "ConfigurationDirectory",
    "RuntimeDirectory",
    "WorkingDirectory",
}


def directives() -> dict[str, str]:
    lines = [line for line in UNIT.read_text().splitlines() if line and line[0] not in "#["]
    return dict(line.split("=", 1) for line in lines)


def test_r3_a_disk_that_is_pulled_does_not_stop_the_server() -> None:
    assert not STOPS_WITH_A_MOUNT & directives().keys()


def test_r3_the_server_still_waits_for_its_disks_at_boot_and_may_write_to_them() -> None:
    unit = directives()
    for mount in ("var-lib-kaodian.mount", "srv-kaodian-second.mount"):
        assert mount in unit["Wants"].split() and mount in unit["After"].split()
    assert unit["ReadWritePaths"].split() == ["/var/lib/kaodian", "/srv/kaodian"]


def test_f3_the_server_starts_again_for_ever() -> None:
    unit = directives()
    assert (unit["Restart"], unit["RestartSec"], unit["StartLimitIntervalSec"]) == (
        "always",
        "1",
        "0",
    )
