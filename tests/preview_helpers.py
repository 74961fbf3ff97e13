"""A preview at work on a site that is edited: what it shows must be what a fresh build of the same sources gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsgen.build.request import Request
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Served, listen
from newsgen.preview.session import Session, ShownVersion
from oracle import START, attempt
from random_edits import copy_sources
from running import LIMIT, in_thread
from site_test import tree


@contextmanager
def served(root: Path, place: BindAddress) -> Iterator[Served]:
    """A preview with a server in a thread of its own. Raises as listen() does."""
    listening = listen(place)
    preview = Preview(root)
    with in_thread(preview, Served(preview, listening, place)) as server:
        yield server


@contextmanager
def previewed(root: Path) -> Iterator[Preview]:
    """The preview of a site that has been looked at once."""
    preview = Preview(root, lambda: START)
    preview.open()
    try:
        assert preview.wait(lambda version: preview.looks > 0, LIMIT)
        yield preview
    finally:
        preview.close()


def shown(preview: Preview) -> dict[str, bytes]:
    """Every output as the preview renders it."""
    return preview.submit(
        lambda session: {path: session.rendered(path).data for path in session.version.outputs}
    ).result()


def follows(preview: Preview) -> ShownVersion:
    """Wait until the preview shows what the files say now, and hold it against a fresh build. Raises AssertionError."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / preview.session.root.name  # links may lead up and down again
        root.mkdir()
        copy_sources(preview.session.root, root)
        fresh = Session(root, lambda: START)
        fresh.look()
        while fresh.try_pages():
            pass
        expected = fresh.version
        fresh.close()
        in_time = preview.wait(lambda version: _says(version) == _says(expected), LIMIT)
        assert in_time, _difference(preview.session.version, expected)
        built = attempt(Request(root, START, include_hidden=True, jobs=1))
        if not built.code:
            assert shown(preview) == tree(root / "public")
        elif all(error.code == RENDERING for error in expected.errors):  # a template that fails at some page
            assert preview.submit(_faulty).result()
    return preview.session.version


RENDERING = "template.render"


def _says(version: ShownVersion) -> object:
    """What a version shows, or what is wrong; a template that fails at some page keeps the others from nothing."""
    failing = {(error.path, error.line) for error in version.errors if error.code == RENDERING}
    wrong = [error.message for error in version.errors if error.code != RENDERING]
    return wrong or (_fingerprints(version), failing)


def _fingerprints(version: ShownVersion) -> Mapping[str, str]:
    return {path: output.fingerprint for path, output in version.outputs.items()}


def _faulty(session: Session) -> bool:
    return any(session.rendered(path).diagnostics for path in session.version.outputs)


def _difference(found: ShownVersion, expected: ShownVersion) -> str:
    ours, theirs = _fingerprints(found).items(), _fingerprints(expected).items()
    return f"{sorted(ours ^ theirs)}\n{found.errors}\n{expected.errors}"
