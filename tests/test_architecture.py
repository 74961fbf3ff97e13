"""The shape of newsgen as one table: which package may import which. A new arrow is a decision, so it is made here."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import newsgen

pytestmark = pytest.mark.xdist_group("architecture")

PACKAGE = Path(newsgen.__file__).parent
STARTER = PACKAGE / "authoring" / "starter"

IMPORTS: dict[str, str] = {
    "core": "",
    "config": "",
    "content": "config",
    "signoff": "config content",
    "site": "config content",
    "pages": "config content site",
    "render": "content site pages",
    "build": "config content signoff site pages render",
    "check": "config content signoff site build",
    "authoring": "config content signoff site build check",
    "preview": "config content signoff site pages render build check authoring",
    "publish": "config signoff build check",
    "cli": "config signoff authoring build check preview publish",
}
"""What each package imports besides core, which all may; nobody imports cli but `python -m newsgen`."""

THIRD_PARTY = {
    "jinja2": {"render"},
    "markdown": {"content"},
    "nh3": {"content"},
    "yaml": {"core"},
    "ahocorasick_rs": {"check"},
    "pypdfium2": {"check"},
    "PIL": {"content"},
    "pillow_heif": {"content"},
    "asyncssh": {"publish"},
    "click": {"cli"},
    "watchdog": {"preview"},
    "starlette": {"preview"},
    "h11": {"preview"},
    "uvicorn": {"preview"},
    "msgspec": {"core", "pages", "build", "authoring", "preview", "publish"},
    "markupsafe": {"pages", "render"},
}
"""The packages that use a library. msgspec makes records and JSON, markupsafe the strings in them that are HTML."""

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
ASKED_FOR = (*FUNCTION, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Call, ast.Attribute)
"""The kinds of nodes that the tests look at."""

LATE = {
    "core": {"asyncio", "ctypes", "difflib", "getpass", "importlib.metadata", "msvcrt", "resource"},
    "config": {"newsgen.core"},
    "content": {"newsgen.core", "newsgen.content", "nh3", "pillow_heif", "zipfile"},
    "render": {"newsgen.content", "newsgen.render"},
    "build": {"concurrent", "multiprocessing", "newsgen.build", "newsgen.content", "newsgen.pages", "newsgen.render"},
    "check": {"ahocorasick_rs", "http", "newsgen.check", "newsgen.core", "newsgen.signoff", "ssl"},
    "preview": {"ctypes", "newsgen.preview", "newsgen.signoff", "ssl"},
    "publish": {"newsgen.publish"},
    "cli": {
        "newsgen.core",
        "newsgen.authoring",
        "newsgen.build",
        "newsgen.check",
        "newsgen.config",
        "newsgen.preview",
        "newsgen.publish",
        "newsgen.signoff",
    },
    "": {"newsgen.cli", "newsgen.core"},
}
"""What is imported where it is first used, so that a build in which nothing has changed starts quickly: Pillow, Jinja2,
Markdown and YAML, the modules of newsgen that need them, and what one system alone has."""


@cache
def files() -> tuple[tuple[str, str, ast.Module], ...]:
    """Every file of newsgen: its path below the package, the package that it belongs to ("" for none), its syntax tree.

    What is copied into new sites is a program of its own (tests/authoring/test_start.py).
    """
    found = (path for path in sorted(PACKAGE.rglob("*.py")) if STARTER not in path.parents)
    paths = {path.relative_to(PACKAGE).as_posix(): path for path in found}
    return tuple((name, package_of(name), ast.parse(path.read_text("utf-8"))) for name, path in paths.items())


def package_of(name: str) -> str:
    """The package of a file; "" for those beside the packages: the version, and what `python -m newsgen` runs."""
    return name.partition("/")[0] if "/" in name else ""


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """What a syntax tree holds of what the tests ask for: a walk through all of it takes long."""
    return tuple(node for node in ast.walk(tree) if isinstance(node, ASKED_FOR))


@cache
def imported(tree: ast.AST) -> tuple[str, ...]:
    """The dotted names that a module imports, wherever the import stands."""
    return tuple(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def own_imports(tree: ast.AST) -> tuple[str, ...]:
    """The files of newsgen that a module imports, as paths below the package."""
    return tuple(_own_imports(tree))


def _own_imports(tree: ast.AST) -> Iterator[str]:
    for dotted in imported(tree):
        parts = dotted.split(".")[1:] if dotted.startswith("newsgen.") else []
        for depth in range(len(parts), 0, -1):
            target = "/".join(parts[:depth])
            found = next(
                (name for name in (f"{target}.py", f"{target}/__init__.py") if (PACKAGE / name).is_file()), None
            )
            if found:
                yield found
                break


def test_every_package_imports_only_what_the_table_allows() -> None:
    for name, package, tree in files():
        own = {package_of(target) for target in own_imports(tree)} - {package, "core", ""}
        allowed = set(IMPORTS[package].split()) if package else {"cli"}
        assert own <= allowed, f"{name} imports {sorted(own - allowed)}"


def test_the_table_is_read_downwards() -> None:
    seen: set[str] = set()
    for name, targets in IMPORTS.items():
        assert set(targets.split()) <= seen, f"{name} imports what stands below it"
        seen.add(name)


def test_the_table_lists_every_package_and_no_other() -> None:
    assert {package for _, package, _ in files()} == {*IMPORTS, ""}


def test_each_library_is_used_in_its_own_place() -> None:
    for name, package, tree in files():
        libraries = {dotted.split(".")[0] for dotted in imported(tree)} - sys.stdlib_module_names - {"newsgen"}
        for library in libraries:
            assert package in THIRD_PARTY.get(library, set()), f"{name} imports {library}"


def test_imports_stand_at_the_top_but_for_those_of_one_table() -> None:
    for name, package, tree in files():
        functions = [node for node in nodes_of(tree) if isinstance(node, FUNCTION)]
        late = {f"newsgen.{package_of(target)}" for node in functions for target in own_imports(node)}
        late |= {
            library(dotted) for node in functions for dotted in imported(node) if not dotted.startswith("newsgen.")
        }
        assert late <= LATE.get(package, set()), name


def library(dotted: str) -> str:
    """What is imported: a library by its first name, a part of importlib by two."""
    return ".".join(dotted.split(".")[: 2 if dotted.startswith("importlib.") else 1])


def test_no_file_is_in_a_ring() -> None:
    graph = {name: set(own_imports(tree)) for name, _, tree in files()}
    while graph:
        leaves = {name for name, targets in graph.items() if not targets & graph.keys() - {name}}
        assert leaves, f"these import one another in a ring: {sorted(graph)}"
        graph = {name: targets for name, targets in graph.items() if name not in leaves}


def test_only_the_command_line_prints() -> None:
    for name, package, tree in files():
        calls = {
            node.func.id for node in nodes_of(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in calls, name
        attributes = (node for node in nodes_of(tree) if isinstance(node, ast.Attribute))
        own = (node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "sys")
        streams = {"stdout", "stderr"}.intersection(own)
        assert package == "cli" or not streams | {"sys.stdout", "sys.stderr"}.intersection(imported(tree)), name


def test_no_message_has_the_systems_own_words() -> None:
    """They are English, or in the code page of the machine: core.platform.reason() has Chinese ones."""
    for name, package, tree in files():
        if (
            package == "core" or name == "build/workers.py"
        ):  # which have the words, or send them from one process to another
            continue
        nodes = (node for node in nodes_of(tree) if isinstance(node, ast.Attribute))
        words = [node for node in nodes if node.attr == "strerror" and ast.unparse(node.value) != "os"]
        assert not words, name


def test_no_two_classes_have_one_name() -> None:
    names: dict[str, str] = {}
    for name, _, tree in files():
        for node in nodes_of(tree):
            if isinstance(node, ast.ClassDef):
                first = names.setdefault(node.name.lstrip("_"), name)
                assert first == name, f"{node.name} is a class of {first} and of {name}"


def test_the_docstring_of_each_package_names_all_that_is_in_it() -> None:
    """It is the map by which one finds the module that does something."""
    for name, _, tree in files():
        folder, file = (PACKAGE / name).parent, Path(name).name
        if file == "__init__.py":
            packages = {path.parent.name for path in folder.glob("*/__init__.py")}
            modules = {path.stem for path in folder.glob("[!_]*.py")}
            named = set(re.findall(r"\w+", ast.get_docstring(tree) or ""))
            assert packages | modules <= named, f"{name} does not name {(packages | modules) - named}"
