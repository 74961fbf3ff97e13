"""Template files: read, with their errors, and the facts that their syntax gives. No template is parsed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from newsgen.core.errors import ContentError
from newsgen.core.files import read_file, visible
from newsgen.core.model import Diagnostic
from newsgen.core.platform import is_link, reason
from newsgen.site.theme.assets import is_stray, listed, stray

FOLDER = "templates"
SUFFIXES = (".html", ".xml", ".txt")
LIMIT = 2_000_000
"""Bytes of a template."""


class TemplateFacts(NamedTuple):
    """Facts about templates, as plain data that can be stored; they hold as long as the sources are the same."""

    reach: Mapping[str, tuple[str, ...]]
    """For each template of a page kind all that it includes, extends or imports, itself among them; all templates when it names one
    by an expression."""
    assets: tuple[str, ...] | None
    """The theme files that templates ask for by `site.asset('…')`; None when a name is computed."""
    shared: Mapping[str, tuple[str, ...]]
    """The partials that read `site`, `root` and some fields of `page` alone, with these fields."""


def read(folder: Path, is_ours: bool = False) -> Iterator[tuple[str, str]]:
    """Name and text of every template in a folder. `is_ours`: the folder belongs to newsgen, and links are allowed.

    Raises ContentError for one that is not UTF-8, cannot be read or lies elsewhere.
    """
    if not is_ours and is_link(folder):
        raise ContentError([stray("template.outside", FOLDER, FOLDER)])
    for name, path in listed(folder, "template.unreadable"):
        if not name.isprintable():
            message = f"文件名里有乱码或看不见的字符：{visible(name)}"
            raise ContentError([template_error("template.name", visible(name), 1, message, "给它换一个名字")])
        if name.endswith(SUFFIXES):
            if not is_ours and is_stray(path, folder):
                raise ContentError([stray("template.outside", f"{FOLDER}/{name}", FOLDER)])
            yield name, _text(name, path)


def _text(name: str, path: str) -> str:
    try:
        return read_file(path, LIMIT).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        found = template_error("template.encoding", name, 1, "模板不是 UTF-8 编码", "用编辑器另存为 UTF-8")
    except OSError as error:
        hint = "检查它是不是普通的文件、有没有读取权限"
        found = template_error("template.unreadable", name, 1, f"读不了这个模板：{reason(error)}", hint)
    raise ContentError([found])


def template_error(code: str, name: str, line: int, message: str, hint: str) -> Diagnostic:
    """An error at a line of a template."""
    return Diagnostic(code, "error", message, hint, f"{FOLDER}/{name}", line)
