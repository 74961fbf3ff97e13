"""The releases layout: `releases/<id>` holds each release whole, and the symbolic link `current` names the live one.

| step | what it does | a crash here leaves | why the next publish succeeds |
| --- | --- | --- | --- |
| 1 record | write lists, signature, record | a record without a folder | records without a folder are not releases; the next pruning deletes them |
| 2 stage | `next-<id>`: hard links of the live release (over SFTP: the folder of a release that is to be pruned), then what differs | part of a folder that no reader can see | what arrived whole is taken over by hash, the rest is dropped |
| 3 compare | hash everything there against the record | the same | the same |
| 4 keep | rename `next-<id>` to `releases/<id>` | a whole release that is not live | it is a release like others, and can be restored |
| 5 go live | symbolic link made in the lock's folder, renamed over `current` (rename(2)) | `current` names the old release or the new one | either is whole |
| 6 prune | rename old releases into the lock's folder, delete them there, forget their records | part of a release in a lock's folder, a record without a folder | both are dropped |

Readers see step 5 alone. Nothing is ever changed inside `releases/<id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsgen.core.errors import ContentError, UsageError
from newsgen.core.model import Diagnostic
from newsgen.publish.layouts.base import Layout
from newsgen.publish.release import StoredRelease, files_before
from newsgen.publish.staging import TRIES, BuiltFiles, reuse_leftovers, send, staging_dir, transfer_corrupted
from newsgen.publish.target_state import TargetState
from newsgen.publish.transport.errors import TransportError

CURRENT = "current"
RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class SymlinkLayout(Layout):
    """The releases layout of a target."""

    state: TargetState

    @property
    def docroot(self) -> str:
        return CURRENT

    @property
    def folders(self) -> Sequence[str]:
        return (RELEASES,)

    def live(self) -> str | None:
        target = self.state.transport.read_link(CURRENT)
        if target is None and CURRENT in (self.state.transport.entries("") or ()):
            raise self._foreign()
        folder, _, name = (target or f"{RELEASES}/").rpartition("/")
        if folder != RELEASES:
            raise self._foreign()
        return name or None

    def releases(self) -> list[str]:
        there = self.state.transport.entries(RELEASES) or {}
        return [name for name in self.state.ids() if name in there]

    def folder(self, name: str) -> str:
        return f"{RELEASES}/{name}"

    def recover(self) -> None:
        """Do nothing: going live is a single rename."""

    def stage(self, new: StoredRelease, before: StoredRelease | None, files: BuiltFiles) -> int:
        transport, folder = self.state.transport, staging_dir(new.release.id)
        missing = self._copied(new, before, files)
        sent = 0
        for _ in range(TRIES):
            sent += send(transport, folder, missing, files)
            checked = new.listing if transport.hashes_there else new.listing.only(missing)
            missing = transport.mismatched(folder, checked)
            strange = (
                transport.names(folder, new.listing.files).keys() - new.listing.files.keys()
                if transport.hashes_there
                else ()
            )
            transport.remove(f"{folder}/{name}" for name in sorted(strange))
            if not missing:
                return sent
        raise transfer_corrupted(transport.shown, missing)

    def _copied(self, new: StoredRelease, before: StoredRelease | None, files: BuiltFiles) -> set[str]:
        """Fill the staging folder with files that are at the target already; return the paths still missing."""
        transport, folder = self.state.transport, staging_dir(new.release.id)
        wanted, old = new.listing.files, files_before(before)
        same = {path for path in wanted if old.get(path) == wanted[path]}
        transport.remove_tree(folder)
        if before is None or (files.afresh and not transport.hashes_there):
            same = set()
        elif files.spare and not transport.hashes_there:
            same = self._recycled(files.spare, new, before, same)
        elif not transport.copy_tree(self.folder(before.release.id), folder, sorted(same)):
            same = set()
        elif transport.hashes_there:  # the whole tree was copied
            transport.remove(f"{folder}/{path}" for path in sorted(old.keys() - wanted.keys()))
        return reuse_leftovers(transport, new.release.id, new.listing.only(wanted.keys() - same))

    def _recycled(self, spare: str, new: StoredRelease, before: StoredRelease, same: set[str]) -> set[str]:
        """Turn the folder of `spare`, a release to be pruned, into the staging folder: less is sent over SFTP.

        `same` are the files that the live release has as well. Returns the files that the folder then holds.
        """
        transport, folder, wanted = self.state.transport, staging_dir(new.release.id), new.listing.files
        old = self.state.stored(spare).listing.files
        self.state.forget([spare])
        transport.take(self.folder(spare), folder)
        transport.remove(f"{folder}/{path}" for path in sorted(old.keys() - wanted.keys()))
        there = {path for path in wanted if old.get(path) == wanted[path]}
        live = self.folder(before.release.id)
        transport.link([(f"{live}/{path}", f"{folder}/{path}") for path in sorted(same - there)])
        return there | same

    def go_live(self, new: StoredRelease, before: StoredRelease | None) -> None:
        transport, name = self.state.transport, new.release.id
        transport.move([(staging_dir(name), self.folder(name))])
        if name not in (transport.entries(RELEASES) or ()):  # another publisher has dropped it with the leftovers
            raise TransportError("publish.lost-lock", transport.shown)
        self._point(name)

    def go_back(self, old: StoredRelease, before: StoredRelease | None) -> None:
        wrong = self.state.transport.mismatched(self.folder(old.release.id), old.listing)
        if wrong:
            raise transfer_corrupted(self.state.transport.shown, wrong)
        self._point(old.release.id)

    def restage(self, new: StoredRelease, old: StoredRelease, live: StoredRelease) -> None:
        transport, folder = self.state.transport, staging_dir(new.release.id)
        wanted = new.listing.files
        same = sorted(old.listing.files.keys() & wanted.keys())
        others = sorted(wanted.keys() - old.listing.files.keys())
        transport.remove_tree(folder)
        transport.copy_tree(self.folder(old.release.id), folder, same)
        transport.remove(f"{folder}/{path}" for path in sorted(old.listing.files.keys() - wanted.keys()))
        transport.link([(f"{self.folder(live.release.id)}/{path}", f"{folder}/{path}") for path in others])
        wrong = transport.mismatched(folder, new.listing)
        if wrong:
            raise transfer_corrupted(transport.shown, wrong)

    def drop(self, names: list[str]) -> None:
        for name in names:
            self.state.transport.remove_tree(self.folder(name))

    def _point(self, name: str) -> None:
        if not self.state.transport.set_link(CURRENT, self.folder(name)):
            raise UsageError(
                f"服务器上不能建符号链接了：{self.state.transport.shown}", "请服务器管理员检查", "publish.no-links"
            )

    def _foreign(self) -> ContentError:
        message = f"{self.state.transport.shown}/{CURRENT} 不是 newsgen 建的链接，没有改动"
        hint = "看看是谁改的；把它移开，再运行 newsgen publish --again"
        return ContentError([Diagnostic("publish.current-altered", "error", message, hint)])
