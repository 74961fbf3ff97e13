"""What it means that a build is exact: a site is built where it lies and, from a copy of its sources alone, elsewhere.

Both end in the same tree, byte for byte, and say the same; a second build does nothing; and nothing is rendered for which
`newsgen why` cannot name a cause that is one.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.output.manifest import MANIFEST, STAGING, Manifest, read_manifest
from newsgen.build.pipeline import build
from newsgen.build.reasons import Change, Reason
from newsgen.build.request import Request, Result
from newsgen.core.digest import digest_bytes, environment
from newsgen.core.errors import NewsgenError
from newsgen.core.model import SHANGHAI, Diagnostic, Progress, changed
from random_edits import copy_sources, snapshot, sources_of
from sample_values import Sources
from site_test import tree

START = datetime(2024, 6, 1, 8, tzinfo=SHANGHAI)
"""When stories begin; site_test.NOW is the same."""
UNNAMED = frozenset({"pager", "links", "terms", "sitemap"})
"""Parts that are made of the site as a whole: `why` names no file for them."""


@contextmanager
def silent(label: str, length: int) -> Iterator[Any]:
    """A progress that nobody looks at."""
    yield lambda name: None


@dataclass(frozen=True)
class Outcome:
    """What a build came to: an exit code, what it said of the site (not of the store), and its numbers."""

    code: int
    said: tuple[Diagnostic, ...]
    result: Result

    @property
    def lasting(self) -> object:
        """What must not depend on what was built before."""
        return self.code, self.said, self.result.articles, self.result.outputs, self.result.next_due

    @property
    def done(self) -> tuple[int, int, int]:
        """How much was rendered, written and deleted."""
        return self.result.rendered, self.result.written, self.result.deleted


def attempt(request: Request, progress: Progress = silent) -> Outcome:
    """Build; a refusal is an outcome too."""
    try:
        result, code = build(request, progress), 0
    except NewsgenError as error:
        result, code = Result(diagnostics=error.diagnostics), error.exit_code
    said = tuple(item for item in result.diagnostics if not item.code.startswith("store."))
    return Outcome(code, said, result)


def files_of(out: Path) -> dict[str, bytes]:
    """The files of an output folder, the manifest included."""
    manifest = out / MANIFEST
    return tree(out) | ({MANIFEST: manifest.read_bytes()} if manifest.exists() else {})


def fresh(request: Request) -> tuple[Outcome, dict[str, bytes]]:
    """What a build of the same sources comes to where nothing is known, and the files that it makes."""
    with tempfile.TemporaryDirectory() as folder:
        copy_sources(request.root, Path(folder))
        bare = changed(request, root=Path(folder), out=None, jobs=1, full=False, verify=None)
        return attempt(bare), files_of(bare.output_dir)


@dataclass(frozen=True)
class Past:
    """What a build into a folder was made of."""

    request: Request
    sources: Sources


@dataclass(frozen=True)
class Before:
    """What stood in the output folder before a build, and the manifest of it."""

    files: Mapping[str, bytes]
    manifest: Manifest

    def is_altered(self, path: str) -> bool:
        """Whether the output is not as its build left it."""
        entry = self.manifest[path]
        return path not in self.files or digest_bytes(self.files[path]) != entry.digest


class Proof:
    """Builds the site at `root`, and sees that every build is exact."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._past: dict[Path, Past] = {}
        self._fresh: dict[object, tuple[Outcome, dict[str, bytes]]] = {}  # stories come back to the same sources

    def check(self, request: Request, is_forgetful: bool) -> Outcome:
        """Build twice, and hold both against a fresh build. Raises AssertionError.

        `is_forgetful`: the store may have lost what it takes to tell causes.
        """
        out = request.output_dir
        before = Before(files_of(out), read_manifest(out, "public"))
        found = attempt(request)
        expected, files = self._fresh_build(request)
        assert found.lasting == expected.lasting
        if found.code:
            assert files_of(out) == before.files
            return found
        assert files_of(out) == files
        assert not request.full or found.result.rendered == found.result.outputs
        assert not (out / STAGING).exists()
        self._judge(request, found, before, is_forgetful)
        again = attempt(changed(request, full=False, verify=None))
        assert again.lasting == found.lasting
        assert again.done == (0, 0, 0)
        self._past[out] = Past(request, sources_of(self.root))
        return found

    def _fresh_build(self, request: Request) -> tuple[Outcome, dict[str, bytes]]:
        """As fresh(), which is asked once for the same sources and options."""
        key = snapshot(self.root), request.now, request.options_key
        if key not in self._fresh:
            self._fresh[key] = fresh(request)
        return self._fresh[key]

    def forget(self, out: Path) -> None:
        """Say that nobody knows what the site in this folder was made of."""
        self._past.pop(out, None)

    # ------------------------------------------------------------ no output is rendered without cause

    def _judge(self, request: Request, found: Outcome, before: Before, is_forgetful: bool) -> None:
        now = read_manifest(request.output_dir, "public")
        reasons = self._reasons(request.output_dir)
        if is_forgetful and not reasons:
            return
        assert len(reasons) == found.result.rendered
        for path, reason in reasons.items():
            if reason.cause == "forgotten":
                is_true = is_forgetful
            elif reason.cause == "new":
                is_true = path not in before.manifest
            elif reason.cause == "altered":
                is_true = before.is_altered(path)
            elif reason.cause == "changed":
                differs = before.manifest[path].digest != now[path].digest
                is_true = differs or self._names_a_cause(request, reason)
            else:
                is_true = reason.cause == "asked" and request.full
            assert is_true, f"{path}: {reason}"

    def _reasons(self, out: Path) -> dict[str, Reason]:
        """Why each output was rendered that was rendered by the last build into `out`."""
        reasons = BuildState(self.root, Store(self.root, environment())).reasons(out)
        if reasons is None:
            return {}
        return reasons.special if reasons.usual is None else dict.fromkeys(read_manifest(out, ""), reasons.usual)

    def _names_a_cause(self, request: Request, reason: Reason) -> bool:
        past = self._past.get(request.output_dir)
        if past is None or past.request.now != request.now or past.request.drafts != request.drafts:
            return True
        now = sources_of(self.root)
        paths = {path for path in {**now, **past.sources} if now.get(path) != past.sources.get(path)}
        different = {unicodedata.normalize("NFC", path) for path in paths}
        return any(_is_real(change, different) for change in reason.changes)


def _is_real(change: Change, different: set[str]) -> bool:
    """Whether the input that a change names is among the sources that are `different`, or stands on one of them."""
    if change.input == change.part:
        return change.part in UNNAMED
    if change.input.startswith("@"):
        return bool(different)
    if change.input.startswith("theme/") and change.how != "changed":
        return any(
            path.startswith(("theme/", "templates/")) for path in different
        )  # these say which files pages know of
    above = [f"{folder}/_index.md" for folder in Path(change.input).parents]  # they make its address
    return not different.isdisjoint([change.input, *above])
