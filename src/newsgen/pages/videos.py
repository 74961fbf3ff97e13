"""Videos in a body: a player that loads nothing but the length and its first frame before it is asked to play."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from newsgen.core.model import Download
from newsgen.core.urls import absolute, at

MARK = "\x04"
"""Stands in the tag of a video, before its number: a character that no page holds."""

_ATTRIBUTES = r"(?: [^\s=\">\x02-\x04]+(?:=\"[^\"]*\")?)*"
_IMAGE = re.compile(rf"<img({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>")
_PLAYER = re.compile(rf"<video({_ATTRIBUTES}) {MARK}(\d+)({_ATTRIBUTES})>(.*?)</video>", re.DOTALL)
_ALT = re.compile(r" alt=\"([^\"]*)\"")


def with_players(html: str, videos: Sequence[Download], root: str, url: str) -> str:
    """The body with its videos, by their numbers; `root` is the prefix of the page, `url` the site's."""

    def of_image(tag: re.Match[str]) -> str:
        """`![说明](会议.mp4)`: the words are the player's name."""
        alt = _ALT.search(tag[1] + tag[3])
        name = f' aria-label="{alt[1]}"' if alt and alt[1] else ""
        return player(name, tag[2], "")

    def player(attributes: str, number: str, inside: str) -> str:
        return _player(attributes, videos[int(number)], root, url, inside)

    html = _IMAGE.sub(of_image, html)
    return _PLAYER.sub(lambda tag: player(tag[1] + tag[3], tag[2], tag[4]), html)


def _player(attributes: str, video: Download, root: str, url: str, inside: str) -> str:
    """A player with the first frame as its poster; paper, which plays nothing, has that frame and the whole address
    (theme/style.css).
    """
    wanted, still = {"controls": " controls", "preload": ' preload="metadata"'}, ""
    if video.poster and not _has(attributes, "poster"):
        address, size = (
            escape(at(video.poster.address, root)),
            f'width="{video.poster.width}" height="{video.poster.height}"',
        )
        wanted["poster"] = f' poster="{address}"'
        if not _has(attributes, "width") and not _has(attributes, "height"):
            wanted["width"] = f" {size}"
        still = f'<img class="still" alt="" src="{address}" {size} loading="lazy">'
    added = "".join(text for name, text in wanted.items() if not _has(attributes, name))
    player = f'<video src="{escape(at(video.address, root))}"{attributes}{added}>{inside}</video>'
    return f'<span class="video" data-address="{escape(absolute(url, video.address))}">{player}{still}</span>'


def _has(attributes: str, name: str) -> bool:
    return re.search(rf" {name}(?:[= ]|$)", attributes) is not None
