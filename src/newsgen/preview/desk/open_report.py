"""One report, opened to be edited: its text, its front matter as typed, its files."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from newsgen.authoring.file_location import outside
from newsgen.authoring.front_matter_values import Attachment, values_of
from newsgen.authoring.text_lines import body_of
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER, SECTION_FILE, real_path, scan_files
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import HostError, UsageError
from newsgen.core.files import is_inside, read_file
from newsgen.core.model import Record
from newsgen.core.platform import reason
from newsgen.core.text import MAX_BYTES


class OpenReport(Record, frozen=True):
    """A report as a person edits it.

    `version` is the digest of the file's bytes, `body` the text below the front matter with LF as line end, `body_line` the
    line of the file at which it begins. `fields` are the values of front matter as typed; `locked` are the reasons, by
    key, why some cannot be changed in a form. `is_folder`: the report has a folder of its own.
    """

    path: str
    version: str
    body: str
    body_line: int
    fields: dict[str, str | tuple[Attachment, ...]]
    locked: dict[str, str]
    is_folder: bool


def report_file(root: Path, typed: str) -> Path:
    """The file of a report by its path below the site root, which may go through links within content/.

    Raises UsageError for anything that is no report, and for a file outside of content/.
    """
    path = unicodedata.normalize("NFC", typed)
    parts = path.split("/")
    is_plain = parts[:1] == [FOLDER] and len(parts) > 1 and path.lower().endswith(".md") and parts[-1] != SECTION_FILE
    file = real_path(root, path)
    if not is_plain or {"", ".", ".."} & set(parts) or "\\" in path or "\0" in path:
        raise UsageError("没有这一篇", "回到列表，重新打开", "desk.missing", typed[:200])
    if not is_inside(file, root / FOLDER):
        raise outside(path)
    if not os.path.exists(file):  # noqa: PTH110 (a name that is too long is the name of no file)
        raise UsageError("这一篇的文件不在了", "多半是被移走、改名或删除了；回到列表看一看", "desk.missing", path)
    found = scan_files(root, (path,))
    if found is not None and not found.found:
        raise UsageError("没有这一篇", "回到列表，重新打开", "desk.missing", typed[:200])
    return file


def open_report(root: Path, path: str) -> OpenReport:
    """The report at `path` as it lies on the disk. Raises UsageError, ContentError, HostError."""
    return opened(path, read_report(report_file(root, path), path))


def read_report(file: Path, path: str) -> bytes:
    """The bytes of a report's file. Raises HostError."""
    try:
        return read_file(file, MAX_BYTES)
    except OSError as error:
        raise HostError(f"读不了 {path}：{reason(error)}", "检查文件还在不在、有没有权限", "desk.disk", path) from None


def opened(path: str, data: bytes) -> OpenReport:
    """The report at `path` with the bytes `data`. Raises ContentError for a text that cannot be written back unchanged."""
    body, line = body_of(data, path)
    values, locked = values_of(data, path)
    return OpenReport(path, digest_bytes(data), body, line, values, locked, path.endswith(f"/{BUNDLE_FILE}"))
