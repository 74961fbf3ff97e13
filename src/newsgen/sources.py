"""Templates as files, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsgen.errors import ContentError
from newsgen.model import Diagnostic
from newsgen.text import is_inside

FOLDER = "templates"


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
                message = f"读不了这个模板：{error.strerror}"
                raise ContentError([fault("template.unreadable", name, 1, message, "检查读取权限")]) from None


def fault(code: str, name: str, line: int, message: str, hint: str) -> Diagnostic:
    """An error at a line of a template."""
    return Diagnostic(code, "error", message, hint, f"{FOLDER}/{name}", line)
