"""Names for what members hand in: readable, in ASCII, unlike any name in the folder, and on every system the same.

A name that says a number (`图1.jpg`, `1.jpg`) says the same number afterwards, since 【图1】 goes by it, and no other name
comes to say one.
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
"""Characters of a name at most, without suffix."""
LONGEST_SLUG = 40
_PHOTO, _FILE, _REPORT = "zhaopian", "wenjian", "baodao"
_KNOWN = (
    ("微信图片", "weixin"),
    ("微信截图", "weixin-jietu"),
    ("QQ图片", "QQ"),
    ("QQ截图", "QQ-jietu"),
    ("屏幕截图", "jietu"),
)
"""Words that phones and programs put in front, which would be long in syllables."""
_JOINTS = re.compile(r"[\W_]+")


def file_name(given: str, taken: Iterable[str], suffix: str | None = None) -> str:
    """A name for a file that came as `given`, unlike those that are `taken`, also where letter case does not count.

    `suffix` is that of its bytes (`.jpg`); None takes the one that was given. A photo whose name says a number keeps it while
    no other says it, and only where numbers decide: in a folder without photos, or where one says a number already.
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
    """Stem and suffix of a name, without folders and without what nobody sees."""
    plain = unicodedata.normalize("NFKC", re.split(r"[/\\]", given)[-1])
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "CM").strip(" .")
    stem, suffix = splitext(plain)
    return (stem.strip(" ."), suffix) if suffix.lower() in FILE_SUFFIXES else (plain, "")


def _ascii(stem: str) -> str:
    """A stem in ASCII, or nothing where nothing of it is left."""
    for typed, short in _KNOWN:
        stem = stem.replace(typed, f" {short} ")
    return _shortened(_JOINTS.sub(_joint, _spelled(stem)).strip("-_"), LONGEST)


def _saying(name: str, number: int | None) -> str:
    """The name of a photo, so that it says this number, or none."""
    if number_in(f"{name}.jpg") == number:
        return name
    if number is None:
        return f"{_PHOTO}-{name}"
    words = re.sub(rf"^[a-z-]*0*{number}[-_]*", "", name)  # tu-2-hui-chang
    return f"{number}-{words}" if words else str(number)


def _spelled(stem: str) -> str:
    """The stem with Chinese characters as syllables between hyphens."""
    pieces = re.split(r"([^\x00-\x7f]+)", stem)
    return "".join(
        piece if index % 2 == 0 else f" {'-'.join(latin_words(piece))} " for index, piece in enumerate(pieces)
    )


def _joint(match: re.Match[str]) -> str:
    return "_" if match[0].strip("_") == "" else "-"


def _shortened(name: str, most: int) -> str:
    """A name of at most so many characters, cut between words where it has some."""
    if len(name) <= most:
        return name
    cut = max(name.rfind(joint, most // 2, most + 1) for joint in "-_")
    return name[: cut if cut > 0 else most].strip("-_")


def _unlike(name: str, used: set[str], is_photo: bool) -> str:
    """The name, with a count behind it where another has it."""
    if name.casefold() not in used:
        return name
    if is_photo and number_in(f"{name}.jpg") is not None:
        return _unlike(f"{_PHOTO}-{name}", used, is_photo)
    return next(found for count in range(2, len(used) + 3) if (found := f"{name}-{count}").casefold() not in used)


def short_name(title: str) -> str:
    """A short name for a report, for its folder and address: `tu-shu-guan-kai-guan`; a date belongs before it."""
    plain = unicodedata.normalize("NFKC", title).lower()
    name = _shortened("-".join(latin_words(plain)), LONGEST_SLUG)
    if not name:
        return _REPORT
    return f"{_REPORT}-{name}" if name.replace("-", "").isdigit() or name == "index" or is_device(name) else name
