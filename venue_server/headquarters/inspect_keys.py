"""``paper inspect`` of key files and custodians' shares: which kind, whose, never the secret."""

from pathlib import Path

from venue_server.headquarters.inspect_report import Report
from venue_server.headquarters.keyfiles import KeyFileError, load_signing
from venue_server.vault import slip39
from venue_server.wire import hpke
from venue_server.wire.canonical import sha256_hex, unb64
from venue_server.wire.signed import key_id

_MOST = 16 * 1024
_SIGNING_PUBLIC = 32


def inspect_key(path: Path) -> Report | None:
    """What kind of key file it is; None when it is none. Raises OSError."""
    if path.stat().st_size > _MOST:
        return None
    data = path.read_bytes()
    if data.startswith(b"-----BEGIN"):
        return _signing(path)
    if len(data) == hpke.PRIVATE_SIZE:
        return _hpke_private(path, data)
    try:
        text = data.decode("ascii").strip()
    except UnicodeDecodeError:
        return None
    return _code_share(text) or _public(text)


def _signing(path: Path) -> Report:
    try:
        identity = key_id(load_signing(path).public_key())
    except KeyFileError as error:
        return Report(
            "密钥文件（无法使用） key file, unusable",
            {"fault": str(error)},
            ok=False,
            todo=["用 paper keygen signing 重新生成 make one by paper keygen signing"],
        )
    return _private(Report("签名私钥 signing key, private", {"key id": identity}), path)


def _hpke_private(path: Path, data: bytes) -> Report | None:
    try:
        public = hpke.from_private_raw(data).public_raw()
    except hpke.HpkeError:
        return None
    fields = {"key id": sha256_hex(public)[:32]}
    return _private(Report("HPKE 私钥 HPKE key, private (venue or bundle)", fields), path)


def _private(report: Report, path: Path) -> Report:
    mode = path.stat().st_mode & 0o777
    report.fields["mode"] = f"{mode:04o}"
    report.todo = ["离线保管，不得外传 keep it offline; it never leaves its owner"]
    if mode & 0o077:
        report.todo.append(f"其他用户可读：chmod 600 others can read it: chmod 600 {path.name}")
    if not path.with_suffix(".pub").exists():
        report.missing = [f"公钥 the public key {path.stem}.pub"]
    return report


def _public(text: str) -> Report | None:
    try:
        raw = unb64(text)
    except ValueError:
        return None
    fields = {"key id": sha256_hex(raw)[:32]}
    if len(raw) == _SIGNING_PUBLIC:
        todo = [
            "交给考点作为信任的签名公钥（--trust） give it to venues as a trusted key (--trust)"
        ]
        return Report("签名公钥 signing key, public", fields, todo=todo)
    if len(raw) == hpke.PUBLIC_SIZE:
        todo = ["考点公钥用于封装（--venue） a venue's key is used for sealing (--venue)"]
        return Report("HPKE 公钥 HPKE key, public (venue or bundle)", fields, todo=todo)
    return None


def _code_share(text: str) -> Report | None:
    """A line of identification, a line of words; the words are judged and not shown."""
    lines = text.splitlines()
    if len(lines) != 2:
        return None
    try:
        slip39.check(lines[1])
    except slip39.ShareError:
        return None
    return Report(
        "离线密码份额 one custodian's share of the sealed code",
        {"for": lines[0].strip()},
        todo=["装入密封件，只交一名保管人 seal it in an envelope for one custodian only"],
    )
