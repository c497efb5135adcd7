"""Every reason for having no line has a stable code and says in both languages what to do."""

import ssl
from typing import Any

import aiohttp
import pytest

from venue_server.client.enrolment import EnrolmentUnreachable, EnrolmentUntrusted
from venue_server.client.link_state import Down, DownCause, failed_attempt
from venue_server.client.link_words import explained, not_enrolled_because, not_found
from venue_server.wire.refusals import Refusal, RefusalCode


@pytest.mark.parametrize("cause", list(DownCause))
def test_every_cause_is_explained_with_the_address_that_was_tried(cause: DownCause) -> None:
    said = explained(Down(cause, "ClientConnectorError", address="10.0.0.1:7443"))
    for language in ("zh", "en"):
        text = said.text(language)
        assert text.startswith(f"[{said.code.value}]") and "10.0.0.1:7443" in text
        assert "ClientConnectorError" not in text and cause.value not in text


def test_the_servers_own_no_is_passed_on() -> None:
    no = Refusal(RefusalCode.VERSION_UNKNOWN)
    assert explained(Down(DownCause.REFUSED, refusal=no)) is no


class _Certificate(aiohttp.ClientConnectorCertificateError):
    def __init__(self, verify_code: int) -> None:
        wrong = ssl.SSLCertVerificationError(1, "certificate verify failed")
        wrong.verify_code = verify_code
        key: Any = None
        super().__init__(key, wrong)


@pytest.mark.parametrize(
    ("verify_code", "code"),
    [
        (9, RefusalCode.SERVER_DATES),  # not yet valid: this machine's clock may be behind
        (10, RefusalCode.SERVER_DATES),  # expired
        (18, RefusalCode.SERVER_FOREIGN),  # self-signed
        (62, RefusalCode.SERVER_FOREIGN),  # another name
    ],
)
def test_f7_a_certificates_dates_are_told_from_a_foreign_server(
    verify_code: int, code: RefusalCode
) -> None:
    assert explained(failed_attempt(_Certificate(verify_code), 0)).code is code


def test_an_enrolment_that_came_to_nothing_says_why() -> None:
    where = "10.0.0.1:7444"
    silent = not_enrolled_because(EnrolmentUnreachable("x"), where)
    between = not_enrolled_because(EnrolmentUntrusted("x"), where)
    assert (silent.code, silent.detail) == (RefusalCode.SERVER_UNREACHABLE, where)
    assert between.code is RefusalCode.ENROLMENT_UNTRUSTED
    assert not_found().code is RefusalCode.SERVER_NOT_FOUND
