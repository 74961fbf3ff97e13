"""Scripts and styles for browsers of five years ago: Chromium 96, Firefox 94, Safari 15."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tests" / "node_modules" / ".bin"
SHIPPED = ["src/newsgen/preview", "theme"]

FALLBACKS = {
    (
        "drafts.js",
        "BroadcastChannel",
    ): "asked for; without it, a draft that does not move belongs to a window that is gone",
    ("drafts.js", "locks"): "asked for; without them, a window that does not answer in time is taken to be gone",
    ("server_events.js", "SharedWorker"): "asked for; without it, each page has a connection of its own",
    ("photo_text.js", "caretRangeFromPoint"): "asked for; Firefox has caretPositionFromPoint",
}
"""What is newer, and what happens in its place. `if (window.X)` around its use is seen by the checker itself."""

NEW_SCRIPTS = [
    "Object.hasOwn(a, b);",
    "structuredClone(a);",
    "words.at(-1);",
    "words.findLast(Boolean);",
    "words.toSorted();",
    "found.values().map(String);",
    "/(?<=a)b/v.test(a);",
    "/(?<=a)b/.test(a);",
    "class A { static { a(); } }",
    "AbortSignal.timeout(1);",
    "crypto.randomUUID();",
    "new Intl.Segmenter();",
    "Promise.withResolvers();",
    "element.inert = true;",
    "await found;",
]
NEW_STYLES = [
    "a:has(b) { color: red }",
    "a { & b { color: red } }",
    "a { container-type: inline-size }",
    "@container (width > 1px) { a { color: red } }",
    "@layer a { b { color: red } }",
    "a { color: color-mix(in srgb, red, blue) }",
    "a { field-sizing: content }",
    "a { grid-template-rows: subgrid }",
]


def told(folder: Path, tool: str, config: str, *paths: str) -> list[tuple[str, str]]:
    """What a checker says of the files below a folder: the name of the file, and the words."""
    options = ["--config", str(ROOT / "tests" / config), "--format" if tool == "eslint" else "--formatter", "json"]
    command = [str(TOOLS / tool), *options, *paths]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout or done.stderr)
    return [
        (Path(file.get("filePath") or file["source"]).name, message.get("message") or message["text"])
        for file in found
        for message in file.get("messages") or file.get("warnings") or []
    ]


def test_scripts_use_nothing_newer_without_a_fallback() -> None:
    found = told(ROOT, "eslint", "eslint.config.mjs", *SHIPPED)
    unknown = [
        (name, words) for name, words in found if not any(name == file and one in words for file, one in FALLBACKS)
    ]
    assert unknown == []
    assert [key for key in FALLBACKS if not any(name == key[0] and key[1] in words for name, words in found)] == [], (
        "not there any more"
    )


def test_styles_use_nothing_newer_that_anybody_would_miss() -> None:
    assert told(ROOT, "stylelint", "stylelint.config.mjs", *(f"{folder}/**/*.css" for folder in SHIPPED)) == []


def test_whatever_is_newer_would_be_found(tmp_path: Path) -> None:
    for suffix, samples in (("js", NEW_SCRIPTS), ("css", NEW_STYLES)):
        for number, sample in enumerate(samples):
            (tmp_path / f"{number}.{suffix}").write_text(sample)
    scripts = {name for name, _ in told(tmp_path, "eslint", "eslint.config.mjs", ".")}
    styles = {name for name, _ in told(tmp_path, "stylelint", "stylelint.config.mjs", "*.css")}
    assert [text for number, text in enumerate(NEW_SCRIPTS) if f"{number}.js" not in scripts] == []
    assert [text for number, text in enumerate(NEW_STYLES) if f"{number}.css" not in styles] == []
