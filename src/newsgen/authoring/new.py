"""New sites and new articles: `newsgen init`, `newsgen new`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from newsgen.authoring.front_matter_edit import new_text
from newsgen.authoring.new_files import disk_error, make_folders, remove_folders
from newsgen.build.cache.store import FOLDER as RECORDS
from newsgen.content.document import parse
from newsgen.content.frontmatter.examples import BODY
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER, SECTION_FILE, scan
from newsgen.core.defaults import defaults
from newsgen.core.errors import UsageError
from newsgen.core.files import read_file, write_whole
from newsgen.core.model import Markdown, SectionMatter
from newsgen.core.platform import is_link
from newsgen.core.text import MAX_BYTES, clean, did_you_mean

STARTER = Path(__file__).parent / "starter"
"""The folder of files that are copied into a new site."""
GUIDE = "使用说明.txt"
PROGRAMS = (".sh", ".command")
"""Suffixes of files that a double-click runs on Linux and macOS."""
NOTE = "python"
"""The file in the folder of records with the path of newsgen's Python, for `starter/app/start.py`."""

NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*#%&{}\s]+')
PLAIN = re.compile(r"[\w一-鿿“”《》（）、，。—·-]+")


def init(folder: Path, shown: str, with_defaults: bool = False) -> tuple[str, ...]:
    """Make a new site in `folder` and return the files written.

    `with_defaults` puts copies of the default templates and theme into `defaults/`, to copy from.
    Raises UsageError where the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{shown} 已经存在，而且不是空文件夹", "换一个名字：newsgen init 新文件夹名", "init.exists")
    files = {name.replace("dot_", "."): data for name, data in _tree(STARTER)}
    for kind in ("templates", "theme") if with_defaults else ():
        files |= {f"defaults/{kind}/{name}": data for name, data in _tree(defaults(kind))}
    for name, data in files.items():
        _write(folder / name, data, shown)
        if name.endswith(PROGRAMS):
            (folder / name).chmod(0o755)
    _write(folder / RECORDS / NOTE, sys.executable.encode(), shown)
    return tuple(files)


def double_clicked() -> str:
    """The name of the file in a new site that starts writing by double-click on this system."""
    return {"win32": "写稿.cmd", "darwin": "写稿.command"}.get(sys.platform, "写稿.sh")


def _tree(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder: relative name and bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def new_article(root: Path, title: str, section: str | None, now: datetime, in_folder: bool = False) -> str:
    """Write a new article file and return its path below the site root.

    `section` is a folder below content/ or a section's title; None takes the first section of the menu. `in_folder` gives
    the article a folder of its own, for its photos.
    Raises UsageError for an empty title, an unknown section or a file that is already there.
    """
    title = " ".join(clean(title).split())
    if not title:
        raise UsageError("标题是空的", "在 newsgen new 后面写文章的标题")
    folder = section_folder(section_matters(root), section)
    stem = f"{now:%Y-%m-%d}-{NOT_IN_NAMES.sub('-', title).strip('-. ')[:60].rstrip('-. ') or 'wenzhang'}"
    alone, bundle = f"{FOLDER}/{folder}/{stem}.md", f"{FOLDER}/{folder}/{stem}/{BUNDLE_FILE}"
    other = next((path for path in (alone, bundle) if _is_taken(root / path)), None)
    if other:
        raise UsageError(f"这个文件已经有了：{other}", "换一个标题，或直接修改那个文件", "new.exists", other)
    path = bundle if in_folder else alone
    text = new_text("news", {"title": title, "date": f"{now:%Y-%m-%d}"}, BODY)
    _write(root / path, text.encode(), path)
    return path


def _is_taken(path: Path) -> bool:
    """Whether the path of a new article is taken, or its own folder is a link."""
    return os.path.lexists(path) or (path.name == BUNDLE_FILE and is_link(path.parent))


def section_matters(root: Path) -> dict[str, SectionMatter]:
    """The sections by folder below content/: those in the menu first, then by weight. Faulty ones are left out."""
    found = []
    for item in scan(root).found:
        folder = item.path.removeprefix(f"{FOLDER}/").rpartition("/")[0]
        if item.is_section and folder:
            try:
                matter = parse(read_file(root / item.real, MAX_BYTES), Markdown(), is_section=True).document.matter
            except OSError:  # reported by the next build
                continue
            if isinstance(matter, SectionMatter):
                found.append((not matter.menu, matter.weight, folder, matter))
    return {folder: matter for _, _, folder, matter in sorted(found, key=lambda item: item[:3])}


def section_folder(sections: Mapping[str, SectionMatter], wanted: str | None) -> str:
    if not sections:
        raise UsageError("content 里还没有栏目", f"先建一个栏目文件夹，里面放 {SECTION_FILE}", "new.section")
    if wanted is None:
        return next(iter(sections))
    plain = wanted.strip("/\\ ").replace("\\", "/").removeprefix(f"{FOLDER}/")
    names = {folder: folder for folder in sections} | {matter.title: folder for folder, matter in sections.items()}
    if plain in names:
        return names[plain]
    guess = did_you_mean(plain, names)
    known = "、".join(f"{folder}（{matter.title}）" for folder, matter in sections.items())
    hint = f"是不是想写 {guess} ？栏目有：{known}" if guess else f"栏目有：{known}"
    raise UsageError(f"没有这个栏目：{wanted}", hint, "new.section")


def _write(path: Path, data: bytes, shown: str) -> None:
    missing = list[Path]()
    try:
        missing = make_folders(path.parent)
        write_whole(path, data)
    except OSError as error:
        remove_folders(missing)
        raise disk_error(error, f"写不了 {shown}", shown) from None
