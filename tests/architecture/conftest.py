"""The tree as the architecture tests read it: parsed modules and the text files of the project."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = ("venue_server", "candidate_station", "invigilator_app")
NOT_OURS = {"node_modules", "rehearsals", "build", "dist", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """One Python file; ``name`` is its path below the project with forward slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def imports(self) -> Iterator[tuple[str, str]]:
        """(module, name) of every import; the name is empty for ``import module``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.module or "", alias.name) for alias in node.names)

    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Every function with its dotted name inside the module."""

        def walk(node: ast.AST, path: str) -> Iterator[tuple[str, ast.AST]]:
            for child in ast.iter_child_nodes(node):
                here = path
                if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    here = f"{path}.{child.name}" if path else child.name
                    yield here, child
                yield from walk(child, here)

        for name, node in walk(self.tree, ""):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def _modules(folder: Path) -> list[Module]:
    paths = (path for path in sorted(folder.rglob("*.py")) if not NOT_OURS & set(path.parts))
    return [Module(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in paths]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every module of the three programs."""
    found = [module for program in PROGRAMS for module in _modules(ROOT / program)]
    assert len(found) > 100, "the tree is not where it should be"
    return found


@pytest.fixture(scope="session")
def test_modules() -> list[Module]:
    """Every module of the tests."""
    return _modules(ROOT / "tests")


@pytest.fixture(scope="session")
def text_files() -> dict[str, str]:
    """Every text file of the project by its path below it."""
    found: dict[str, str] = {}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(
            name
            for name in folders
            if name not in NOT_OURS
            and not name.endswith(".egg-info")
            and (not name.startswith(".") or name == ".ci")
        )
        for name in sorted(files):
            path = Path(folder) / name
            data = path.read_bytes()
            if b"\0" not in data[:4096]:
                found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8", "replace")
    return found
