"""The flat layout, for a server that offers one document root and no symbolic links.

`state.json` says which release is `live` and, for as long as files are being moved, which one is `going` live.

| step | what it does | a crash here leaves | why the next publish succeeds |
| --- | --- | --- | --- |
| 1 record | write lists, signature, record | a record that no state names, so that it is no release | the next pruning deletes it |
| 2 stage | what differs, into `next-<id>` | part of a folder that no page names | what arrived whole is taken over by hash, the rest is dropped |
| 3 compare | hash what was sent | the same | the same |
| 4 keep | hard links (or copies) of what will be replaced or deleted, in `kept/` by hash | additional files in `kept/` | each has the bytes of its hash, or is replaced |
| 5 commit | `state.json`: going = new | the old site, and all that is needed for the new one | the next publisher carries it out: steps 6 to 9 need nothing from here |
| 6 move | rename into place: assets, then pages, then indexes | whole files, old and new; what a page names is there | the next publisher moves what is still in `next-<id>` |
| 7 delete | what the old release lists and the new one does not | files that no page names any more | deleting twice does no harm |
| 8 done | `state.json`: live = new | the new site | nothing is left to do |
| 9 prune | forget old releases | a `next-` folder, records that no state names | they are dropped |

Until step 5 readers see the old site, whatever happens. Only what a release lists is ever replaced or deleted.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from newsgen.build.output.manifest import folders_of
from newsgen.core.errors import ContentError, UsageError
from newsgen.core.model import Diagnostic
from newsgen.publish.layouts.base import Layout
from newsgen.publish.release import ReleaseFiles, StoredRelease, files_before
from newsgen.publish.staging import TRIES, BuiltFiles, reuse_leftovers, send, staging_dir, transfer_corrupted
from newsgen.publish.target_state import TargetState
from newsgen.publish.transport.base import STATE, Transport
from newsgen.publish.transport.errors import plain

STATE_FILE = f"{STATE}/state.json"
KEPT = f"{STATE}/kept"
_INDEXES = frozenset(("index.html", "feed.xml", "sitemap.xml", "robots.txt"))


class LiveState(msgspec.Struct, frozen=True):
    """The state of a flat target: which release is live, which is being moved into place, and which have been live.

    `past` is None in a state that an older newsgen wrote: then every record counts as a past release.
    """

    live: str | None = None
    going: str | None = None
    past: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FlatLayout(Layout):
    """The flat layout of a target."""

    state: TargetState

    @property
    def docroot(self) -> str:
        return ""

    @property
    def folders(self) -> Sequence[str]:
        return (KEPT,)

    def live(self) -> str | None:
        return self._live_state().live

    def releases(self) -> list[str]:
        past = self._live_state().past
        return [name for name in self.state.ids() if past is None or name in past]

    def folder(self, name: str) -> str:
        return ""

    def recover(self) -> None:
        state = self._live_state()
        if state.going:
            before = self.state.stored(state.live) if state.live else None
            self._apply_journal(self.state.stored(state.going), before)

    def stage(self, new: StoredRelease, before: StoredRelease | None, files: BuiltFiles) -> int:
        transport, folder = self.state.transport, staging_dir(new.release.id)
        wanted = new.listing if files.afresh and not transport.hashes_there else self._wanted(new, before)
        refuse_foreign(transport, wanted.files, files_before(before))
        transport.remove_tree(folder)
        missing = reuse_leftovers(transport, new.release.id, wanted)
        sent = 0
        for _ in range(TRIES):
            sent += send(transport, folder, missing, files)
            missing = transport.mismatched(folder, wanted if transport.hashes_there else wanted.only(missing))
            if not missing:
                return sent
        raise transfer_corrupted(transport.shown, missing)

    def _wanted(self, new: StoredRelease, before: StoredRelease | None) -> ReleaseFiles:
        """The files to send: those that differ from the live release or, if the target can hash, were altered there."""
        old = files_before(before)
        names = {path for path, digest in new.listing.files.items() if old.get(path) != digest}
        if before and self.state.transport.hashes_there:
            names |= self.state.transport.mismatched("", before.listing) & new.listing.files.keys()
        return new.listing.only(sorted(names))

    def go_live(self, new: StoredRelease, before: StoredRelease | None) -> None:
        self._keep(new, before)
        self._write(LiveState(before.release.id if before else None, new.release.id, tuple(self.releases())))
        self._apply_journal(new, before)

    def go_back(self, old: StoredRelease, before: StoredRelease | None) -> None:
        self.restage(old, old, before)
        self.go_live(old, before)

    def restage(self, new: StoredRelease, old: StoredRelease, live: StoredRelease | None) -> None:
        transport, folder = self.state.transport, staging_dir(new.release.id)
        wanted = self._wanted(new, live)
        transport.remove_tree(folder)
        transport.link([(f"{KEPT}/{digest}", f"{folder}/{path}") for path, digest in wanted.files.items()])
        missing = transport.mismatched(folder, wanted)
        if missing:
            raise ContentError(
                [
                    Diagnostic(
                        "publish.not-kept",
                        "error",
                        f"回不到版本 {old.release.id}：服务器上没有留下 {len(missing)} 个旧文件（例如 {min(missing)}）",
                        "用 git 取出那时的内容，再发布一次",
                    )
                ]
            )

    def drop(self, names: list[str]) -> None:
        try:
            gone = {digest for name in names for digest in self._hashes(name)}
            stay = {digest for name in self.state.ids() if name not in names for digest in self._hashes(name)}
        except ContentError:  # a damaged record: it's unknown which files it needs
            return
        self.state.transport.remove(f"{KEPT}/{digest}" for digest in sorted(gone - stay))

    def _hashes(self, name: str) -> Iterable[str]:
        return self.state.stored(name).listing.files.values()

    def _keep(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Link files that will be replaced or deleted into KEPT, from which releases are restored."""
        files = new.listing.files
        old = files_before(before)
        going = [(path, f"{KEPT}/{digest}") for path, digest in sorted(old.items()) if files.get(path) != digest]
        self.state.transport.link(going)

    def _apply_journal(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Carry out steps 6 to 8. Doing it twice does no harm."""
        transport, folder = self.state.transport, staging_dir(new.release.id)
        old = files_before(before)
        gone = sorted(old.keys() - new.listing.files.keys())
        transport.remove(_in_the_way(gone, new.listing.files))
        moving = sorted(transport.names(folder).keys() & new.listing.files.keys(), key=_order)
        transport.move((f"{folder}/{path}", path) for path in moving)
        transport.remove(gone)
        self._write(LiveState(new.release.id, None, tuple({**dict.fromkeys(self.releases()), new.release.id: None})))
        transport.remove_tree(folder)

    def _live_state(self) -> LiveState:
        data = self.state.transport.read(STATE_FILE)
        if data is None:
            return LiveState()
        try:
            return msgspec.json.decode(data, type=LiveState)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UsageError(
                f"{self.state.transport.shown}/{STATE_FILE} 坏了", "看看是谁改的；从备份里取回它", "publish.state"
            ) from None

    def _write(self, state: LiveState) -> None:
        self.state.transport.write(STATE_FILE, msgspec.json.encode(state))


def refuse_foreign(transport: Transport, wanted: Collection[str], ours: Collection[str]) -> None:
    """Raises UsageError if somebody else's file would be replaced, or a file written through somebody else's link.

    `ours` are the files that newsgen put there. Only folders that get a new file are listed; the others are only
    checked not to be links.
    """
    fresh = set(wanted).difference(ours)
    old_folders = {folder for path in ours for folder in folders_of(path)}
    fresh_folders = {folder for path in fresh for folder in folders_of(path)}
    for folder in sorted({folder for path in wanted for folder in folders_of(path)} - fresh_folders):
        if transport.read_link(folder) is not None:
            raise _foreign(transport, folder)
    there = {""}
    for folder in sorted({"", *fresh_folders} if fresh else ()):
        entries = (transport.entries(folder) if folder in there else None) or {}
        for name, kind in entries.items():
            path = f"{folder}/{name}" if folder else name
            there |= {path} if kind == "folder" else set()
            if _in_our_way(kind, path in fresh, path in fresh_folders, path in ours or path in old_folders):
                raise _foreign(transport, path)


def _in_our_way(kind: str, is_fresh: bool, is_folder: bool, is_ours: bool) -> bool:
    """Whether a foreign entry stands at the path of a file or folder that newsgen will write."""
    return (
        (is_fresh and not is_ours)
        or ((is_fresh or is_folder) and kind == "link")
        or (is_folder and kind == "file" and not is_ours)
    )


def _foreign(transport: Transport, path: str) -> UsageError:
    message = f"{transport.shown}/{plain(path)} 不是 newsgen 放在那里的，没有改动"
    return UsageError(message, "把它移到别处，再发布一次", "publish.foreign")


def _order(path: str) -> tuple[int, str]:
    """The sort key for the order in which files are replaced: assets, pages, then indexes that link to them."""
    name = posixpath.basename(path)
    return (2 if name in _INDEXES else 1 if name.endswith((".html", ".htm")) else 0), path


def _in_the_way(gone: Sequence[str], files: Iterable[str]) -> Iterator[str]:
    """The files to delete before others are moved, because a file becomes a folder or a folder a file."""
    names = set(files)
    folders = {folder for path in names for folder in folders_of(path)}
    for path in gone:
        if path in folders or names.intersection(folders_of(path)):
            yield path
