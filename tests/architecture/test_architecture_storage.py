"""SQL lives in storage/ and in each stage's store.py; everyone else may only carry a connection."""

import ast
from typing import Any

import pytest

RUNS_SQL = ("execute", "executemany", "executescript", "exec_driver_sql", "scalars", "scalar_one")
LEDGER = "venue_server/ledger/book.py"  # the ledger is its own store
BACKUP = "venue_server/backup/archive.py"  # SQLite's online backup, a copy and no query


def _may_hold_sql(name: str) -> bool:
    in_storage = name.startswith("venue_server/storage/")
    return in_storage or name.endswith("/store.py") or name == LEDGER


def test_sql_is_imported_only_where_it_may_be(modules: list[Any]) -> None:
    wrong = [
        f"{module.name}: {source}.{what}"
        for module in modules
        if not _may_hold_sql(module.name)
        for source, what in module.imports()
        if source.split(".")[0] == "sqlalchemy" and (source, what) != ("sqlalchemy", "Connection")
    ]
    assert wrong == [], "others may take a Connection to stay in a transaction, nothing more"


def test_sql_is_run_only_where_it_may_be(modules: list[Any]) -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules
        if not _may_hold_sql(module.name) and module.name != BACKUP
        for node in _calls_of(module, RUNS_SQL)
    ]
    assert wrong == []


def test_the_object_mapper_is_nowhere(modules: list[Any]) -> None:
    assert [m.name for m in modules if any(s == "sqlalchemy.orm" for s, _ in m.imports())] == []


def test_sqlite_is_spoken_directly_only_for_the_online_backup(modules: list[Any]) -> None:
    users = {m.name for m in modules if any(s == "sqlite3" for s, _ in m.imports())}
    assert users <= {BACKUP, "venue_server/backup/store.py", "venue_server/storage/engine.py"}


@pytest.mark.parametrize("program", ["candidate_station", "invigilator_app"])
def test_the_programs_at_the_seats_know_no_database(modules: list[Any], program: str) -> None:
    wrong = [
        module.name
        for module in modules
        if module.name.startswith(program + "/")
        and any(source.split(".")[0] in ("sqlalchemy", "sqlite3") for source, _ in module.imports())
    ]
    assert wrong == []


def _calls_of(module: Any, names: tuple[str, ...]) -> list[Any]:
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    ]
