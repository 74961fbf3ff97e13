"""The flat protocol, for a server that offers one document root and no symbolic links.

`state.json` says which release is `live` and, for as long as files are being moved, which one is `going` live.

| step | what it does | a crash here leaves | why the next publish succeeds |
| --- | --- | --- | --- |
| 1 record | write lists, signature, record | a record that no state names | it goes with the next pruning |
| 2 stage | what differs, into `next-<id>` | part of a folder that no page names | what arrived whole is taken over by hash, the rest is dropped |
| 3 compare | hash what was sent | the same | the same |
| 4 keep | hard links of what will be replaced or deleted, in `kept/` by hash | more second names of files | they are the right bytes, or replaced by them |
| 5 commit | `state.json`: going = new | the old site, and all that is needed for the new one | the next publisher carries it out: steps 6 to 9 need nothing from here |
| 6 move | rename into place: assets, then pages, then indexes | whole files, old and new; what a page names is there | the next publisher moves what is still in `next-<id>` |
| 7 delete | what the old release lists and the new one does not | files that no page names any more | deleting twice does no harm |
| 8 done | `state.json`: live = new | the new site | nothing is left to do |
| 9 prune | forget old releases | a `next-` folder, records that no state names | they are dropped |

Until step 5 readers see the old site, whatever happens. Only what a release lists is ever replaced or deleted.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from newsgen.errors import ContentError, UsageProblem
from newsgen.manifest import folders_of
from newsgen.model import Diagnostic
from newsgen.publish.far import STATE
from newsgen.publish.place import Place
from newsgen.publish.release import NOTHING, Kept, Listing
from newsgen.publish.staging import TRIES, Files, drop_leftovers, next_of, send, take_over, unequal

STATE_FILE = f"{STATE}/state.json"
KEPT = f"{STATE}/kept"
_INDEXES = frozenset(("index.html", "feed.xml", "sitemap.xml", "robots.txt"))


class State(msgspec.Struct, frozen=True):
    """Which release is live, and which is being moved into place."""

    live: str | None = None
    going: str | None = None


@dataclass(frozen=True, slots=True)
class Flat:
    """See layout.Layout."""

    place: Place

    @property
    def docroot(self) -> str:
        """See layout.Layout."""
        return ""

    def live(self) -> str | None:
        """See layout.Layout."""
        return self._state().live

    def releases(self) -> list[str]:
        """See layout.Layout."""
        return self.place.ids()

    def folder(self, name: str) -> str:
        """See layout.Layout."""
        return ""

    def recover(self) -> None:
        """See layout.Layout."""
        state = self._state()
        if state.going:
            before = self.place.kept(state.live) if state.live else None
            self._carry_out(self.place.kept(state.going), before)

    def stage(self, new: Kept, before: Kept | None, files: Files) -> int:
        """See layout.Layout."""
        far, folder = self.place.far, next_of(new.release.id)
        wanted = self._wanted(new, before)
        self._refuse_foreign(new, before)
        far.remove_tree(folder)
        missing = take_over(far, new.release.id, wanted)
        sent = 0
        for _ in range(TRIES):
            sent += send(far, folder, missing, files)
            missing = far.differing(folder, wanted if far.hashes_there else wanted.only(missing))
            if not missing:
                drop_leftovers(far, but=new.release.id)
                return sent
        raise unequal(far.shown, missing)

    def _wanted(self, new: Kept, before: Kept | None) -> Listing:
        """The files that must be replaced: those that differ, and those that were altered there, where that is cheaply known."""
        old = (before.listing if before else NOTHING).files
        names = {path for path, digest in new.listing.files.items() if old.get(path) != digest}
        if before and self.place.far.hashes_there:
            names |= self.place.far.differing("", before.listing) & new.listing.files.keys()
        return new.listing.only(sorted(names))

    def _refuse_foreign(self, new: Kept, before: Kept | None) -> None:
        """Stop before a file of someone else is replaced, or one is put through someone's link."""
        old = set((before.listing if before else NOTHING).files)
        fresh = new.listing.files.keys() - old
        ours = {folder for path in old for folder in folders_of(path)} | old
        for folder in sorted(
            {posixpath.dirname(path) for path in fresh} | {"", *(f for p in fresh for f in folders_of(p))}
        ):
            kinds = self.place.far.entries(folder) or {}
            here = f"{folder}/" if folder else ""
            for name, kind in kinds.items():
                path = here + name
                if (path in fresh and path not in ours) or (kind == "link" and path in ours | fresh):
                    raise UsageProblem(
                        f"{self.place.far.shown}/{path} 不是 newsgen 放在那里的，没有改动",
                        "把它移到别处，再发布一次",
                        "publish.foreign",
                    )

    def go_live(self, new: Kept, before: Kept | None) -> None:
        """See layout.Layout."""
        self._keep(new, before)
        self._write(State(before.release.id if before else None, new.release.id))
        self._carry_out(new, before)

    def go_back(self, old: Kept, before: Kept | None) -> None:
        """See layout.Layout."""
        far, folder = self.place.far, next_of(old.release.id)
        wanted = self._wanted(old, before)
        far.remove_tree(folder)
        far.link([(f"{KEPT}/{digest}", f"{folder}/{path}") for path, digest in wanted.files.items()])
        missing = far.differing(folder, wanted)
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
        self.go_live(old, before)

    def drop(self, names: list[str]) -> None:
        """See layout.Layout."""
        gone = [self.place.kept(name).listing.files.values() for name in names]
        stay = {digest for name in self.place.ids() if name not in names for digest in self._hashes(name)}
        self.place.far.remove(f"{KEPT}/{digest}" for digest in sorted({d for some in gone for d in some} - stay))

    def _hashes(self, name: str) -> Iterable[str]:
        return self.place.kept(name).listing.files.values()

    def _keep(self, new: Kept, before: Kept | None) -> None:
        """Give what will be replaced or deleted a second name, so that one can go back."""
        files = new.listing.files
        old = (before.listing if before else NOTHING).files
        going = [(path, f"{KEPT}/{digest}") for path, digest in sorted(old.items()) if files.get(path) != digest]
        self.place.far.link(going)

    def _carry_out(self, new: Kept, before: Kept | None) -> None:
        """From the commit to the end. Doing it twice does no harm."""
        far, folder = self.place.far, next_of(new.release.id)
        old = (before.listing if before else NOTHING).files
        gone = sorted(old.keys() - new.listing.files.keys())
        far.remove(_in_the_way(gone, new.listing.files))
        moving = sorted(far.names(folder) & new.listing.files.keys(), key=_order)
        far.move((f"{folder}/{path}", path) for path in moving)
        far.remove(gone)
        self._write(State(new.release.id))
        far.remove_tree(folder)

    def _state(self) -> State:
        data = self.place.far.read(STATE_FILE)
        if data is None:
            return State()
        try:
            return msgspec.json.decode(data, type=State)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UsageProblem(
                f"{self.place.far.shown}/{STATE_FILE} 坏了", "看看是谁改的；从备份里取回它", "publish.state"
            ) from None

    def _write(self, state: State) -> None:
        self.place.far.write(STATE_FILE, msgspec.json.encode(state))


def _order(path: str) -> tuple[int, str]:
    """Assets first, then pages, then what leads to them."""
    name = posixpath.basename(path)
    return (2 if name in _INDEXES else 1 if name.endswith((".html", ".htm")) else 0), path


def _in_the_way(gone: Sequence[str], files: Iterable[str]) -> Iterator[str]:
    """Files that a folder must take the place of, or that lie in a folder whose place a file takes."""
    names = set(files)
    folders = {folder for path in names for folder in folders_of(path)}
    for path in gone:
        if path in folders or names.intersection(folders_of(path)):
            yield path
