"""The shape of newsgen as one table: who may import whom. A new arrow is a decision, so it is made here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import newsgen

PACKAGE = Path(newsgen.__file__).parent

EVERYWHERE = {"errors", "model", "text", "fingerprint", "core"}
"""Leaves that all may import."""

IMPORTS: dict[str, str] = {
    # values and small rules
    "__init__": "",
    "core": "",
    "model": "",
    "errors": "",
    "text": "",
    "fingerprint": "",
    "urls": "",
    "nodes": "",
    "yamltext": "nodes",
    "fields": "",
    "views": "settings",
    "settings": "",
    "defaults": "",
    # stages
    "readers": "fields nodes",
    "deployment": "fields nodes readers settings",
    "config": "deployment fields nodes readers settings yamltext",
    "values": "fields nodes",
    "reviews": "fields nodes values",
    "aliases": "fields nodes values",
    "keys": "aliases fields reviews values",
    "suggestions": "fields nodes",
    "mending": "keys nodes yamltext",
    "entries": "keys mending nodes",
    "plainlines": "fields keys nodes",
    "blocks": "entries keys nodes plainlines suggestions",
    "frontmatter": "blocks keys plainlines suggestions",
    "markup": "",
    "document": "frontmatter markup",
    "stamp": "",
    "survey": "stamp",
    "rows": "",
    "store": "rows",
    "library": "document markup store survey",
    "content": "stamp survey",
    "suffixes": "",
    "images": "",
    "media": "content images stamp suffixes survey urls",
    "links": "media own_links",
    "site": "links survey",
    "view_counts": "fields settings",
    "ledger": "fields nodes settings yamltext",
    "claims": "content settings survey urls",
    "copies": "claims content",
    "own_links": "claims media settings urls",
    "outward": "claims links own_links settings site urls",
    "steady": "claims settings site",
    "unused": "content media suffixes",
    "assemble": "claims content copies links media outward own_links settings site steady survey unused urls",
    "paging": "urls views",
    "cards": "site urls views",
    "assets": "urls",
    "frame": "assets cards settings site views",
    "redirects": "site urls",
    "plan": "assets cards frame paging redirects settings site survey urls views",
    "symbol": "",
    "qr": "symbol",
    "once": "",
    "metadata": "once site urls views",
    "pages": "cards links metadata qr site suffixes urls views",
    "sources": "assets",
    "templating": "sources urls views",
    "render": "images survey pages suffixes survey templating views",
    "looks": "assets defaults render sources",
    "planning": "assemble content looks media plan settings site",
    "blueprint": "content plan site survey views",
    "why": "blueprint",
    "manifest": "",
    "lock": "",
    "census": "stamp",
    "blocking": "manifest",
    "write": "blocking census lock manifest stamp",
    "memory": "blueprint census config content ledger looks media plan rest settings sources stamp store survey why view_counts",
    "jobs": "",
    "crew": "jobs",
    "bench": "jobs library render write",
    "worker": "bench jobs library survey render sources store write",
    "workshop": "bench crew document images jobs survey library looks store worker write",
    "verify": "content library render store write",
    "rest": "census lock looks manifest site stamp survey",
    "seen": "claims content looks media settings survey",
    # commands
    "request": "site",
    "places": "config nodes request store",
    "build": "places blueprint config content ledger library looks media memory plan planning request rest seen settings store survey verify why workshop write",
    "preview": "places survey plan blueprint build claims config content ledger library looks media memory pages planning qr render seen settings site stamp store survey workshop",
    "explain": "manifest memory places store why",
    "scaffold": "content defaults document suggestions survey",
    "roll": "assemble content library links media memory places settings site store survey urls",
    "withdraw": "config ledger roll settings site survey",
    "publish": "__init__ places build config ledger manifest redirects request roll settings urls",
    "chinese": "",
    "cli": "__init__ build chinese config explain fields places preview publish request scaffold withdraw",
    "__main__": "cli",
}

THIRD_PARTY = {
    "jinja2": {"templating"},
    "markdown": {"markup"},
    "nh3": {"markup"},
    "yaml": {"yamltext"},
    "PIL": {"images"},
    "pillow_heif": {"images"},
    "asyncssh": {"publish"},
    "click": {"cli", "chinese"},
    "watchdog": {"preview"},
    "starlette": {"preview"},
    "h11": {"preview"},
    "uvicorn": {"preview"},
    "msgspec": {
        "fingerprint",
        "manifest",
        "metadata",
        "model",
        "publish",
        "rows",
        "store",
        "views",
        "worker",
        "workshop",
    },
    "markupsafe": {"views", "metadata", "pages", "qr", "templating"},
}


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
LATE = {
    "core": {"asyncio", "ctypes", "getpass", "msvcrt"},
    "images": {"pillow_heif"},
    "text": {"difflib"},
    "config": {"newsgen.yamltext"},
    "ledger": {"newsgen.yamltext"},
    "mending": {"newsgen.yamltext"},
    "frontmatter": {"newsgen.blocks"},
    "fingerprint": {"importlib.metadata"},
    "library": {"newsgen.document", "newsgen.markup"},
    "markup": {"newsgen.markup"},
    "media": {"newsgen.images"},
    "render": {"newsgen.images"},
    "looks": {"newsgen.render"},
    "workshop": {"newsgen.bench", "newsgen.crew", "newsgen.document", "newsgen.images", "newsgen.worker"},
    "worker": {"newsgen.bench", "newsgen.render"},
    "build": {"newsgen.planning", "newsgen.verify"},
    "preview": {"ctypes"},
    "publish": {"newsgen.publish"},
    "__main__": {"newsgen.cli"},
    "cli": {
        "newsgen.build",
        "newsgen.explain",
        "newsgen.fields",
        "newsgen.places",
        "newsgen.preview",
        "newsgen.scaffold",
        "newsgen.publish",
        "newsgen.withdraw",
    },
}
"""What is imported where it is first used, so that a build in which nothing has changed starts quickly: Pillow, Jinja2 and
Markdown, and the modules of newsgen that need them."""


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


def test_imports_stand_at_the_top_but_for_those_of_one_table() -> None:
    for name, tree in modules():
        nested = {dotted for node in ast.walk(tree) if isinstance(node, FUNCTION) for dotted in imported(node)}
        assert set(map(library, nested)) <= LATE.get(name, set()), name


def library(dotted: str) -> str:
    """What is imported: a library by its first name, a module of ours by two."""
    return ".".join(dotted.split(".")[: 2 if dotted.startswith(("newsgen.", "importlib.")) else 1])


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
        attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
        own = (node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "sys")
        streams = {"stdout", "stderr"}.intersection(own)
        assert name == "cli" or not streams | {"sys.stdout", "sys.stderr"}.intersection(imported(tree)), name


def test_no_message_has_the_systems_own_words() -> None:
    """They are English, or in the code page of the machine: core.platform.reason() has Chinese ones."""
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in ("core", "crew.py"):  # which has the words; which hands the error on
            continue
        nodes = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute))
        words = [node for node in nodes if node.attr == "strerror" and ast.unparse(node.value) != "os"]
        assert not words, path
