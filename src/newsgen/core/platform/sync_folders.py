"""Folders that a sync program watches: files that are written there are uploaded."""

from __future__ import annotations

import os
import re
from pathlib import Path

_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Variables of the environment in which OneDrive names its folders on Windows."""
_NAMES = {
    "OneDrive": "onedrive",
    "坚果云": "nutstore|坚果云|我的坚果云",
    "iCloud": "icloud|icloud ?drive|icloud ?云盘|mobile documents|com~apple~clouddocs",
    "Dropbox": "dropbox",
    "Google Drive": "google ?drive|my drive|我的云端硬盘",
    "百度网盘": "baidusyncdisk|百度网盘同步空间|百度同步盘",
    "WPS 云盘": "wpsdrive|wps ?云盘|wps cloud files",
    "腾讯微云": "weiyun|微云同步助手|微云同步盘",
    "Seafile": "seafile|seadrive",
}
"""Default names of the folders. The owner's name may follow: `OneDrive - 学院`."""


def sync_program_of(path: Path) -> str | None:
    """The sync program that watches a folder, as people call it; None where there seems to be none."""
    real = Path(os.path.realpath(path))
    own = [folder for name in _VARIABLES if (folder := os.environ.get(name))]
    if any(real.is_relative_to(os.path.realpath(folder)) for folder in own):
        return "OneDrive"
    return next((name for name, words in _NAMES.items() if any(_is_called(part, words) for part in real.parts)), None)


def _is_called(folder: str, words: str) -> bool:
    return re.fullmatch(rf"(?:{words})(?:[ _-].*)?", folder, re.IGNORECASE) is not None
