"""theme/ -> Assets: the site's own files over the defaults, each at an address that holds its digest.

A hashed name lets the web server send "never changes". CSS names other theme files by url(); these are rewritten.
`greyscale.css` keeps one fixed address, so that the mourning days change one file and not every page.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsgen.core.platform import reason
from newsgen.errors import ContentError
from newsgen.fingerprint import digest_bytes
from newsgen.model import Diagnostic, Value
from newsgen.text import is_inside, is_leftover
from newsgen.urls import ascii_slug

FOLDER = "theme"
GREYSCALE = "greyscale.css"
GREYSCALE_ADDRESS = f"assets/{GREYSCALE}"
_CSS_URL = re.compile(r"""url\(\s*+(["']?+)(?!data:|https?:|/|#)([^"')]+?)\1\s*\)""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?(?!https?:|//)([^"')\s;]+)""", re.IGNORECASE)


class Asset(Value, frozen=True):
    """One theme file as it is published. `name` is relative to theme/."""

    name: str
    address: str
    digest: str
    data: bytes


def load(defaults: Path, own: Path) -> Mapping[str, Asset]:
    """The theme's files by name: those of `own` replace `defaults` one by one.

    Raises ContentError for a file that cannot be read, and for CSS that names a file which is not there.
    """
    files = {**dict(_files(defaults)), **dict(_files(own))}
    plain = {name: _asset(name, data) for name, data in files.items() if not name.endswith(".css")}
    return plain | {name: _style(name, files, plain) for name in files if name.endswith(".css")}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part[0] in "._~" for part in name.split("/")) and not is_leftover(path.name):
            if not is_inside(path, folder):
                raise _fault(name, 1, "这是通向 theme 文件夹之外的快捷方式（符号链接）", "把文件本身复制到这里")
            try:
                yield name, path.read_bytes()
            except OSError as error:
                raise _fault(name, 1, f"读不了这个文件：{reason(error)}", "检查读取权限") from None


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
            raise _fault(name, line, f"样式表用到的文件不存在：{match[2]}", "检查文件名和所在的文件夹")
        return f'url("{posixpath.basename(plain[target].address)}")'

    text = files[name].decode("utf-8", "replace")
    imported = _CSS_IMPORT.search(text)
    if imported:
        line = text.count("\n", 0, imported.start()) + 1
        message = f"样式表不能用 @import 引用 {imported[1]}：发布后它的文件名会变"
        raise _fault(name, line, message, "把那个文件的内容直接写进来，或在模板里加一行 <link>")
    return _asset(name, _CSS_URL.sub(published, text).encode())


def _fault(name: str, line: int, message: str, hint: str) -> ContentError:
    return ContentError([Diagnostic("theme.file", "error", message, hint, f"{FOLDER}/{name}", line)])
