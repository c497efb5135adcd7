"""What everybody asks is read again after each change of it, and after nothing else (P3, P5)."""

import ast
import importlib
import inspect
import pkgutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
    text,
    update,
)

import venue_server
from venue_server.staff import store as staff_store
from venue_server.staff.person import Person
from venue_server.storage import schema
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.known import MOST, noting
from venue_server.storage.migrate import migrate
from venue_server.storage.plain import Plain, Row, inside

Change = Callable[[Connection], object]
META = Plain(select(schema.meta.c.key, schema.meta.c.value).order_by(schema.meta.c.key))
ONE = Plain(select(schema.meta.c.value).where(schema.meta.c.key == bindparam("key")))
PART = Table("part", MetaData(), Column("of", String))


def put(key: str, value: str = "x") -> Change:
    return lambda tx: tx.execute(schema.meta.insert().values(key=key, value=value))


async def watched(store: Store) -> list[Row]:
    """What is known once the table is watched: from the first commit after the first question."""
    store.known(META)
    await store.write(lambda tx: None)
    return store.known(META)


def elsewhere(number: int) -> Change:
    line = {"seq": number, "line": "{}", "hash": "h"}
    return lambda tx: tx.execute(schema.ledger.insert().values(**line))


async def test_p5_a_change_of_another_table_leaves_it_known(store: Store) -> None:
    await store.write(put("a"))
    rows = await watched(store)
    await store.write(elsewhere(1))
    assert store.known(META) is rows and store.known_now(META) is rows
    await store.write(put("b"))
    assert store.known_now(META) is None
    assert [key for key, _ in store.known(META)][-1] == "b"


@pytest.mark.parametrize(
    "change",
    [
        update(schema.meta).values(value="y"),
        delete(schema.meta),
        delete(schema.meta).where(schema.meta.c.key == "a"),
        text("INSERT OR REPLACE INTO meta (key, value) VALUES ('a', 'z')"),
        text("REPLACE INTO meta (key, value) VALUES ('a', 'z')"),
    ],
    ids=str,
)
async def test_p5_no_way_of_writing_gets_past_it(store: Store, change: object) -> None:
    await store.write(put("a"))
    await watched(store)
    await store.write(lambda tx: tx.execute(change))  # type: ignore[call-overload]
    assert store.known(META) == store.ask(META)


async def test_p5_what_a_trigger_changes_is_noticed(store: Store) -> None:
    """The statement that set it off does not name that table."""
    follow = "CREATE TRIGGER parts AFTER DELETE ON meta BEGIN DELETE FROM part; END"
    for words in ("CREATE TABLE part (of TEXT)", follow, "INSERT INTO part VALUES ('a')"):
        await store.write(lambda tx, words=words: tx.execute(text(words)))
    await store.write(put("a"))
    part = Plain(select(PART))
    store.known(part)
    await store.write(elsewhere(1))
    assert store.known(part) == [("a",)]
    await store.write(lambda tx: tx.execute(delete(schema.meta)))
    assert store.known(part) == []


async def test_p5_a_piece_that_failed_changes_nothing_that_is_known(store: Store) -> None:
    await store.write(put("a"))
    before = await watched(store)

    def fails(tx: Connection) -> None:
        put("b")(tx)
        raise ValueError

    with pytest.raises(ValueError):
        await store.write(fails)
    assert store.known(META) == before


async def test_p5_every_connection_of_the_writer_is_watched(store: Store) -> None:
    """A device that was gone comes back with fresh connections."""
    await watched(store)
    store.engine.dispose()
    await store.write(put("fresh"))
    assert ("fresh", "x") in store.known(META)


async def test_p5_what_watches_lies_in_memory_and_not_in_the_database(store: Store) -> None:
    """Nothing of it is in a backup, and a full or read-only /tmp refuses no answer."""
    await watched(store)
    assert store.read(lambda tx: tx.execute(text("PRAGMA temp_store")).scalar_one()) == 2
    schema_of = text("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%touched%'")
    assert store.read(lambda tx: tx.execute(schema_of).scalar_one()) == 0


async def test_p5_each_value_is_known_for_itself_and_not_without_bound(store: Store) -> None:
    await store.write(put("a", "1"))
    await watched(store)
    await store.write(put("b", "2"))
    assert store.known(ONE, key="a") == [("1",)] and store.known(ONE, key="b") == [("2",)]
    for number in range(MOST + 1):
        assert store.known(ONE, key=str(number)) == []
    assert len(store._known._rows) <= MOST
    assert store.known(ONE, key="a") == [("1",)]


# ---- whole reads -------------------------------------------------------------------------


class Reader:
    """A store's function that counts how often it was run."""

    def __init__(self, read: Callable[..., object]) -> None:
        self.read = read
        self.times = 0

    def __call__(self, tx: Connection, *args: str) -> object:
        self.times += 1
        return self.read(tx, *args)


def all_keys(tx: Connection) -> list[str]:
    return list(tx.execute(select(schema.meta.c.key).order_by(schema.meta.c.key)).scalars())


async def known_read(store: Store, read: Callable[..., object]) -> Reader:
    """Read until all its tables are watched."""
    reader = Reader(read)
    for _ in range(3):
        store.known_read(reader)
        await store.write(lambda tx: None)
    store.known_read(reader)
    reader.times = 0
    return reader


async def test_p5_a_read_is_run_again_after_a_change_of_its_tables_and_no_other(
    store: Store,
) -> None:
    reader = await known_read(store, all_keys)
    await store.write(elsewhere(1))
    assert store.known_read(reader) == [] and reader.times == 0
    await store.write(put("a"))
    assert store.known_read(reader) == ["a"] and reader.times == 1
    await store.write(put("b"))
    assert store.known_read(reader) == ["a", "b"] and reader.times == 2


async def test_p5_before_its_tables_are_watched_every_commit_makes_it_read_anew(
    store: Store,
) -> None:
    reader = Reader(all_keys)
    for key in "abc":
        await store.write(put(key))
        assert store.known_read(reader) == all_of(store)
        assert store.known_read(reader) == all_of(store)
    assert reader.times == 3


def all_of(store: Store) -> list[str]:
    return store.read(all_keys)


def staff_once_told(tx: Connection) -> list[str]:
    """Looks into a second table only when the first one says so."""
    if "look" not in all_keys(tx):
        return []
    return list(tx.execute(select(schema.staff.c.person_id)).scalars())


def person(person_id: str) -> Change:
    return lambda tx: staff_store.insert(tx, Person(person_id, "n", frozenset(), frozenset()), "h")


async def test_p5_a_read_that_goes_further_than_before_is_watched_there_too(store: Store) -> None:
    reader = await known_read(store, staff_once_told)
    await store.write(person("a"))
    assert store.known_read(reader) == [] and reader.times == 0
    await store.write(put("look"))
    assert store.known_read(reader) == ["a"]
    for number, who in enumerate(("b", "c", "d"), 2):
        await store.write(person(who))
        assert len(cast(list[str], store.known_read(reader))) == number


KEY = schema.meta.c.key
FORMS: dict[str, Any] = {
    "join": select(schema.staff.c.person_id).join(schema.meta, schema.staff.c.person_id == KEY),
    "outer join": select(schema.staff.c.person_id).outerjoin(
        schema.meta, schema.staff.c.person_id == KEY
    ),
    "in a list": select(schema.staff.c.person_id).where(schema.staff.c.person_id.in_(select(KEY))),
    "exists": select(schema.staff.c.person_id).where(
        exists().where(schema.staff.c.person_id == KEY)
    ),
    "scalar": select(select(func.count()).select_from(schema.meta).scalar_subquery()),
    "subquery": select(select(KEY).subquery()),
    "common": select(select(KEY).cte()),
    "union": select(schema.staff.c.person_id).union(select(KEY)),
    "alias": select(schema.meta.alias().c.key),
    "plain": META,
}


@pytest.mark.parametrize("form", FORMS)
async def test_p5_a_table_is_noticed_wherever_a_statement_names_it(store: Store, form: str) -> None:
    def read(tx: Connection) -> object:
        asked = FORMS[form]
        if isinstance(asked, Plain):
            return inside(tx)(asked)
        return [tuple(row) for row in tx.execute(asked)]

    await store.write(person("a"))
    reader = await known_read(store, read)
    await store.write(put("a"))
    assert store.known_read(reader) == store.read(read)
    assert reader.times == 1


async def test_m07_what_was_read_of_a_table_is_not_kept_after_it_changed(store: Store) -> None:
    """It may have been deleted: nothing of it stays in memory until somebody asks again."""
    await store.write(put("a"))
    reader = await known_read(store, all_keys)
    assert any("a" in cast(list[str], found) for _, found in store._reads._found.values())
    await store.write(lambda tx: tx.execute(delete(schema.meta)))
    assert not store._reads._found
    assert store.known_read(reader) == []


async def test_m07_nor_what_was_read_but_once_before_it_changed(store: Store) -> None:
    await store.write(put("a"))
    assert store.known_read(all_keys) == ["a"]
    await store.write(lambda tx: tx.execute(delete(schema.meta)))
    assert not store._reads._found


async def test_m07_nor_what_changed_while_it_was_read(store: Store) -> None:
    def read(tx: Connection) -> list[str]:
        found = all_keys(tx)
        store.submit(lambda tx: tx.execute(delete(schema.meta))).result()
        return found

    for _ in range(3):  # unknown, not watched yet, watched
        await store.write(put("a"))
        assert store.known_read(read) == ["a"]
        assert not store._reads._found


async def test_p5_results_of_reads_are_not_kept_without_bound(store: Store) -> None:
    def of(tx: Connection, key: str) -> bool:
        return tx.execute(select(KEY).where(key == KEY)).first() is not None

    await store.write(put("7"))
    found = [store.known_read(of, str(number)) for number in range(MOST + 10)]
    assert [number for number, there in enumerate(found) if there] == [7]
    assert len(store._reads._found) <= MOST


# ---- the tables of statements ------------------------------------------------------------


def modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(venue_server.__path__, "venue_server.")]
    return [importlib.import_module(each) for each in names if not each.endswith("__main__")]


def statements() -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for module in modules():
        mine = {key: each for key, each in vars(module).items() if isinstance(each, Plain)}
        found |= {f"{module.__name__}.{key}": each for key, each in mine.items()}
    return {name: each for name, each in found.items() if each.text.startswith("SELECT")}


SELECTS = statements()


class Touched:
    """An empty store, and what SQLite itself says of the tables that are read there."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(folder / "venue.db")
        migrate(self.engine)
        self.tables: set[str] = set()
        self._own = {each.name for each in schema.metadata.tables.values()}

    def watch(self, driver: Any) -> None:
        driver.set_authorizer(self._authorise)

    def _authorise(self, _action: int, first: str | None, *_rest: object) -> int:
        self.tables.update({first} & self._own if first else ())
        return sqlite3.SQLITE_OK


@pytest.fixture
def touched(tmp_path: Path) -> Iterator[Touched]:
    one = Touched(tmp_path)
    yield one
    one.engine.dispose()


@pytest.mark.parametrize("name", sorted(SELECTS))
def test_p5_the_tables_of_a_statement_are_those_that_sqlite_touches(
    name: str, touched: Touched
) -> None:
    """A table that was overlooked would leave something old known for ever."""
    statement = SELECTS[name]
    driver = touched.engine.raw_connection().driver_connection
    assert driver is not None
    touched.watch(driver)
    named = {word[1:].strip("(),") for word in statement.text.split() if word[0] == ":"}
    driver.execute("EXPLAIN " + statement.text, statement.with_values(dict.fromkeys(named)))
    assert touched.tables == set(statement.tables) != set()


def known_reads() -> dict[str, Callable[..., object]]:
    """Every function that the server reads through ``known_read``. One that is made anew for each
    call, a lambda or a method's own, would be read and kept each time: there is no such name."""
    found = {}
    for module in modules():
        source = Path(str(module.__file__)).read_text("utf-8")
        if ".known_read(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".known_read"):
                name = ast.unparse(node.args[0])
                found[f"{module.__name__}: {name}"] = eval(name, vars(module))
    return found


READS = known_reads()


@pytest.mark.parametrize("name", sorted(READS))
def test_p5_the_tables_seen_of_a_read_are_those_that_sqlite_touches(
    name: str, touched: Touched
) -> None:
    """As far as it goes in an empty store."""
    read, seen = READS[name], set[str]()
    with touched.engine.connect() as connection:
        touched.watch(connection.connection.driver_connection)
        _tx, *named = inspect.signature(read).parameters.values()
        args = ["x" if each.annotation is str else ("x",) for each in named]
        noting(connection, seen, lambda: read(connection, *args))
    assert touched.tables == seen != set()
    assert seen.isdisjoint({"response", "ledger"}), "every save changes them, and would be slower"
