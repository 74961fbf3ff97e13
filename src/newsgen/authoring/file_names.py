"""Names for files that members hand in: readable, in ASCII, unique in their folder, and valid on every system.

A name that says a number (`图1.jpg`, `1.jpg`) keeps it, because 【图1】 refers to it; no other name is given a number that
【图1】 could refer to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from posixpath import splitext

from newsgen.authoring.pinyin import latin_words
from newsgen.content.photo_numbers import number_in
from newsgen.core.file_types import FILE_SUFFIXES, PICTURE_SUFFIXES
from newsgen.core.text import is_device

LONGEST = 60
"""Maximum characters of a name, without suffix."""
LONGEST_SLUG = 40
_PHOTO, _FILE, _REPORT = "zhaopian", "wenjian", "baodao"
_KNOWN = (
    ("微信图片", "weixin"),
    ("微信截图", "weixin-jietu"),
    ("QQ图片", "QQ"),
    ("QQ截图", "QQ-jietu"),
    ("屏幕截图", "jietu"),
)
"""Words that phones and programs put in front, with their short forms: their pinyin would be long."""
_JOINTS = re.compile(r"[\W_]+")


def file_name(given: str, taken: Iterable[str], suffix: str | None = None) -> str:
    """A name for a file that came as `given`; it differs from those `taken` in more than letter case.

    `suffix` (`.jpg`) is the one that fits the file's bytes; None takes the one in `given`. A photo keeps the number in its
    name if no other photo has it, and if the folder has no photos yet or one with a number.
    """
    stem, typed = _parts(given)
    suffix = typed.lower() if suffix is None else suffix
    is_photo = suffix in PICTURE_SUFFIXES
    others = [splitext(name) for name in taken]
    photos = [name for name, ending in others if ending.lower() in PICTURE_SUFFIXES]
    used = {name.casefold() for name in photos} if is_photo else set()
    used |= {name.casefold() for name, ending in others if ending.casefold() == suffix}
    numbers = {number_in(f"{name}.jpg") for name in photos}
    number = number_in(f"{stem}.jpg") if is_photo else None
    may_say = number not in numbers and (not photos or numbers != {None})
    name = _ascii(stem) or (_PHOTO if is_photo else _FILE)
    if is_photo:
        name = _saying(name, number if may_say else None)
    name = f"{_PHOTO if is_photo else _FILE}-{name}" if is_device(name) else name
    return _unlike(name, used, is_photo) + suffix


def _parts(given: str) -> tuple[str, str]:
    """Stem and suffix of a name, without folders, accents and invisible characters."""
    plain = unicodedata.normalize("NFKC", re.split(r"[/\\]", given)[-1])
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "CM").strip(" .")
    stem, suffix = splitext(plain)
    return (stem.strip(" ."), suffix) if suffix.lower() in FILE_SUFFIXES else (plain, "")


def _ascii(stem: str) -> str:
    """A stem in ASCII; "" if nothing of it is left."""
    for typed, short in _KNOWN:
        stem = stem.replace(typed, f" {short} ")
    return _shortened(_JOINTS.sub(_joint, _spelled(stem)).strip("-_"), LONGEST)


def _saying(name: str, number: int | None) -> str:
    """The name of a photo, changed to say this number; for None, changed to say no number."""
    if number_in(f"{name}.jpg") == number:
        return name
    if number is None:
        return f"{_PHOTO}-{name}"
    words = re.sub(rf"^[a-z-]*0*{number}[-_]*", "", name)  # tu-2-hui-chang
    return f"{number}-{words}" if words else str(number)


def _spelled(stem: str) -> str:
    """The stem with Chinese characters as pinyin syllables, joined by hyphens."""
    pieces = re.split(r"([^\x00-\x7f]+)", stem)
    return "".join(
        piece if index % 2 == 0 else f" {'-'.join(latin_words(piece))} " for index, piece in enumerate(pieces)
    )


def _joint(match: re.Match[str]) -> str:
    return "_" if match[0].strip("_") == "" else "-"


def _shortened(name: str, most: int) -> str:
    """A name cut to at most `most` characters, between words if possible."""
    if len(name) <= most:
        return name
    cut = max(name.rfind(joint, most // 2, most + 1) for joint in "-_")
    return name[: cut if cut > 0 else most].strip("-_")


def _unlike(name: str, used: set[str], is_photo: bool) -> str:
    """The name, with a count after it if it is used already."""
    if name.casefold() not in used:
        return name
    if is_photo and number_in(f"{name}.jpg") is not None:
        return _unlike(f"{_PHOTO}-{name}", used, is_photo)
    return next(found for count in range(2, len(used) + 3) if (found := f"{name}-{count}").casefold() not in used)


def short_name(title: str) -> str:
    """A short name for a report's folder and address, from its title: `tu-shu-guan-kai-guan`. A date goes before it."""
    plain = unicodedata.normalize("NFKC", title).lower()
    name = _shortened("-".join(latin_words(plain)), LONGEST_SLUG)
    if not name:
        return _REPORT
    return f"{_REPORT}-{name}" if name.replace("-", "").isdigit() or name == "index" or is_device(name) else name
