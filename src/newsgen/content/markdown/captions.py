"""Captions: which alt texts of photos are file names, and so no captions."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|heif|avif|svg)$", re.IGNORECASE)
_CAMERA = re.compile(
    r"(?:IMG|DSC[FN]?|DCIM|PXL|VID|MVIMG|P(?=[-_ ]?\d{6})|_MG|DJI|GOPR|SAM|mmexport|wx_camera|Snipaste|WeChat|WX|QQ)[-_ ]?\d[\w ().-]*"
    r"|Screenshot[-_ ](?:from[-_ ])?\d[\w ().-]*|(?:微信图片|微信截图|QQ图片|QQ截图|屏幕截图|截屏|截图|企业微信截图)[-_ ]?\d[\w ().-]*"
    r"|[0-9a-f]{16,}|\d{8,}(?:[-_]\d+)*",
    re.IGNORECASE | re.ASCII,
)
_PLACEHOLDER = re.compile(
    r"(?:image|img|pic|picture|photo|图片|图|照片|未命名|新建图片)[-_ ]?\d*", re.IGNORECASE | re.ASCII
)


def shown_alt(alt: str) -> str:
    """The alt text as it is published: emptied where it names a file or is a camera's number."""
    text = alt.strip()
    return "" if _EXTENSION.search(text) or _CAMERA.fullmatch(text) else text


def caption(alt: str, src: str) -> str:
    """The caption of a photo: its alt text, or nothing where that is no more than the name that a machine or program gave.

    A Chinese name was typed by somebody who meant it: `![与会人员合影](与会人员合影.jpg)`.
    """
    text = shown_alt(alt)
    if _PLACEHOLDER.fullmatch(text):
        return ""
    return "" if text.isascii() and _normal(text) in _file_names(src) else text


def _file_names(src: str) -> tuple[str, str]:
    name = _normal(unquote(src).replace("\\", "/").rpartition("/")[2])
    return name, _EXTENSION.sub("", name)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
