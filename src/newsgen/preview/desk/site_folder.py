"""The check whether the site's folder is there: its drive may be unplugged, or its network share disconnected."""

from __future__ import annotations

from pathlib import Path

from newsgen.config.site_yaml import FILE_NAME
from newsgen.content.scan import FOLDER

OUT_OF_REACH = "desk.unreachable"
_KEEP = "写的内容还在这个网页里，先不要关；接上以后，这里会自动保存"


def is_out_of_reach(root: Path) -> bool:
    """Whether site.yaml and content/ are both missing at `root`, which may remain as an empty folder, a mount point."""
    try:
        return not any((root / name).exists() for name in (FILE_NAME, FOLDER))
    except OSError:  # a share that does not answer, a device that is not ready
        return True


def out_of_reach(root: Path, is_elsewhere: bool) -> dict[str, str]:
    """The error for the page; `is_elsewhere`: the desk runs on another computer."""
    message = "连不上放网站的文件夹" if is_elsewhere else f"连不上放网站的文件夹 {root}"
    why = "请告诉管网站的人" if is_elsewhere else "多半是 U 盘拔掉了，或者网络盘断开了，请接上"
    return {"error": OUT_OF_REACH, "message": message, "hint": f"{why}。{_KEEP}"}
