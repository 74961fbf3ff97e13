"""The shape of newsgen as one table: who may import whom. A new arrow is a decision, so it is made here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import newsgen

PACKAGE = Path(newsgen.__file__).parent

EVERYWHERE = {"errors", "model", "text", "fingerprint"}
"""Leaves that all may import."""

IMPORTS: dict[str, str] = {
    # values and small rules
    "__init__": "",
    "model": "",
    "errors": "",
    "text": "",
    "fingerprint": "",
    "urls": "",
    "yamltext": "",
    "fields": "",
    "views": "settings",
    "settings": "",
    "defaults": "",
    # stages
    "config": "fields settings yamltext",
    "values": "fields yamltext",
    "keys": "fields values yamltext",
    "mending": "keys yamltext",
    "entries": "keys mending yamltext",
    "frontmatter": "entries keys yamltext",
    "markup": "",
    "content": "frontmatter markup",
    "images": "",
    "media": "content images urls",
    "links": "media",
    "site": "links",
    "claims": "content urls",
    "assemble": "claims content links media settings site urls",
    "paging": "views",
    "cards": "site urls views",
    "assets": "urls",
    "frame": "assets cards settings site views",
    "redirects": "cards site urls",
    "plan": "assets cards frame paging redirects settings site urls views",
    "symbol": "",
    "qr": "symbol",
    "once": "",
    "metadata": "once site urls views",
    "pages": "cards links media metadata qr site urls views",
    "templating": "urls views",
    "render": "images pages templating views",
    "manifest": "",
    "lock": "",
    "write": "lock manifest",
    # commands
    "build": "assemble assets config content defaults manifest media plan render settings site write",
    "scaffold": "content defaults",
    "chinese": "",
    "cli": "__init__ build chinese config fields scaffold",
    "__main__": "cli",
}

THIRD_PARTY = {
    "jinja2": {"templating"},
    "markdown": {"markup"},
    "nh3": {"markup"},
    "yaml": {"yamltext"},
    "PIL": {"images"},
    "pillow_heif": {"images"},
    "click": {"cli", "chinese"},
    "msgspec": {"views", "metadata"},
    "markupsafe": {"views", "metadata", "pages", "qr", "templating"},
}


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
HEAVY = {"images": {"pillow_heif"}}
"""Imported where first used, for start-up time."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of newsgen with its syntax tree; a package counts as one module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).with_suffix("").parts[0], ast.parse(path.read_text("utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_imports_only_what_the_table_allows() -> None:
    for name, tree in modules():
        own = {dotted.split(".")[1] for dotted in imported(tree) if dotted.startswith("newsgen.")}
        own = {target if target in IMPORTS else "__init__" for target in own}
        allowed = set(IMPORTS[name].split()) | EVERYWHERE | {name}
        assert own <= allowed, f"{name} imports {sorted(own - allowed)}"


def test_the_table_holds_no_rings() -> None:
    graph = {name: set(targets.split()) for name, targets in IMPORTS.items()}
    while graph:
        leaves = {name for name, targets in graph.items() if not targets & graph.keys()}
        assert leaves, f"these import one another in a ring: {sorted(graph)}"
        graph = {name: targets for name, targets in graph.items() if name not in leaves}


def test_the_leaves_import_only_leaves() -> None:
    for name, tree in modules():
        if name in EVERYWHERE:
            own = {dotted.split(".")[1] for dotted in imported(tree) if dotted.startswith("newsgen.")}
            assert own <= EVERYWHERE, name


def test_the_table_lists_every_module_and_no_other() -> None:
    assert {name for name, _ in modules()} == IMPORTS.keys()


def test_each_library_is_used_in_its_own_place() -> None:
    for name, tree in modules():
        libraries = {dotted.split(".")[0] for dotted in imported(tree)} - sys.stdlib_module_names - {"newsgen"}
        for library in libraries:
            assert name in THIRD_PARTY.get(library, set()), f"{name} imports {library}"


def test_imports_stand_at_the_top_but_for_one_heavy_library() -> None:
    for name, tree in modules():
        nested = {
            dotted.split(".")[0] for node in ast.walk(tree) if isinstance(node, FUNCTION) for dotted in imported(node)
        }
        assert nested <= HEAVY.get(name, set()), name


def test_no_file_is_in_a_ring() -> None:
    """The same for files: packages count as one module in the table."""
    graph = {path: set(own_imports(path)) for path in PACKAGE.rglob("*.py")}
    while graph:
        leaves = {path for path, targets in graph.items() if not targets & graph.keys() - {path}}
        assert leaves, f"these import one another in a ring: {sorted(path.name for path in graph)}"
        graph = {path: targets for path, targets in graph.items() if path not in leaves}


def own_imports(path: Path) -> Iterator[Path]:
    """The files of newsgen that a file imports."""
    for dotted in imported(ast.parse(path.read_text("utf-8"))):
        parts = dotted.split(".")
        for depth in (len(parts), len(parts) - 1):
            target = PACKAGE.parent.joinpath(*parts[:depth])
            found = target.with_suffix(".py") if depth > 1 else target / "__none__"
            if found.is_file():
                yield found
                break
            if depth == len(parts) - 1 and depth > 1 and (target / "__init__.py").is_file() and target != path.parent:
                yield target / "__init__.py"


def test_only_the_command_line_prints() -> None:
    for name, tree in modules():
        calls = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in calls, name
        streams = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"stdout", "stderr"}
        assert name == "cli" or not streams | {"sys.stdout", "sys.stderr"}.intersection(imported(tree)), name
