"""The digest of all that decides on the bytes of a published picture, beside its source and its form."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import features

from newsgen.core.digest import digest, library_versions

_LIBRARIES = ("pillow", "pillow-heif")
_CODECS = ("webp", "jpg", "zlib", "littlecms2")


@lru_cache(maxsize=1)
def encoder_digest() -> str:
    """The digest of our own code for pictures, and of the versions of the libraries that decode and encode them."""
    sources = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return digest(sources, library_versions(_LIBRARIES), [features.version(codec) for codec in _CODECS])
