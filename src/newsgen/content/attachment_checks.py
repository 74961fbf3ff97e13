"""Attachments that must not be published: files that nobody can open, and office files with programs in them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from newsgen.core.model import Diagnostic

MACROS = {".docm": "docx", ".dotm": "docx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".xltm": "xlsx", ".pptm": "pptx"}
"""Office files that may hold macros, and what they are saved as without."""
_OFFICE = frozenset((".docx", ".xlsx", ".pptx"))
_PACKAGES = _OFFICE | {".zip"}
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""What an OLE compound file begins with: old office files, and new ones behind a password ([MS-OFFCRYPTO] 2.3)."""
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_MOST_BYTES = 300_000_000
"""Of a package that is looked into: its list of files is held in memory."""
_TAIL = 65_536
"""Bytes at the end of a PDF in which its trailer is looked for."""
_IS_ENCRYPTED = 0x1
"""Bit 0 of a ZIP entry's flags (APPNOTE 4.4.4)."""


def refusal(file: Path, path: str) -> Diagnostic | None:
    """The reason why the attachment must not be published; None where there is none. Raises OSError."""
    name, suffix = posixpath.basename(path), posixpath.splitext(path)[1].lower()
    if suffix in MACROS:
        hint = f"在 Word、Excel 里另存为 .{MACROS[suffix]}，或导出为 PDF"
        return Diagnostic("attachment.macros", "error", f"{name} 里可能有宏（程序），不能发布", hint)
    if suffix == ".pdf":
        return _locked(name) if _is_encrypted_pdf(file) else None
    return _package_refusal(file, name, suffix) if suffix in _PACKAGES else None


def _package_refusal(file: Path, name: str, suffix: str) -> Diagnostic | None:
    """Why a ZIP package is refused: a password, or macros under a name that has none."""
    import zipfile

    from newsgen.core.zip_archives import opened

    if file.stat().st_size > _MOST_BYTES:
        return None
    with file.open("rb") as stream:
        if stream.read(len(_COMPOUND)) == _COMPOUND:
            return _locked(name) if suffix in _OFFICE else None
        try:
            entries = opened(stream).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return None  # reported where it is opened
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        return _locked(name)
    if suffix in _OFFICE and any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        hint = f"在 Word、Excel 里打开，另存为没有宏的 {suffix}，或导出为 PDF"
        return Diagnostic("attachment.macros", "error", f"{name} 里有宏（程序），不能发布", hint)
    return None


def _is_encrypted_pdf(file: Path) -> bool:
    """Whether a PDF takes a password or forbids something (ISO 32000-1, 7.6): its trailer names how it is encrypted."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        return _ENCRYPTED_PDF.search(stream.read()) is not None


def _locked(name: str) -> Diagnostic:
    hint = "去掉密码再放进来（在原来的软件里打开，另存一份不设密码的）；内容不宜公开的，不要放在网站上"
    return Diagnostic("attachment.encrypted", "error", f"{name} 设了密码，读者打不开", hint)
