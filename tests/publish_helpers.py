"""What tests of publishing share: targets on real servers, and a site that is published as a user would."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from newsgen.cli import run
from newsgen.publish import targets
from newsgen.publish.transport.base import Transport
from servers import Sshd
from site_test import NOW, SiteTest, tree

_numbers = itertools.count(1)
KINDS = ("ssh", "ssh-flat", "sftp", "sftp-flat", "folder", "folder-flat")
"""Kinds of target, with `-flat` for the flat protocol."""
FAR = tuple(kind for kind in KINDS if not kind.startswith("folder"))


@dataclass(frozen=True)
class Ran:
    """What a command said and did."""

    code: int
    document: Mapping[str, Any]
    stderr: str

    def codes(self) -> list[str]:
        """The code of every diagnostic."""
        return [item["code"] for item in self.document["diagnostics"]]


@dataclass(frozen=True)
class Target:
    """A target for one test. `folder` is where this machine finds it, `lines` what site.yaml says of it."""

    kind: str
    folder: Path
    lines: dict[str, object]

    @property
    def is_flat(self) -> bool:
        """Whether its layout is flat."""
        return self.kind.endswith("-flat")

    @property
    def docroot(self) -> Path:
        """What the web server serves."""
        return self.folder if self.is_flat else self.folder / "current"

    def served(self) -> dict[str, bytes]:
        """Path -> bytes of what the web server serves."""
        return tree(self.docroot)


def target_on(server: Sshd | None, kind: str, tmp_path: Path) -> Target:
    """A target of its own, on a server or on the disk."""
    name = f"site{next(_numbers)}"
    lines: dict[str, object] = {"kind": kind.removesuffix("-flat"), "http": "no"}
    if kind.endswith("-flat"):
        lines["layout"] = "flat"
    if server is None:
        return Target(kind, tmp_path / name, {**lines, "path": tmp_path / name})
    reached = {"host": server.host, "port": server.port, "user": server.user, "path": f"{server.path}/{name}"}
    keys = {"key": server.key, "known_hosts": server.known_hosts}
    return Target(kind, server.folder / name, {**lines, **reached, **keys})


def target_among(servers: Mapping[str, Sshd], kind: str, tmp_path: Path) -> Target:
    """A target of its own, on the server for its kind or on the disk."""
    return target_on(servers.get(kind.removesuffix("-flat")), kind, tmp_path)


class Publishing:
    """A site with one target named `live`."""

    def __init__(self, site: SiteTest, target: Target, capsys: pytest.CaptureFixture[str]) -> None:
        self.site, self.target, self._capsys = site, target, capsys
        self._yaml = (site.root / "site.yaml").read_text("utf-8")
        self.settings()

    def settings(self, rules: str = "", **lines: object) -> None:
        """Write site.yaml, with other lines for the target and other rules of `publish:`."""
        told = "".join(f"      {key}: {value}\n" for key, value in {**self.target.lines, **lines}.items())
        self.site.write("site.yaml", f"{self._yaml}publish:\n{rules}  targets:\n    live:\n{told}")

    def run(self, *words: str) -> Ran:
        """Run one command with --json."""
        self._capsys.readouterr()
        code = run([*words, "-C", str(self.site.root), "--json"])
        printed = self._capsys.readouterr()
        return Ran(code, json.loads(printed.out), printed.err)

    def publish(self, *options: str) -> Ran:
        """Run `newsgen publish`."""
        return self.run("publish", "--now", NOW, *options)

    def published(self, *options: str) -> Ran:
        """As publish(), which must succeed."""
        done = self.publish(*options)
        assert done.code == 0, done.stderr
        return done

    def built(self) -> dict[str, bytes]:
        """The files of the built site."""
        return tree(self.site.root / "public")


class Beginnings:
    """What stories begin with: made by publishing once for each target's server and kind, and copied for all others."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, dict[object, Path]()

    def begin(self, publishing: Publishing, name: str, make: Callable[[], object]) -> Publishing:
        """Bring a site and its target to where `make` brings them. Under one `name`, all sites and rules are alike."""
        target, root = publishing.target, publishing.site.root
        key = (name, target.kind, target.folder.parent if "host" in target.lines else None)
        if key not in self._made:
            make()
            self._made[key] = kept = self._folder / str(len(self._made))
            kept.mkdir()
            _copy(root, kept / "site")
            _copy(target.folder, kept / "target")
        else:
            text = (root / "site.yaml").read_bytes()
            for copy, place in (("site", root), ("target", target.folder)):
                shutil.rmtree(place, ignore_errors=True)
                _copy(self._made[key] / copy, place)
            publishing.site.write("site.yaml", text)
        return publishing


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with its links, modes, owners and times; files with several names keep them."""
    subprocess.run(["cp", "-a", source, target], check=True)


# ---------------------------------------------------------------- steps

CHANGES = frozenset(
    {"make_dir_exclusive", "write", "set_link", "move", "link", "copy_tree", "send", "remove", "remove_tree"}
)
"""What is done to a target, as far as somebody could see it; looking is no step."""


ALL_STEPS = "NEWSGEN_KILLS" in os.environ
"""Whether a story takes every step on servers, too."""
OFTEN = 4


class Watched:
    """A far side whose steps are counted, with something that happens before one of them, or in the midst of a sending or moving.

    A folder has a step at every file that is sent or moved. On a server the first file of a sending is a step, and each fourth
    after it; of a moving there is one, for all its names are gathered before the first file moves.
    """

    def __init__(self, far: Transport, at: int, deed: Callable[[], object], often: int = 1) -> None:
        self._far, self._at, self._deed, self._often, self.steps = far, at, deed, often, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._far, name)
        if name not in CHANGES or threading.current_thread() is not threading.main_thread():
            return found

        def counted(*arguments: Any) -> Any:
            self._step()
            if name == "send":
                *others, told = arguments
                files = itertools.count()

                def told_and_counted(size: int) -> None:
                    told(size)
                    if next(files) % self._often == 0:
                        self._step()

                arguments = (*others, told_and_counted)
            if name == "move":
                arguments = (self._counted(arguments[0]),)
            return found(*arguments)

        return counted

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """A step before each of them, where they are taken one by one."""
        for number, item in enumerate(items):
            yield item
            if self._often == 1 or number == 0:
                self._step()

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self._at:
            self._deed()


@contextmanager
def watched(at: int, deed: Callable[[], object]) -> Iterator[list[Watched]]:
    """Every far side that is opened is watched."""
    before, made = dict(targets.KINDS), list[Watched]()

    def wrapped(kind: str, make: Callable[..., Transport]) -> Callable[..., Transport]:
        often = 1 if ALL_STEPS or kind == "folder" else OFTEN

        def opened(*arguments: Any) -> Transport:
            made.append(Watched(make(*arguments), at, deed, often))
            return cast(Transport, made[-1])  # it has all that the one inside has

        return opened

    targets.KINDS.update({kind: wrapped(kind, make) for kind, make in before.items()})
    try:
        yield made
    finally:
        targets.KINDS.update(before)
