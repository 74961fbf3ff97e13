"""Videos in a body: a player that loads nothing but the length and size before it is asked to play."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARK = "\x04"
"""Stands in the tag of a video, before its number: a character that no page holds."""

_ATTRIBUTES = r"(?: [^\s=\">\x02-\x04]+(?:=\"[^\"]*\")?)*"
_IMAGE = re.compile(rf"<img({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>")
_PLAYER = re.compile(rf"<video({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>(.*?)</video>", re.DOTALL)
_ALT = re.compile(r" alt=\"([^\"]*)\"")
_DEFAULTS = {"controls": " controls", "preload": ' preload="metadata"'}


def with_players(html: str, addresses: Sequence[str]) -> str:
    """The body with its videos; `addresses` are theirs as a page holds them, by their numbers."""
    html = _IMAGE.sub(lambda tag: _of_image(tag, addresses), html)
    return _PLAYER.sub(lambda tag: _player(tag[1] + tag[3], addresses[int(tag[2])], tag[4]), html)


def _of_image(tag: re.Match[str], addresses: Sequence[str]) -> str:
    """`![说明](会议.mp4)`: the words are the player's name."""
    alt = _ALT.search(tag[1] + tag[3])
    name = f' aria-label="{alt[1]}"' if alt and alt[1] else ""
    return _player(name, addresses[int(tag[2])], "")


def _player(attributes: str, address: str, inside: str) -> str:
    defaults = "".join(text for name, text in _DEFAULTS.items() if not re.search(rf" {name}(?:[= ]|$)", attributes))
    return f'<span class="video"><video src="{address}"{attributes}{defaults}>{inside}</video></span>'
