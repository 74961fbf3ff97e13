"""Someone who edits a site at random: what members and theme makers do to its files, one edit at a time.

An Editor asks `below(n)` for numbers and tells every edit in `done`, so that hypothesis can shrink a story and anyone can
replay it. What lies beside the sources (the output folder, the store, the clock) is edited in mischief.py.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from newsgen.authoring.sign_off import Ruling, sign
from newsgen.core.errors import NewsgenError
from newsgen.core.model import SHANGHAI, Verdict
from newsgen.core.yaml import nodes
from newsgen.signoff.article import read_reviewed
from sample_values import (
    ATTACHED,
    BEGINNING,
    BODIES,
    DAYS,
    FILES,
    PHOTOS,
    PLACES,
    POLICIES,
    SECTION_VALUES,
    SECTIONS,
    SETTINGS,
    STEMS,
    TEMPLATES,
    THEME,
    VALUES,
    Sources,
    picture,
)

Item = TypeVar("Item")
SOURCES = ("site.yaml", "withdrawn.yaml", "content", "approved", "templates", "theme")


def sources_of(root: Path) -> Sources:
    """Everything that a site is made of: path -> bytes. What links lead to counts as if it lay there."""
    found = [path for name in SOURCES for path in (root / name, *(root / name).rglob("*"))]
    behind = ((link, path) for link in found if link.is_symlink() for path in link.resolve().rglob("*"))
    found += [link / path.relative_to(link.resolve()) for link, path in behind]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def copy_sources(root: Path, target: Path) -> None:
    """Copy everything that a site is made of, empty folders too."""
    for name in SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, target / name, symlinks=True)
        elif (root / name).exists():
            shutil.copy(root / name, target / name)


def snapshot(root: Path) -> frozenset[tuple[str, str | bytes | None]]:
    """All that copy_sources() copies: each path with its bytes, where it leads if it is a link, None for a folder."""
    found = [path for name in SOURCES for path in (root / name, *(root / name).rglob("*"))]
    return frozenset((path.relative_to(root).as_posix(), _kept(path)) for path in found if os.path.lexists(path))


def _kept(path: Path) -> str | bytes | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def lay_out(root: Path, sources: Sources) -> None:
    """Make the sources of `root` these; files that are so already are left alone."""
    for path in (path for name in SOURCES for path in (root / name).rglob("*") if path.is_symlink()):
        path.unlink()
    for name in sources_of(root).keys() - sources.keys():
        (root / name).unlink()
    for name, data in sources.items():
        target = root / name
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


class Editor:
    """Edits the site at `root`, which it makes first."""

    def __init__(self, root: Path, below: Callable[[int], int]) -> None:
        self.root, self.below = root, below
        self.content = root / "content"
        self.done: list[str] = []
        self._gone: list[tuple[str, bytes]] = []
        lay_out(root, BEGINNING)

    # ------------------------------------------------------------ articles

    def write(self) -> None:
        """Write an article, new or over another."""
        place, stem = self._one_of(PLACES[:-1]), self._one_of(STEMS)
        keys = [self._one_of(list(VALUES)) for _ in range(self.below(4))]
        matter = {"title": self._one_of(VALUES["title"]), "date": self._one_of(DAYS[:4])}
        self._write(f"content/{place}/{stem}.md", matter | {key: self._one_of(VALUES[key]) for key in keys})

    def body(self) -> None:
        """Change the text of an article or section, and nothing else."""
        for path in self._some(self._texts()):
            matter, _ = self._read(path)
            self._write(path, matter)

    def add_to_body(self) -> None:
        """Type something at the beginning or end of a text: a line, spaces, nothing visible."""
        for path in self._some(self._texts()):
            matter, body = self._read(path)
            more = self._one_of(("新的一段。\n", "\n", "  \n", "<!-- 注 -->\n", "（完）\n"))
            self._write(path, matter, more + body if self.below(2) else body + more)

    def key(self) -> None:
        """Change, add or remove one line of an article's front matter."""
        for path in self._some(self._articles()):
            self._change(path, VALUES)

    def move(self) -> None:
        """Move an article to another section or name, over another one too."""
        for path in self._some(self._articles()):
            self._rename(path, f"content/{self._one_of(PLACES[:-1])}/{self._one_of(STEMS)}.md")

    def swap(self) -> None:
        """Exchange two articles by renaming them."""
        one, other = self._some(self._articles()), self._some(self._articles())
        for first, second in zip(one, other, strict=True):
            if first != second:
                self._rename(first, "content/_swap")
                self._rename(second, first)
                self._rename("content/_swap", second)

    def copy(self) -> None:
        """Copy a text to another place."""
        for path in self._some(self._articles()):
            self._put(f"content/{self._one_of(SECTIONS)}/{self._one_of(STEMS)}.md", (self.root / path).read_bytes())

    def delete(self) -> None:
        """Delete an article."""
        for path in self._some(self._articles()):
            self._gone.append((path, (self.root / path).read_bytes()))
            self._delete(path)

    def write_again(self) -> None:
        """Write again what was deleted."""
        for path, data in self._some(self._gone):
            self._put(path, data)

    def bundle(self) -> None:
        """Make a folder with index.md of a file, or the other way round."""
        for path in self._some(self._articles()):
            folder, _, name = path.rpartition("/")
            self._rename(path, f"{folder}.md" if name == "index.md" else f"{path[:-3]}/index.md")

    def encode(self) -> None:
        """Save a text as another editor would: with a BOM, CRLF, in GB18030; or without any change."""
        for path in self._some(self._texts()):
            form = self._one_of(("utf-8", "utf-8-sig", "gb18030", "crlf"))
            text = _decoded((self.root / path).read_bytes())
            data = text.replace("\n", "\r\n").encode() if form == "crlf" else text.encode(form)
            self._put(path, data)

    def put_back_times(self) -> None:
        """Change a letter and put back the time of the file, as some synchronising tools do."""
        for path in self._some(self._texts()):
            before = (self.root / path).stat()
            data = (self.root / path).read_bytes()
            self._put(path, data.replace("。".encode(), "！".encode()) if self.below(2) else data)
            os.utime(self.root / path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def spell(self) -> None:
        """Spell a file's name as macOS does (decomposed), or the other way round; there may be both then."""
        for path in self._some([path for path in (*self._texts(), *self._files()) if not path.isascii()]):
            form: Literal["NFC", "NFD"] = "NFD" if unicodedata.is_normalized("NFC", path) else "NFC"
            self._rename(path, unicodedata.normalize(form, path))

    def shortcut(self) -> None:
        """Put a symbolic link to a text, a file or a section beside others, or in the place of one."""
        for path in self._some([*self._texts(), *self._files(), "content/meetings"]):
            place = self.root / f"content/{self._one_of(SECTIONS)}/{self._one_of((*STEMS, *PHOTOS))}"
            place = place if path == "content/meetings" or place.suffix else place.with_suffix(".md")
            if place.parent.is_dir() and not place.is_dir():
                place.unlink(missing_ok=True)
                place.symlink_to(os.path.relpath(self.root / path, place.parent))
                self._tell(f"ln -s {path} {place.relative_to(self.root)}")

    def touch(self) -> None:
        """Give a file another time: now, long ago, or one that has not come."""
        for path in self._some(sorted(sources_of(self.root))):
            when = self._one_of((None, (0, 0), (4_000_000_000, 4_000_000_000)))
            os.utime(self.root / path, when)
            self._tell(f"touch {path}: {when}")

    def link(self) -> None:
        """Link one text to another, there or not, public or not, or to a heading; or to a file."""
        for path in self._some(self._texts()):
            matter, body = self._read(path)
            targets = [*self._texts(), *self._files(), "content/meetings/nothing.md", "content/notices", "content/x"]
            target = self._one_of(targets).removeprefix("content")
            fragment = self._one_of(("", "", "", "#mark", "#议程", "#nothing"))
            self._write(path, matter, f"见[这里]({target}{fragment})。\n\n{body}")

    # ------------------------------------------------------------ photos and files

    def photo(self) -> None:
        """Add a photo, or put another one in its place."""
        path = self._place_for(PHOTOS)
        self._put(path, picture(path, self.below(4)) if self.below(12) else b"no photo")

    def file(self) -> None:
        """Add an attachment, or put another one in its place."""
        self._put(self._place_for(FILES), self._one_of((b"%PDF 1", *ATTACHED)))

    def _place_for(self, names: Sequence[str]) -> str:
        """The path of a file of such a kind, often one that is there."""
        suffixes = tuple(Path(name).suffix for name in names)
        known = [path for path in self._files() if path.endswith(suffixes)]
        return self._one_of(known) if known and self.below(3) else f"{self._folder()}/{self._one_of(names)}"

    def delete_file(self) -> None:
        """Delete a photo or attachment."""
        for path in self._some(self._files()):
            self._delete(path)

    def rename_file(self) -> None:
        """Rename a photo or attachment."""
        for path in self._some(self._files()):
            self._rename(path, f"{self._folder()}/{self._one_of((*PHOTOS, *FILES))}")

    def show_photo(self) -> None:
        """Show a photo in a text."""
        for path in self._some(self._texts()):
            matter, body = self._read(path)
            name = self._one_of(self._beside(path) or PHOTOS)
            self._write(path, matter, f"{body}\n![{self._one_of(('说明', ''))}]({name})\n")

    # ------------------------------------------------------------ sections

    def section(self) -> None:
        """Change, add or remove a line of a section, or make a section of a folder."""
        path = f"content/{self._one_of(PLACES)}/_index.md".replace("//", "/")
        if (self.root / path).exists():
            self._change(path, SECTION_VALUES)
        else:
            self._write(path, {"title": self._one_of(SECTION_VALUES["title"])})

    def rename_section(self) -> None:
        """Rename the folder of a section, or exchange it with another."""
        for path in self._some([f"content/{name}" for name in SECTIONS if (self.content / name).is_dir()]):
            target = f"content/{self._one_of((*SECTIONS[:2], 'tags', 'New'))}"
            if path != target and not (self.root / target).exists():
                self._rename(path, target)
            elif path != target and not target.startswith(path) and not path.startswith(target):
                self._rename(path, "content/_swap")
                self._rename(target, path)
                self._rename("content/_swap", target)

    def delete_section(self) -> None:
        """Delete a section with all that is in it, or its own file alone."""
        for path in self._some([path.rpartition("/")[0] for path in self._texts() if path.endswith("/_index.md")]):
            self._delete(path if path != "content" and self.below(2) else f"{path}/_index.md")

    # ------------------------------------------------------------ looks and settings

    def template(self) -> None:
        """Write a template of one's own, or change it, or take it away."""
        self._one_file("templates", TEMPLATES)

    def theme(self) -> None:
        """Write a theme file of one's own, or change it, or take it away."""
        self._one_file("theme", THEME)

    def settings(self) -> None:
        """Change, add or remove a line of site.yaml."""
        text = (self.root / "site.yaml").read_text("utf-8")
        values = dict(line.split(": ", 1) for line in text.splitlines())
        key = self._one_of(list(SETTINGS))
        if key in values and key not in ("title", "organization", "url") and self.below(2):
            del values[key]
        else:
            values[key] = self._one_of(SETTINGS[key])
        self._put("site.yaml", "".join(f"{key}: {value}\n" for key, value in values.items()))

    def withdraw(self) -> None:
        """Take an article off, give one back, or lose the ledger."""
        ledger = self.root / "withdrawn.yaml"
        before = ledger.read_bytes() if ledger.exists() else b""
        if before and self.below(3) == 0:
            self._delete("withdrawn.yaml")
        elif before and self.below(2):
            self._put("withdrawn.yaml", before + b"  restored: 2024-03-20\n")
        else:
            for path in self._some(self._articles()):
                entry = f"- article: {nodes.quoted(path)}\n  when: 2024-03-19 08:00\n  why: 作者请求\n"
                self._put("withdrawn.yaml", before + entry.encode())

    # ------------------------------------------------------------ sign-off

    def approve(self) -> None:
        """Sign all stages of an article that are still to come."""
        for path in self._some(self._articles()):
            while self._sign(path, "approve"):
                pass

    def sign(self) -> None:
        """Sign the next stage of an article."""
        for path in self._some(self._articles()):
            self._sign(path, "approve")

    def reject(self) -> None:
        """Give an article back to its author."""
        for path in self._some(self._articles()):
            self._sign(path, "reject")

    def revoke(self) -> None:
        """Take an approval back."""
        for path in self._some(self._articles()):
            self._sign(path, "revoke")

    def policy(self) -> None:
        """Ask for approvals, for others, or no longer for any."""
        lines = (self.root / "site.yaml").read_text("utf-8").splitlines(keepends=True)
        rest = [line for line in lines if not line.startswith("reviews:")]
        line = f"reviews: {self._one_of(POLICIES)}\n" if len(rest) == len(lines) or self.below(3) else ""
        self._put("site.yaml", "".join((*rest, line)))

    def harm_approved(self) -> None:
        """Lose a file of a kept version, or alter it."""
        found = sorted(path for path in (self.root / "approved").rglob("*") if path.is_file())
        for path in self._some(found):
            name = path.relative_to(self.root).as_posix()
            if self.below(2):
                self._delete(name)
            else:
                self._put(name, path.read_bytes() + b" ")

    def _sign(self, path: str, verdict: Verdict) -> bool:
        """Enter a decision on an article; False where it is refused."""
        try:
            stage = read_reviewed(self.root, path).standing.next_stage
            names = [person.name for people in stage.reviewers.values() for person in people] if stage else ["张老师"]
            name = self._one_of(names)
            asked = None if verdict == "revoke" or stage is None else stage.name
            sign(self.root, path, Ruling(verdict, name, datetime(2024, 6, 1, tzinfo=SHANGHAI), asked or "初审", "好"))
        except NewsgenError:
            return False
        self._tell(f"{verdict} {path} by {name}")
        return True

    # ------------------------------------------------------------ what edits are made of

    def _one_of(self, options: Sequence[Item]) -> Item:
        return options[self.below(len(options))]

    def _some(self, options: Sequence[Item]) -> list[Item]:
        """One of the options; nothing where there are none."""
        return [self._one_of(options)] if options else []

    def _texts(self) -> list[str]:
        found = [path for path in self.content.rglob("*.md") if path.is_file()]
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def _articles(self) -> list[str]:
        return [path for path in self._texts() if not path.endswith("/_index.md")]

    def _files(self) -> list[str]:
        found = [path for path in self.content.rglob("*") if path.is_file() and path.suffix != ".md"]
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def _folder(self) -> str:
        """A folder with texts."""
        return self._one_of(sorted({path.rpartition("/")[0] for path in self._texts()}) or ["content"])

    def _beside(self, path: str) -> list[str]:
        """The names of the files beside a text."""
        folder = (self.root / path).parent
        return sorted(item.name for item in folder.iterdir() if item.is_file() and item.suffix != ".md")

    def _read(self, path: str) -> tuple[dict[str, str], str]:
        """Front matter and body of a text."""
        text = _decoded((self.root / path).read_bytes())
        if text.count("---\n") < 2:  # a photo, by way of a link
            return {}, ""
        _, head, body = text.split("---\n", 2)
        return dict(map(_entry, re.split(r"\n(?! )", head.removesuffix("\n")))), body.removeprefix("\n")

    def _write(self, path: str, matter: dict[str, str], body: str | None = None) -> None:
        head = "".join(f"{key}:{_gap(value)}{value}\n" for key, value in matter.items())
        self._put(path, f"---\n{head}---\n\n{self._one_of(BODIES) if body is None else body}")

    def _change(self, path: str, values: dict[str, Sequence[str]]) -> None:
        matter, body = self._read(path)
        key = self._one_of(list(values))
        if key in matter and key not in ("title", "date") and self.below(2):
            del matter[key]
        else:
            named = self._beside(path) if key in ("cover", "attachments") and self.below(6) else []
            matter[key] = self._one_of(named or values[key])
        self._write(path, matter, body)

    def _one_file(self, folder: str, files: dict[str, Sequence[str]]) -> None:
        name = self._one_of(list(files))
        if (self.root / folder / name).exists() and self.below(3) == 0:
            self._delete(f"{folder}/{name}")
        else:
            self._put(f"{folder}/{name}", self._one_of(files[name]))

    def _put(self, path: str, data: str | bytes) -> None:
        data = data.encode() if isinstance(data, str) else data
        target = self.root / path
        if not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            self._tell(f"{path} = {data!r}" if len(data) < 40 or b"\x00" in data else f"{path} = {_decoded(data)!r}")

    def _rename(self, path: str, target: str) -> None:
        place = self.root / target
        if not place.is_dir() and not any(folder.is_file() for folder in place.parents):
            place.parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).replace(place)
            self._tell(f"mv {path} {target}")

    def _delete(self, path: str) -> None:
        target = self.root / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        self._tell(f"rm {path}")

    def _tell(self, line: str) -> None:
        self.done.append(line)


EDITS: tuple[Callable[[Editor], None], ...] = (
    *(Editor.write, Editor.body, Editor.add_to_body, Editor.key, Editor.move, Editor.swap, Editor.copy, Editor.delete),
    *(Editor.write_again, Editor.bundle, Editor.encode, Editor.spell, Editor.put_back_times),
    *(Editor.touch, Editor.link, Editor.shortcut),
    *(Editor.photo, Editor.file, Editor.delete_file, Editor.rename_file, Editor.show_photo),
    *(Editor.section, Editor.rename_section, Editor.delete_section),
    *(Editor.template, Editor.theme, Editor.settings, Editor.withdraw),
    *(Editor.approve, Editor.sign, Editor.reject, Editor.revoke, Editor.policy, Editor.harm_approved),
)
"""All edits."""


def _entry(lines: str) -> tuple[str, str]:
    """Key and value of an entry; the decisions of reviewers stand below their key."""
    key, _, value = lines.partition(":")
    return key, value.removeprefix(" ") if not value.startswith("\n") else value


def _gap(value: str) -> str:
    return "" if value.startswith("\n") else " "


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return text.replace("\r\n", "\n")
