"""theme/ -> Assets: the site's own files over the defaults, each at an address that holds its digest.

A file with a hashed name never changes, so that browsers may keep it for ever. CSS names other theme files by url();
these addresses are rewritten. `greyscale.css` has a fixed address, so that days of mourning change no page.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.files import is_inside, read_file, visible, walk
from newsgen.core.model import Diagnostic, Record
from newsgen.core.platform import is_link, reason
from newsgen.core.text import is_device, is_leftover
from newsgen.core.urls import ascii_slug

FOLDER = "theme"
GREYSCALE = "greyscale.css"
GREYSCALE_ADDRESS = f"assets/{GREYSCALE}"
LIMIT = 50_000_000
"""Bytes of a theme file: fonts for Chinese have 20 million."""
_SUFFIX = re.compile(r"(?:\.[A-Za-z0-9]{1,16})?")
_STRANGE = re.compile(r'[\\:*?"<>|]')
"""Characters that no file name may have on Windows."""
_CSS_URL = re.compile(r"""url\(\s*+(["']?+)(?!data:|https?:|/|#)([^"')]+?)\1\s*\)""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?(?!https?:|//)([^"')\s;]+)""", re.IGNORECASE)


class Asset(Record, frozen=True):
    """One theme file as it is published. `name` is relative to theme/."""

    name: str
    address: str
    digest: str
    data: bytes


def load(defaults: Path, own: Path) -> Mapping[str, Asset]:
    """The theme's files by name: those of `own` replace `defaults` one by one.

    Raises ContentError for a file that cannot be read or published, and for CSS that names a file which is not there.
    """
    files = {**{name: read_file(path, LIMIT) for name, path in walk(defaults, "._~")}, **dict(_own(own))}
    plain = {name: _asset(name, data) for name, data in files.items() if not name.endswith(".css")}
    return plain | {name: _style(name, files, plain) for name in files if name.endswith(".css")}


def _own(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The site's own files, checked, since a site may have been handed over. Raises ContentError."""
    if is_link(folder):
        raise ContentError([stray("theme.file", FOLDER, FOLDER)])
    for name, path in listed(folder, "theme.file"):
        if any(part[0] in "_~" for part in name.split("/")) or is_leftover(name.rpartition("/")[2]):
            continue
        if not name.isprintable() or not is_publishable(name):
            message = f"theme 里的文件不能叫这个名字：{visible(name)}"
            raise _error(visible(name), 1, message, "给它换一个名字，只用字母、数字、短横线和点，后缀也是")
        if is_stray(path, folder):
            raise ContentError([stray("theme.file", f"{FOLDER}/{name}", FOLDER)])
        try:
            yield name, read_file(path, LIMIT)
        except OSError as error:
            raise _error(
                name, 1, f"读不了这个文件：{reason(error)}", "检查它是不是普通的文件、有没有读取权限"
            ) from None


def listed(folder: Path, code: str) -> list[tuple[str, str]]:
    """Name and path of every file below a folder of a site. Raises ContentError where it cannot be read."""
    try:
        return list(walk(folder))
    except OSError as error:
        message = f"读不了 {folder.name} 文件夹：{reason(error)}"
        raise ContentError([Diagnostic(code, "error", message, "检查它的读取权限", folder.name)]) from None


def is_publishable(name: str) -> bool:
    """Whether a theme file of this name can be published: its suffix and stem may stand in an address."""
    stem, suffix = posixpath.splitext(posixpath.basename(name))
    return bool(_SUFFIX.fullmatch(suffix)) and not is_device(stem) and not _STRANGE.search(stem)


def is_stray(path: str, folder: Path) -> bool:
    """Whether this is a link to anything but a file in `folder`."""
    return is_link(path) and not (is_inside(path, folder) and Path(path).is_file())


def stray(code: str, path: str, folder: str) -> Diagnostic:
    """The error for a link that leads out of the folder whose files are published, or to a folder."""
    message = f"这是通向 {folder} 文件夹之外（或隐藏的、不存在的文件），或通向一个文件夹的快捷方式（符号链接）"
    return Diagnostic(code, "error", message, "删去它，把文件本身复制到这里", path)


def _asset(name: str, data: bytes) -> Asset:
    digest = digest_bytes(data)
    stem, suffix = posixpath.splitext(posixpath.basename(name))
    address = GREYSCALE_ADDRESS if name == GREYSCALE else f"assets/{ascii_slug(stem, stem)}.{digest[:10]}{suffix}"
    return Asset(name, address, digest, data)


def _style(name: str, files: Mapping[str, bytes], plain: Mapping[str, Asset]) -> Asset:
    """A style sheet with the published addresses of the files it names (all lie in one folder)."""

    def published(match: re.Match[str]) -> str:
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(name), match[2].partition("#")[0].partition("?")[0])
        )
        if target not in plain:
            line = text.count("\n", 0, match.start()) + 1
            raise _error(name, line, f"样式表用到的文件不存在：{match[2]}", "检查文件名和所在的文件夹")
        return f'url("{posixpath.basename(plain[target].address)}")'

    text = files[name].decode("utf-8", "replace")
    imported = _CSS_IMPORT.search(text)
    if imported:
        line = text.count("\n", 0, imported.start()) + 1
        message = f"样式表不能用 @import 引用 {imported[1]}：发布后它的文件名会变"
        raise _error(name, line, message, "把那个文件的内容直接写进来，或在模板里加一行 <link>")
    return _asset(name, _CSS_URL.sub(published, text).encode())


def _error(name: str, line: int, message: str, hint: str) -> ContentError:
    return ContentError([Diagnostic("theme.file", "error", message, hint, f"{FOLDER}/{name}", line)])
