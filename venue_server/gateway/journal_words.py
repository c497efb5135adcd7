"""Words for what a copied journal's signature proves: command line and room record. Pure."""

from typing import Any

from venue_server.responses.branching.journal_proof import Proof
from venue_server.wire.swap_orders import UNPROVED

PROOF_WORDS = {
    Proof.SIGNED: ("已验签", "signed"),
    Proof.REVOKED: ("签名考试机已吊销", "signed by a station revoked since"),
    Proof.UNSIGNED: ("无签名", "unsigned"),
    Proof.ALTERED: ("有未签名的改动", "altered behind the signature"),
    Proof.OTHER_STATION: ("他机签名", "signed by another station"),
    Proof.UNKNOWN_SIGNER: ("签名者不明", "signed by nobody of this venue"),
    Proof.BAD_SIGNATURE: ("签名无效", "the signature does not verify"),
}


def proof_words(proof: str, signed_by: str) -> tuple[str, str]:
    """In Chinese and English, with who signed; empty when nothing was looked at."""
    if not proof:
        return "", ""
    chinese, english = PROOF_WORDS[Proof(proof)]
    return (
        (f"{chinese}（{signed_by}）", f"{english} ({signed_by})")
        if signed_by
        else (
            chinese,
            english,
        )
    )


def refused_text(data: dict[str, Any]) -> str:
    """A journal, or a part of one, that was not merged, in the sheet's words."""
    words, _ = proof_words(str(data.get("proof", "")), str(data.get("signed_by", "")))
    count = data.get("unproved", 0)
    aside = f"，{count} 条作答另存待裁定" if count else "，未导入"
    return f"机位 {data['seat']} 单机数据（{data['machine_id']}）{words} [{data['code']}]{aside}"


def origin_words(machine_id: str) -> str:
    """Where a branch came from: a machine, or a medium under a machine's name."""
    if not machine_id.startswith(UNPROVED):
        return machine_id
    name = machine_id.removeprefix(UNPROVED) or "?"
    return f"未经证明 / unproved ({name})"
