"""A plan whose answers could go nowhere is refused when it comes, not when the exam ended (L01)."""

import base64
import ssl
from typing import Any

import pytest

from tests.designated import destination
from venue_server.headquarters.plan_seal import seal_plan
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_destination import destination_problems
from venue_server.sitting.plan_reading import read_plan

ADDRESS, CERTIFICATE, KEY = (
    "designated_server.base_url: must be https, with a name or an address",
    "designated_server.certificate_pem: must be one certificate",
    "bundle_public: is no public key that answers can be sealed to",
)


def said(payload: dict[str, Any]) -> list[str]:
    plan = read_plan(payload)
    assert isinstance(plan, Plan), plan
    return destination_problems(plan)


@pytest.mark.parametrize("url", ["https://hq.test", "https://10.0.0.1:8443/in/", "https://[::1]/"])
def test_l01_a_usable_destination_has_no_problem(plan_payload: dict[str, Any], url: str) -> None:
    server = {**destination()["designated_server"], "base_url": url}
    assert said({**plan_payload, "designated_server": server}) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hq.test",
        "hq.test",
        "https://",
        "https://hq.test:99999",
        "https://hq.test:x",
        "https://[::1",
        "https://a:b@hq.test",
        "https://hq.test/?to=elsewhere",
        "",
    ],
)
def test_l01_an_address_that_is_none_is_refused_at_the_import(
    plan_payload: dict[str, Any], url: str
) -> None:
    server = {**destination()["designated_server"], "base_url": url}
    assert said({**plan_payload, "designated_server": server}) == [ADDRESS]


def test_l01_one_certificate_and_a_key_of_its_kind_are_needed(plan_payload: dict[str, Any]) -> None:
    right = destination()["designated_server"]
    pem = right["certificate_pem"]
    der = bytearray(ssl.PEM_cert_to_DER_cert(pem))
    der[bytes(der).index(b"\xa0\x03\x02\x01\x02") + 4] = 6  # a version that is none
    for wrong in ("", "x", pem[:-40], pem + pem, ssl.DER_cert_to_PEM_cert(bytes(der))):
        server = {**right, "certificate_pem": wrong}
        assert said({**plan_payload, "designated_server": server}) == [CERTIFICATE], wrong[-30:]
    for key in ("", "AAAA", "§", base64.b64encode(b"\xff" * 1216).decode()):
        assert said({**plan_payload, "bundle_public": key}) == [KEY], key[:10]


def test_l01_headquarters_own_tool_does_not_sign_such_a_plan(
    plan_payload: dict[str, Any], hq: Any
) -> None:
    assert seal_plan({**plan_payload, "bundle_public": ""}, hq.keys, None) == [KEY]
    assert isinstance(seal_plan(plan_payload, hq.keys, None), bytes)


async def test_l01_the_venue_takes_no_such_plan(venue: Any) -> None:
    refused = await venue.load(plan_id="p2", sessions=[], bundle_public="AAAA")
    assert (refused.code.value, refused.detail) == ("DOC-06", KEY)
    assert isinstance(await venue.load(plan_id="p2", sessions=[]), Plan)
