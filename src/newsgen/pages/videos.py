"""Videos in a body: a player that loads nothing but the length and size before it is asked to play."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from newsgen.core.urls import absolute, at

MARK = "\x04"
"""Stands in the tag of a video, before its number: a character that no page holds."""

_ATTRIBUTES = r"(?: [^\s=\">\x02-\x04]+(?:=\"[^\"]*\")?)*"
_IMAGE = re.compile(rf"<img({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>")
_PLAYER = re.compile(rf"<video({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>(.*?)</video>", re.DOTALL)
_ALT = re.compile(r" alt=\"([^\"]*)\"")
_DEFAULTS = {"controls": " controls", "preload": ' preload="metadata"'}


def with_players(html: str, addresses: Sequence[str], root: str, url: str) -> str:
    """The body with its videos; `addresses` are theirs by their numbers, `root` the prefix of the page, `url` the site's."""

    def of_image(tag: re.Match[str]) -> str:
        """`![说明](会议.mp4)`: the words are the player's name."""
        alt = _ALT.search(tag[1] + tag[3])
        name = f' aria-label="{alt[1]}"' if alt and alt[1] else ""
        return player(name, tag[2], "")

    def player(attributes: str, number: str, inside: str) -> str:
        address = addresses[int(number)]
        return _player(attributes, escape(at(address, root)), escape(absolute(url, address)), inside)

    html = _IMAGE.sub(of_image, html)
    return _PLAYER.sub(lambda tag: player(tag[1] + tag[3], tag[2], tag[4]), html)


def _player(attributes: str, address: str, on_paper: str, inside: str) -> str:
    """A player; paper, which plays nothing, has the whole address in its place (theme/style.css)."""
    defaults = "".join(text for name, text in _DEFAULTS.items() if not re.search(rf" {name}(?:[= ]|$)", attributes))
    video = f'<video src="{address}"{attributes}{defaults}>{inside}</video>'
    return f'<span class="video" data-address="{on_paper}">{video}</span>'
