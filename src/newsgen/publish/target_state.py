"""The state that newsgen keeps at a target: the marker that names its site, and the records of its releases."""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.model import Diagnostic
from newsgen.publish.list_cache import ListCache
from newsgen.publish.release import DamagedRecord, Release, StoredRelease, decoded, encoded, listed
from newsgen.publish.signing import Signatures
from newsgen.publish.transport.base import LISTS, STATE, Transport
from newsgen.publish.transport.errors import TransportError, plain

MARKER = f"{STATE}/marker.json"
RECORDS = f"{STATE}/records"
FORMAT = 1
_RECORD = re.compile(r"(\d{8}-\d{6}-[0-9a-f]{8})\.json")


class Marker(msgspec.Struct, frozen=True):
    """The marker of a target: the site (its URL) that it belongs to, and its layout, `releases` or `flat`."""

    site: str
    layout: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class TargetState:
    """The state of a target, read and written over `transport`; `root` and `site` are the site's folder and URL."""

    transport: Transport
    root: Path
    site: str
    signatures: Signatures

    # ------------------------------------------------------------ the marker

    def refuse_strange(self, folders: Iterable[str]) -> None:
        """Raises TransportError if one of newsgen's folders, or of `folders`, is a file or a link to no folder.

        A link to a folder is accepted: releases may lie on another disk.
        """
        own = (RECORDS, LISTS, *folders)
        found = {above: self.transport.entries(above) or {} for above in dict.fromkeys(map(posixpath.dirname, own))}
        for folder in own:
            kind = found[posixpath.dirname(folder)].get(posixpath.basename(folder), "folder")
            if kind == "file" or (kind == "link" and self.transport.entries(folder) is None):
                raise TransportError("publish.strange-folder", f"{self.transport.shown}/{folder}")

    def marker(self) -> Marker | None:
        """The marker; None for a folder that is missing or empty. Raises UsageError for someone else's folder."""
        data = self.transport.read(MARKER)
        if data is None:
            self._refuse_foreign()
            return None
        try:
            marker = msgspec.json.decode(data, type=Marker)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            marker = Marker("", "", 0)
        if marker.format != FORMAT or marker.layout not in ("releases", "flat"):
            raise UsageError(
                f"目标文件夹的标记坏了：{self.transport.shown}/{MARKER}",
                "向网站管理员要一份备份里的，或换一个空文件夹",
                "publish.marker",
            )
        if marker.site != self.site:
            raise UsageError(
                f"目标文件夹属于另一个网站（{plain(marker.site[:200])}）：{self.transport.shown}",
                f"检查 path；真是网站换了地址，就把那里 {MARKER} 中的 site 改成 {self.site}",
                "publish.other-site",
            )
        return marker

    def _refuse_foreign(self) -> None:
        found = self.transport.entries("")
        theirs = sorted((found or {}).keys() - {STATE})
        inside = (self.transport.entries(STATE) or {}) if found and STATE in found else {}
        theirs += sorted(
            f"{STATE}/{name}" for name in inside if not name.startswith(("turn-", "marker", "probe", ".newsgen"))
        )
        if theirs:
            shown = "、".join(map(plain, theirs[:5])) + (f" 等 {len(theirs)} 项" if len(theirs) > 5 else "")
            raise UsageError(
                f"目标文件夹里有别人的文件，没有改动：{self.transport.shown}（{shown}）",
                "在 site.yaml 里把 path 换成一个空的或还没有的文件夹",
                "publish.foreign",
            )

    def mark(self, layout: str | None) -> Marker:
        """Write the marker of a new target. `layout` None: `releases` if symbolic links can be made, else `flat`."""
        if layout is None:
            probe = f"{STATE}/probe"
            layout = "releases" if self.transport.set_link(probe, "nowhere") else "flat"
            self.transport.remove([probe])
        marker = Marker(self.site, layout)
        self.transport.write(MARKER, msgspec.json.encode(marker))
        return marker

    # ------------------------------------------------------------ records

    def ids(self) -> list[str]:
        """The ids of the releases that have a record, the oldest first."""
        found = (_RECORD.fullmatch(name) for name in self.transport.entries(RECORDS) or ())
        return sorted(match[1] for match in found if match)

    def record(self, name: str) -> Release:
        """The record of a release. Raises ContentError if it is missing or damaged."""
        return self._record(name)[0]

    def stored(self, name: str) -> StoredRelease:
        """A release with its files. Raises ContentError if its record or a list is missing or damaged."""
        release, data = self._record(name)
        try:
            listing = listed(self._lists(release.lists))
        except DamagedRecord:
            raise self._damaged(name) from None
        if listing.digest != release.digest or tuple(listing.lists) != release.lists:
            raise self._damaged(name)
        signed = not self.signatures.required or self.signer(name, data) is not None
        return StoredRelease(release, listing, signed)

    def signer(self, name: str, data: bytes | None = None) -> str | None:
        """The signer of a release; None if nobody in the site's file of signers has signed it."""
        record = data or self.transport.read(f"{RECORDS}/{name}.json") or b""
        return self.signatures.signer(record, self.transport.read(f"{RECORDS}/{name}.sig"))

    def save(self, new: StoredRelease, before: StoredRelease | None) -> int:
        """Record a release before it is sent: its lists, signature, and the record last; return the bytes sent."""
        data = encoded(new.release)
        signature = self.signatures.signature(data)
        there = set(before.release.lists) if before else set()
        sent = self._send_lists({name: text for name, text in new.listing.texts.items() if name not in there})
        if signature:
            self.transport.write(f"{RECORDS}/{new.release.id}.sig", signature)
        self.transport.write(f"{RECORDS}/{new.release.id}.json", data)
        return sent + len(data) + len(signature or b"")

    def forget(self, names: Iterable[str]) -> None:
        """Remove the records of releases, then their signatures, then the lists that no other release needs."""
        going = set(names)
        others = [self._lists_named(name) for name in self.ids() if name not in going]
        lists = {item for name in going for item in self._lists_named(name) or ()}
        stay = {item for named in others for item in named or ()}
        gone = [f"{RECORDS}/{name}{suffix}" for name in sorted(going) for suffix in (".json", ".sig")]
        if None not in others:  # a damaged record: the lists that it needs are unknown
            gone += [f"{LISTS}/{name}" for name in sorted(lists - stay)]
        self.transport.remove(gone)

    def _lists_named(self, name: str) -> tuple[str, ...] | None:
        """The lists of a release; None if its record is not sound."""
        try:
            return self.record(name).lists
        except ContentError:
            return None

    def _record(self, name: str) -> tuple[Release, bytes]:
        data = self.transport.read(f"{RECORDS}/{name}.json")
        try:
            release = decoded(data or b"")
        except DamagedRecord:
            raise self._damaged(name) from None
        if release.id != name:
            raise self._damaged(name)
        return release, data or b""

    def _lists(self, names: Iterable[str]) -> bytes:
        """The bytes of lists, one after another: from the cache if they are right, else from the target."""
        wanted = list(names)
        cached = {name: text for name in wanted if (text := self._cache.get(name)) is not None}
        missing = [name for name in wanted if name not in cached]
        if missing:
            fetched = self.transport.read_all([f"{LISTS}/{name}" for name in missing])
            self._cache.put(listed(b"".join([*cached.values(), fetched])).texts)
            return b"".join([*cached.values(), fetched])
        return b"".join(cached[name] for name in wanted)

    @property
    def _cache(self) -> ListCache:
        return ListCache(self.root)

    def _send_lists(self, texts: Mapping[str, bytes]) -> int:
        self._cache.put(texts)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                Path(folder, name).write_bytes(text)
            return self.transport.send(Path(folder), LISTS, list(texts), lambda size: None)

    def _damaged(self, name: str) -> ContentError:
        message = f"服务器上版本 {name} 的记录不见了，或被改过：{self.transport.shown}"
        hint = "用 newsgen verify 检查；网站被人改过的话，先查清楚，再发布一次"
        return ContentError([Diagnostic("publish.damaged-record", "error", message, hint)])


def refused_layout(marker: Marker, wanted: str | None, shown: str) -> None:
    """Raises HostError if site.yaml wants another layout than the target has."""
    if wanted not in (None, marker.layout):
        raise HostError(
            f"目标已经是 {marker.layout} 的样子，不能改成 {wanted}：{shown}",
            f"site.yaml 里写 layout: {marker.layout}，或换一个空文件夹",
            "publish.layout",
        )
