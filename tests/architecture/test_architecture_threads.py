"""No work of the server escapes its lanes, and no loop waits for a disk (R11).

Whatever is heavy runs in a lane of ``storage/background.py``, whatever touches a medium in its own
thread by ``storage/media_lanes.py``. What makes threads beside them is named here and in the table
of docs/reliability.md, with its reason.
"""

import ast
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NOT_THE_SERVER = (
    "venue_server/client/",  # in the programs at the seats and the consoles
    "venue_server/headquarters/",  # the authority's own program
    "venue_server/rehearsal/",  # starts the programs and looks on
    "venue_server/commands/",  # commands beside a server, or without one
)
MAKES_THREADS = {"Thread", "ThreadPoolExecutor", "ProcessPoolExecutor", "OneThread", "in_daemon"}
LENT = {"to_thread", "run_in_executor"}
"""The loop's own pool: one for everything, at the answers' priority, used up by what hangs."""
THREADS = {
    "venue_server/storage/background.py:OneThread",
    "venue_server/storage/media_lanes.py:OneThread",
    "venue_server/storage/one_thread.py:Thread",
    "venue_server/storage/one_thread.py:OneThread",
    "venue_server/storage/engine.py:Thread",
    "venue_server/storage/one_thread.py:in_daemon",
    "venue_server/storage/primary.py:OneThread",
    "venue_server/storage/read_probe.py:OneThread",
    "venue_server/gateway/answer_facts.py:in_daemon",
    "venue_server/gateway/metrics_file.py:in_daemon",
    "venue_server/intake/custody/window_io.py:in_daemon",
    "venue_server/responses/answer_keys.py:in_daemon",
    "venue_server/upload/twin.py:in_daemon",
    "venue_server/responses/second_side.py:OneThread",
    "venue_server/backup/service.py:in_daemon",
    "venue_server/ledger/book.py:in_daemon",
    "venue_server/intake/assembly.py:ThreadPoolExecutor",
    "venue_server/own_log.py:Thread",
}
TOUCHES = {
    *("stat", "lstat", "is_dir", "is_file", "exists", "iterdir", "glob", "rglob", "read_bytes"),
    *("read_text", "write_bytes", "write_text", "unlink", "mkdir", "rename", "resolve", "touch"),
    *("rmdir", "problem", "medium_of", "disk_usage", "listdir", "scandir"),
}
ON_THE_LOOP = {
    # All on the server's own disk, and a name or a few bytes each.
    "venue_server/gateway/day_export.py:export:mkdir",
    "venue_server/gateway/duty_keeper.py:look:exists",
    "venue_server/gateway/duty_keeper.py:look:rename",
    "venue_server/gateway/duty_keeper.py:look:read_bytes",
    "venue_server/gateway/duty_keeper.py:look:unlink",
    "venue_server/gateway/listener.py:open:unlink",
    "venue_server/intake/acceptance.py:_keep_manifest:mkdir",
    "venue_server/intake/acceptance.py:_copy_and_judge:exists",
    "venue_server/intake/acceptance.py:_copy_and_judge:unlink",
    "venue_server/intake/service.py:standing:iterdir",
}


def _server(modules: list[Any]) -> list[Any]:
    return [
        each
        for each in modules
        if each.name.startswith("venue_server/") and not each.name.startswith(NOT_THE_SERVER)
    ]


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_r11_no_thread_is_made_beside_the_lanes(modules: list[Any]) -> None:
    made = {
        f"{module.name}:{name}"
        for module in _server(modules)
        for node in ast.walk(module.tree)
        if (name := _called(node)) in MAKES_THREADS
    }
    assert made - THREADS == set(), "give it to a lane, or say here and in the table why not"
    assert THREADS - made == set(), "makes no thread any more: take it off the list"


def test_r11_nothing_is_lent_to_the_loops_own_pool(modules: list[Any]) -> None:
    lent = [
        f"{module.name}:{node.lineno}"
        for module in _server(modules)
        for node in ast.walk(module.tree)
        if _called(node) in LENT
    ]
    assert lent == [], "use storage/background.py, or storage/media_lanes.py for a medium"


def test_r11_the_loop_itself_asks_no_device(modules: list[Any]) -> None:
    """Every save waits for a call that hangs there."""
    found = {
        f"{module.name}:{function.name}:{name}"
        for module in _server(modules)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.AsyncFunctionDef)
        for node in _own(function)
        if (name := _called(node)) in TOUCHES
    }
    assert found - ON_THE_LOOP == set()
    assert ON_THE_LOOP - found == set(), "not on the loop any more: take it off the list"


def _own(function: ast.AST) -> list[ast.AST]:
    """Nodes of a function without those of functions inside it."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        found += [child, *_own(child)]
    return found


def test_r11_every_lane_and_thread_stands_in_the_table() -> None:
    table = (ROOT / "docs/reliability.md").read_text()
    from venue_server.storage.background import LANES

    files = {entry.split(":")[0].removeprefix("venue_server/") for entry in THREADS}
    missing = [name for name in [*LANES, *sorted(files)] if f"`{name}`" not in table]
    assert missing == []
