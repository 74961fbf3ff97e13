"""Patterns from the cache are those that `re` compiles, and a cache that is missing or damaged costs only time."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsgen.core import pattern_cache

ROOT = Path(__file__).parents[2]

SOURCES = (
    (r"(?P<year>\d{4})年(?P<month>\d{1,2})月|(?<!第)[〇一二三四五六七八九十]+(?(year)日|号)", re.NOFLAG),
    (r"[^\W\d_]++ *(?i:html?)", re.MULTILINE | re.DOTALL),
    (r"(?x) a  # 一个 a", re.IGNORECASE),
    (rb"\xff[^\x00\xd0-\xd7]", re.NOFLAG),
    ("[\U00010000-\U0010ffff\ud800-\udfff]", re.NOFLAG),
    ("a", re.NOFLAG),
    (b"a", re.ASCII),
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of this test's own, and the compiler of `re` as it was afterwards."""
    compiler = importlib.import_module("re._compiler")
    found = tmp_path / "patterns.bin"
    monkeypatch.setattr(pattern_cache, "PLACE", str(found))
    monkeypatch.setattr(pattern_cache, "_known", {})
    monkeypatch.setattr(pattern_cache, "_missed", [])
    monkeypatch.setattr(pattern_cache, "ENOUGH", 1)
    monkeypatch.setattr(compiler, "compile", compiler.compile)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    re.purge()
    yield found
    re.purge()


def compiled_in_a_module() -> list[re.Pattern[Any]]:
    """The patterns, compiled as a module does it."""
    names: dict[str, Any] = {"SOURCES": SOURCES, "re": re}
    exec("found = []\nfor source, flags in SOURCES: found.append(re.compile(source, flags))", names)
    return list(names["found"])


def test_patterns_from_the_cache_are_those_that_re_compiles(place: Path) -> None:
    own = compiled_in_a_module()
    re.purge()
    pattern_cache.install()
    compiled_in_a_module()
    pattern_cache.save()
    re.purge()
    pattern_cache.install()
    cached = compiled_in_a_module()
    assert place.exists()
    assert cached == own
    assert all(a is not b for a, b in zip(cached, own, strict=True))
    assert [(p.groups, p.groupindex, p.flags) for p in cached] == [(p.groups, p.groupindex, p.flags) for p in own]
    match = cached[0].search("于2024年3月举行")
    assert match
    assert match.groupdict() == {"year": "2024", "month": "3"}
    assert match.lastgroup == "month"


def test_every_pattern_that_newsgen_has_is_equal_in_the_cache() -> None:
    """As the modules of newsgen and of its libraries compile them."""
    for module in (
        "content.markdown.pipeline",
        "content.markdown.diagnostics",
        "pages.kinds",
        "render.renderer",
        "cli",
    ):
        importlib.import_module(f"newsgen.{module}")
    patterns = {
        value
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("newsgen", "markdown", "jinja2", "yaml", "click", "PIL", "html", "string")
        for value in list(vars(module).values())
        if isinstance(value, re.Pattern)
    }
    assert len(patterns) > 100
    keys = [(isinstance(item.pattern, str), item.pattern, item.flags & ~re.LOCALE) for item in patterns]
    assert {key for key, _ in pattern_cache._forms(keys)} == set(keys)


def test_patterns_made_in_functions_are_not_saved(place: Path) -> None:
    """They may hold words of a site, such as the names of people."""
    pattern_cache.install()
    re.compile("王小明|李小红")
    pattern_cache.save()
    assert not place.exists()


@pytest.mark.parametrize("harm", [b"", b"\x00\x00\x00\x00rubbish", b"cut short", b"another Python"])
def test_a_cache_that_is_no_use_is_made_anew(place: Path, harm: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    pattern_cache.install()
    own = compiled_in_a_module()
    pattern_cache.save()
    whole = place.read_bytes()
    if harm == b"another Python":
        monkeypatch.setattr(sys, "version", "4.0")
    else:
        place.write_bytes(whole[:-5] if harm == b"cut short" else harm)
    re.purge()
    pattern_cache._known.clear()
    pattern_cache._missed.clear()
    pattern_cache.install()
    assert not pattern_cache._known
    assert compiled_in_a_module() == own
    pattern_cache.save()
    pattern_cache.install()
    assert len(pattern_cache._known) == len(SOURCES)


def test_nothing_is_saved_where_python_saves_no_bytecode(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    pattern_cache.install()
    compiled_in_a_module()
    pattern_cache.save()
    assert not place.exists()


def test_the_command_imports_the_cache_before_anything_that_has_patterns() -> None:
    """Else those would be compiled in every process."""
    code = "import sys; before = set(sys.modules); import newsgen.core.pattern_cache; print(*sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"string", "pathlib", "click", "newsgen.core.text", "msgspec"} & set(found)


def test_the_patterns_that_make_saves_are_all_that_a_build_asks_for(tmp_path: Path) -> None:
    """Those of the chain, too, which few reports take, and those of photos and of workers."""
    package = shutil.copytree(ROOT / "src" / "newsgen", tmp_path / "src" / "newsgen")
    for name in ("templates", "theme"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for cache in package.rglob("__pycache__"):
        shutil.rmtree(cache)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, arguments in (("newsgen", "-m newsgen"), ("python", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        (commands / name).chmod(0o755)
    counts = [name for name in os.environ if name.startswith("COVERAGE")]  # the lines of a copy are nobody's
    variables = {name: value for name, value in os.environ.items() if name not in counts}
    variables["PYTHONPATH"] = str(tmp_path / "src")
    subprocess.run(["sh", str(ROOT / "scripts" / "save-patterns"), str(commands)], env=variables, check=True)
    code = "from newsgen.core import pattern_cache as cache; cache.install()\n"
    code += "import concurrent.futures.process, newsgen.cli, newsgen.build.planning\n"
    code += "from newsgen.content import document, images; from newsgen.core.model import Markdown\n"
    code += "images.warm()\n"
    code += "document.parse('---\\ntitle: 一\\ndate: 2024-03-13\\n---\\n[[一](a.md)](b.md)\\n\\n<div>二</div>'.encode(), Markdown())\n"
    code += "print(cache._missed, 'newsgen.content.markdown.pipeline' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}"], env=variables, capture_output=True, text=True, check=True
    ).stdout
    assert found == "[] True\n"
