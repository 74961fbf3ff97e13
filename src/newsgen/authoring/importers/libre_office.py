"""Older formats (.doc, .wps, .rtf, .odt) by LibreOffice, which may fetch nothing for them.

A document may name pictures and texts that lie elsewhere: in folders of this machine, on servers of its network, on shares to
which Windows sends the hash of a password. LibreOffice takes them in as it opens the document, unless its settings forbid it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from newsgen.authoring.new_files import disk_error
from newsgen.core.errors import UsageError

TIMEOUT = 120
"""Maximum seconds for LibreOffice."""
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
    },
    "Office.Writer/Content/Update": {"Link": "2", "Field": "false"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        **{f"ooInet{kind}ProxyName": "127.0.0.1" for kind in ("HTTP", "HTTPS")},
        **{f"ooInet{kind}ProxyPort": "9" for kind in ("HTTP", "HTTPS")},
    },
}
"""Settings by path in LibreOffice's registry: no links from untrusted documents, no macros, a proxy that never answers."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
_FIELD = re.compile(rb"\\fldinst(?![a-z])(?!(?:[\s{]|\\(?!u-?\d|bin)[a-z]+-?\d*){0,50}+HYPERLINK)")
"""The instruction of an RTF field that is no link: such a field may include a picture, which no setting forbids."""


def as_docx(data: bytes, name: str) -> bytes:
    """A document in an older format, converted to .docx by LibreOffice.

    Raises UsageError if that is not installed or cannot convert the document, HostError for the disk.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UsageError(
            f"{name} 是旧格式，不能直接读",
            "用 Word 或 WPS 打开，另存为 .docx；或者装上 LibreOffice，由它来转换",
            "word.old",
        )
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            source = Path(scratch, f"text{Path(name).suffix.lower()}")
            source.write_bytes(_without_fields(data))
            profile = Path(scratch, "profile")
            _write_settings(profile)
            return _converted(program, source, profile, name)
    except OSError as error:
        raise disk_error(error, f"{name} 没有转换，临时文件夹写不了", "") from None


def _converted(program: str, source: Path, profile: Path, shown: str) -> bytes:
    """The bytes of the .docx that LibreOffice makes of a file, called `shown` in messages. Raises UsageError."""
    own_profile = f"-env:UserInstallation={profile.as_uri()}"
    command = [program, own_profile, "--headless", "--convert-to", "docx", "--outdir", str(source.parent), str(source)]
    try:
        subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=True, stdin=subprocess.DEVNULL)
        return source.with_name("text.docx").read_bytes()
    except (subprocess.SubprocessError, OSError):
        raise UsageError(f"LibreOffice 打不开 {shown}", "用 Word 或 WPS 打开，另存为 .docx", "word.old") from None


def _without_fields(data: bytes) -> bytes:
    """RTF without the instructions of fields that are no links, so that only their last results are shown.

    Any other document is unchanged.
    """
    return _FIELD.sub(rb"\\*\\nofldinst", data) if rb"\rtf" in data[:1000] else data


def _write_settings(profile: Path) -> None:
    """Write the settings into a new profile of LibreOffice."""
    lines = (
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    folder = profile / "user"
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(f"{_HEAD}{''.join(lines)}</oor:items>\n", "utf-8")
