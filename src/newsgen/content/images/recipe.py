"""The recipe of published pictures: what, beside a picture and its form, decides on the bytes that come out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import features

from newsgen.core.digest import digest, library_versions

_LIBRARIES = ("pillow", "pillow-heif")
_CODECS = ("webp", "jpg", "zlib", "littlecms2")


@lru_cache(maxsize=1)
def recipe_digest() -> str:
    """Names our own code for pictures and the versions of the libraries that decode and encode them."""
    sources = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return digest(sources, library_versions(_LIBRARIES), [features.version(codec) for codec in _CODECS])
