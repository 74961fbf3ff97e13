"""What format a file has that is handed in: by its name, by what it holds, and by LibreOffice for older ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from newsgen.authoring.importers.html_file import decoded
from newsgen.authoring.importers.office_package import OfficePackage
from newsgen.authoring.importers.readers import CONVERTED, READERS
from newsgen.core.errors import UsageError

DOCUMENT = "word/document.xml"
PATIENCE = 120
"""Seconds that LibreOffice may take."""
_BEGINNING = 1_000
_PAGE_BEGINNING = re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body)\b", re.DOTALL)
"""How a web page begins."""


def is_word(data: bytes) -> bool:
    """Whether a ZIP is a Word file, which some browsers save as .zip."""
    try:
        return DOCUMENT in OfficePackage(data, "").names
    except UsageError:
        return False


def true_suffix(data: bytes, suffix: str) -> str:
    """The suffix of what a file holds: office systems save web pages as .doc, and some people rename a .docx."""
    if suffix not in (*CONVERTED, *READERS):
        return suffix
    if data.startswith(b"PK") and is_word(data):
        return ".docx"
    start = decoded(data[:_BEGINNING]).lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:"):
        return ".mht"
    return ".html" if _PAGE_BEGINNING.match(start) else suffix


def as_docx(data: bytes, name: str) -> bytes:
    """An older format as .docx, by LibreOffice where it is installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UsageError(
            f"{name} 是旧格式，不能直接读",
            "用 Word 或 WPS 打开，另存为 .docx；或者装上 LibreOffice，由它来转换",
            "word.old",
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source = Path(scratch, f"text{Path(name).suffix.lower()}")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "docx", "--outdir", scratch, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True, stdin=subprocess.DEVNULL)
            return Path(scratch, "text.docx").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise UsageError(f"LibreOffice 打不开 {name}", "用 Word 或 WPS 打开，另存为 .docx", "word.old") from None
