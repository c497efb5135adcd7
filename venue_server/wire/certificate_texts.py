"""The words of what certificates of wiping and destruction list, as zh / en.

The certificates themselves hold fixed names, which are signed and compared; these are for whoever
reads the screen or the print.
"""

from collections.abc import Mapping
from typing import Any

HOW = {
    "shred": ("覆写销毁", "overwritten"),
    "remove": ("删除", "removed"),
    "destroy": ("清除", "wiped"),
}
DELIVERED_BY = {"receipt": "总部回执 / headquarters' receipt"}
WHAT = {
    "answers": "作答数据 / answers",
    "records": "电子记录 / electronic records",
}
_NAMES = (
    ("answer key", "作答密钥"),
    ("escrowed answer key", "作答密钥的密封副本"),
    ("release secret", "释放密钥"),
    ("unused sealed paper ", "未启用的密封试卷 "),
    ("paper ", "试卷 "),
    ("append-only tables", "只增不删的数据表"),
    ("ledger", "台账"),
    ("backup media", "备份介质"),
    ("second copy ", "第二份 "),
    ("bundle ", "密封包 "),
    ("export ", "导出文件 "),
    ("backup ", "备份 "),
)


def item_words(item: Mapping[str, Any]) -> str:
    """One thing that was destroyed: how, its name, its digest."""
    chinese, english = HOW.get(item["how"], (item["how"], item["how"]))
    digest = f" {item['sha256']}" if item["sha256"] else ""
    name = item["name"]
    return f"{chinese}：{name_words(name)}{digest} / {english}: {name}{digest}"


def kept_words(kept: Mapping[str, str]) -> str:
    """One thing that was left, and why."""
    chinese, _, english = kept["why"].rpartition(" / ")
    return f"{name_words(kept['name'])}：{chinese} / {kept['name']}: {english}"


def searched_words(found: Mapping[str, int]) -> str:
    """How much was searched for keys; none was found, else there is no certificate."""
    where = f"{found['files']} files, {found['bytes']} bytes"
    chinese = f"查 {found['files']} 个文件、{found['bytes']} 字节，没有密钥"
    return f"{chinese} / {where} searched: no key found"


def name_words(name: str) -> str:
    """The Chinese of a fixed name; what follows it (ids, file names) stands as it is."""
    for english, chinese in _NAMES:
        if name == english or (english.endswith(" ") and name.startswith(english)):
            return chinese + name.removeprefix(english)
    return name
