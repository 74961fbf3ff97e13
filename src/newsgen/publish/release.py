"""A release: the files of one published build, and its record.

The files are listed as `sha256sum` lists them, a line each, divided among lists by the hash of their path. A list is
named by its own SHA-256 and stored once, so that a release in which one file of 10,000 differs sends one short list and
not a megabyte. The record (`Release`) names its lists, so that its signature covers every file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec
import msgspec.structs

from newsgen import __version__
from newsgen.core.git import git
from newsgen.core.model import SHANGHAI
from newsgen.core.variants import name_of_picture

FORMAT = 1
LINES = 64
"""The maximum average number of lines per list, exceeded only when there are MOST_LISTS lists."""
MOST_LISTS = 1024
_HASHED = re.compile(r"(?:assets|media)/(?:[^/]*[.-])?[0-9a-f]{10}(?:\.\d+|\.share)?\.[A-Za-z0-9]+")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")
_TIME = "%Y%m%d-%H%M%S"
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_LIST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9a-f]{40}")


class Release(msgspec.Struct, frozen=True):
    """The record of one published build, as it is stored at the target.

    `id` is the time and the start of `digest`: `20240601-080000-5f2c9a10`. `created` is that time (ISO, China).
    `commit` is git's, None if there is none; `modified`: files differed from it. `builder` is newsgen's version.
    `files` and `size` (bytes) are those of the build. `digest` is the SHA-256 of all lists, `lists` are their names.
    `carried` are assets of earlier releases, kept for pages still open somewhere: path -> for how many releases so far.
    `restores` is the release that this one restores, None for one that was built. `approvals` are the versions that
    reviewers approved, by the address of the page that shows them.
    """

    id: str
    created: str
    site: str
    commit: str | None
    modified: bool
    builder: str
    files: int
    size: int
    digest: str
    lists: tuple[str, ...]
    carried: dict[str, int]
    restores: str | None = None
    format: int = FORMAT
    approvals: dict[str, str] = msgspec.field(default_factory=dict)


class DamagedRecord(Exception):
    """A record or list at the target is not what newsgen wrote."""


@dataclass(frozen=True)
class ReleaseFiles:
    """Files by path with their SHA-256, divided among lists that are stored at a target in base.LISTS."""

    files: Mapping[str, str]

    @cached_property
    def texts(self) -> Mapping[str, bytes]:
        """The lists by name, in order."""
        count = 1
        while count * LINES < len(self.files) and count < MOST_LISTS:
            count *= 2
        texts: list[list[str]] = [[] for _ in range(count)]
        for path, digest in sorted(self.files.items()):
            texts[int(sha256(path.encode())[:8], 16) % count].append(f"{digest}  {path}\n")
        encoded = ["".join(lines).encode() for lines in texts]
        return {sha256(text): text for text in encoded if text}

    @property
    def lists(self) -> Sequence[str]:
        """The names of the lists."""
        return tuple(self.texts)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the lists, one after another."""
        return sha256(b"".join(self.texts.values()))

    def only(self, names: Iterable[str]) -> ReleaseFiles:
        """The listing of some of the files."""
        return ReleaseFiles({name: self.files[name] for name in names})


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release with its files, as stored at the target. `trusted`: signed, or no signature is asked for."""

    release: Release
    listing: ReleaseFiles
    trusted: bool = True


def files_before(before: StoredRelease | None) -> Mapping[str, str]:
    """The files of the live release, with their SHA-256; none before the first one."""
    return before.listing.files if before else {}


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def listed(data: bytes) -> ReleaseFiles:
    """The listing whose lists, one after another, are these bytes. Raises DamagedRecord."""
    files: dict[str, str] = {}
    try:
        lines = data.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        raise DamagedRecord from None
    for line in lines:
        match = _LINE.fullmatch(line)
        if not match or not is_safe(match[2]):
            raise DamagedRecord
        files[match[2]] = match[1]
    return ReleaseFiles(files)


def is_safe(path: str) -> bool:
    """Whether a path stays below the folder that it is for, and outside newsgen's own files there."""
    parts = path.split("/")
    return path.isprintable() and "\\" not in path and not {"", ".", ".."} & {*parts} and parts[0] != ".newsgen"


def scanned(folder: Path, paths: Iterable[str]) -> tuple[ReleaseFiles, Mapping[str, int]]:
    """The files of a built site with their hashes, and with their sizes. Raises OSError."""
    hashes, sizes = {}, {}
    for path in paths:
        data = (folder / path).read_bytes()
        hashes[path], sizes[path] = sha256(data), len(data)
    return ReleaseFiles(hashes), sizes


@dataclass(frozen=True, slots=True)
class Built:
    """A built site: its files, their size in bytes, the site's folder (for git), URL and approvals (as in Release)."""

    root: Path
    site: str
    listing: ReleaseFiles
    size: int
    approvals: Mapping[str, str]


def new_release(made: Built, before: StoredRelease | None, rules: CarryOver, newest: str = "") -> StoredRelease:
    """The release of a built site, with the assets that it carries along from the release `before` it.

    Its id sorts behind `newest`, the last one at the target, whatever this machine's clock says.
    """
    built = made.listing
    carried = rules.carried(built, before)
    old = before.listing.files if before else {}
    listing = ReleaseFiles({**built.files, **{path: old[path] for path in carried}})
    now = _after(newest)
    commit, modified = commit_of(made.root)
    return StoredRelease(
        Release(
            id=f"{now:{_TIME}}-{listing.digest[:8]}",
            created=now.isoformat(timespec="seconds"),
            site=made.site,
            commit=commit,
            modified=modified,
            builder=__version__,
            files=len(built.files),
            size=made.size,
            digest=listing.digest,
            lists=tuple(listing.lists),
            carried=carried,
            approvals=dict(sorted(made.approvals.items())),
        ),
        listing,
    )


def restoring_release(old: StoredRelease, live: StoredRelease, rules: CarryOver, newest: str) -> StoredRelease:
    """The release that restores `old` and carries along the assets of `live`."""
    own = ReleaseFiles({path: digest for path, digest in old.listing.files.items() if path not in old.release.carried})
    carried = {path: age for path, age in old.release.carried.items() if not rules.is_withdrawn(path)}
    carried = {**carried, **rules.carried(own, live)}
    files = {**own.files, **{path: old.listing.files.get(path) or live.listing.files[path] for path in carried}}
    listing, now = ReleaseFiles(files), _after(newest)
    changes = {
        "id": f"{now:{_TIME}}-{listing.digest[:8]}",
        "created": now.isoformat(timespec="seconds"),
        "digest": listing.digest,
        "lists": tuple(listing.lists),
        "carried": carried,
        "restores": old.release.restores or old.release.id,
    }
    return StoredRelease(msgspec.structs.replace(old.release, **changes), listing)


def _after(newest: str) -> datetime:
    """The current time, or one second after the newest release if that is not in the past."""
    now = datetime.now(SHANGHAI)
    if f"{now:{_TIME}}" <= newest[:15]:
        return datetime.strptime(newest[:15], _TIME).replace(tzinfo=SHANGHAI) + timedelta(seconds=1)
    return now


@dataclass(frozen=True, slots=True)
class CarryOver:
    """The rule for assets of earlier releases: they stay for `releases` more releases, `withdrawn` files do not."""

    releases: int
    withdrawn: frozenset[str] = frozenset()

    def is_withdrawn(self, path: str) -> bool:
        """Whether a file belongs to a withdrawn article: a photo in any of its widths."""
        return bool(self.withdrawn) and name_of_picture(path) in map(name_of_picture, self.withdrawn)

    def carried(self, built: ReleaseFiles, before: StoredRelease | None) -> dict[str, int]:
        """The assets of the previous release that the built site lacks -> for how many releases they were carried.

        An untrusted release gives none: files that a stranger added must not be signed. The numbers stay the same if
        the built site has not changed.
        """
        if before is None or not before.trusted:
            return {}
        known = before.release.carried
        own = {path: digest for path, digest in before.listing.files.items() if path not in known}
        ages = {
            path: known.get(path, 0) + (own != built.files)
            for path in before.listing.files
            if path not in built.files and not self.is_withdrawn(path) and _HASHED.fullmatch(path)
        }
        return {path: age for path, age in sorted(ages.items()) if age <= self.releases}


def commit_of(root: Path) -> tuple[str | None, bool]:
    """Git's commit of a site, and whether files differ from it; (None, False) if there is no git or no commit."""
    commit = git(root, "rev-parse", "--verify", "HEAD").decode("ascii", "replace").strip()
    if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return None, False
    return commit, bool(git(root, "status", "--porcelain", "-z", "--ignore-submodules=all", "--", "."))


def encoded(release: Release) -> bytes:
    """The bytes of a record, as it is stored and signed."""
    return msgspec.json.format(msgspec.json.encode(release), indent=1) + b"\n"


def _is_word(text: str) -> bool:
    """Whether a text is printable ASCII of at most 100 characters, as newsgen writes it: safe in a terminal."""
    return len(text) <= 100 and text.isascii() and text.isprintable()


def decoded(data: bytes) -> Release:
    """The record that the bytes encode. Raises DamagedRecord."""
    try:
        release = msgspec.json.decode(data, type=Release)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise DamagedRecord from None
    sound = release.format == FORMAT and _ID.fullmatch(release.id) and all(map(_LIST.fullmatch, release.lists))
    texts = (release.created, release.builder, release.commit or "", release.restores or "")
    names = (*release.carried, *release.approvals)
    sound = sound and all(map(_VERSION.fullmatch, release.approvals.values()))
    if not sound or not all(map(is_safe, names)) or not all(map(_is_word, texts)):
        raise DamagedRecord
    return release
