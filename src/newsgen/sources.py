"""Templates as files, what their syntax tells, and what is said about them. No template is parsed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from newsgen.core.platform import reason
from newsgen.errors import ContentError
from newsgen.model import Diagnostic
from newsgen.text import is_inside

FOLDER = "templates"


class Facts(NamedTuple):
    """Plain data, true as long as the templates' sources are the same."""

    reach: Mapping[str, tuple[str, ...]]
    """For each of TEMPLATES all that it includes, extends or imports, itself among them; all templates when it names one
    by an expression."""
    assets: tuple[str, ...] | None
    """The theme files that templates ask for by `site.asset('…')`; None when a name is computed."""
    shared: Mapping[str, tuple[str, ...]]
    """The partials that read `site`, `root` and some fields of `page` alone, with these fields."""


def read(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every template in a folder. Raises ContentError for one that is not UTF-8 or cannot be read."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in (".html", ".xml", ".txt"):
            if not is_inside(path, folder):
                message = "这是通向 templates 文件夹之外的快捷方式（符号链接）"
                raise ContentError([fault("template.outside", name, 1, message, "把文件本身复制到这里")])
            try:
                yield name, path.read_text("utf-8-sig")
            except UnicodeDecodeError:
                raise ContentError(
                    [fault("template.encoding", name, 1, "模板不是 UTF-8 编码", "用编辑器另存为 UTF-8")]
                ) from None
            except OSError as error:
                message = f"读不了这个模板：{reason(error)}"
                raise ContentError([fault("template.unreadable", name, 1, message, "检查读取权限")]) from None


def fault(code: str, name: str, line: int, message: str, hint: str) -> Diagnostic:
    """An error at a line of a template."""
    return Diagnostic(code, "error", message, hint, f"{FOLDER}/{name}", line)
