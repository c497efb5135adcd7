"""The content key on its last way: under a wrapping key that the station got beforehand (E02).

Before release each station receives a 32-byte wrapping key, HPKE-sealed to its own key with
:func:`wrapping_info`. At release only the form key crosses the LAN:

    wrapped = nonce 12 | AES-256-GCM(wrapping key, nonce, content key, aad) 32 | tag 16
    aad     = paper_id "/" form_id
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
_NONCE = 12


class FormKeyError(Exception):
    """The wrapped key is damaged, for another form, or under another wrapping key."""


def wrapping_info(paper_id: str, form_id: str, machine_id: str) -> bytes:
    """HPKE info of the wrapping key for one station's copy of one form."""
    return b"kaodian-wrap/1\0" + "\0".join((paper_id, form_id, machine_id)).encode()


def wrap_form_key(wrapping_key: bytes, content_key: bytes, paper_id: str, form_id: str) -> bytes:
    """Return the 60 bytes of ``FormKey.wrapped`` before base64."""
    assert len(content_key) == KEY_SIZE
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(wrapping_key).encrypt(nonce, content_key, _aad(paper_id, form_id))
    return nonce + sealed


def unwrap_form_key(wrapping_key: bytes, wrapped: bytes, paper_id: str, form_id: str) -> bytes:
    """Return the 32-byte content key; raises FormKeyError."""
    try:
        key = AESGCM(wrapping_key).decrypt(
            wrapped[:_NONCE], wrapped[_NONCE:], _aad(paper_id, form_id)
        )
    except (InvalidTag, ValueError) as error:
        raise FormKeyError("the form key does not open") from error
    if len(key) != KEY_SIZE:
        raise FormKeyError("the form key has a wrong size")
    return key


def _aad(paper_id: str, form_id: str) -> bytes:
    return f"{paper_id}/{form_id}".encode()
