"""Information about a page beyond its HTML, which the preview's script shows in ribbons, a bar and an overlay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsgen.core.model import Diagnostic, FrontMatter, Moment, as_dict
from newsgen.signoff.standing import Standing

Reason = Literal["draft", "scheduled", "expired", "unapproved"]

WORD = re.compile(r"[A-Za-z0-9À-ɏ]+(?:[.,'’\-_/%:@][A-Za-z0-9À-ɏ]+)*")
"""A run of letters and digits that Word and WPS count as one character in a Chinese text: 2024, 63.5, news.html, don't."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One reason why readers do not see a page that the preview shows. `text` is Chinese; its heading ends at the colon.

    `has_changes`: readers see an earlier version, and the changes since can be requested.
    """

    reason: Reason
    text: str
    has_changes: bool = False


@dataclass(frozen=True, slots=True)
class ShownDiagnostic:
    """A diagnostic as the browser shows it. `text` is the line of the file as typed, empty where no line is shown."""

    path: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    hint: str
    text: str

    @classmethod
    def of(cls, diagnostic: Diagnostic, text: str = "") -> ShownDiagnostic:
        """The diagnostic with its line."""
        return cls(**as_dict(diagnostic), text=text)

    @property
    def diagnostic(self) -> Diagnostic:
        """The diagnostic without its line."""
        return Diagnostic(*(getattr(self, name) for name in Diagnostic.__struct_fields__))


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The information about a page for the preview's script. `path` is the path of its output; `source` that of its text
    file below the site root, None where it has none.

    `instance` and `version` identify the session and its version that the page shows. `characters` and `photos` are None
    for pages without a text of their own: lists, the home page.
    """

    instance: str
    version: int
    path: str
    source: str | None = None
    characters: int | None = None
    photos: int | None = None
    ribbons: tuple[Ribbon, ...] = ()
    diagnostics: tuple[ShownDiagnostic, ...] = ()


def count_characters(text: str) -> int:
    """The count of characters (字数) as in Word: each Chinese character or mark, number and foreign word is one."""
    rest, words = WORD.subn("", text)
    return words + sum(not character.isspace() for character in rest)


def ribbons(matter: FrontMatter, now: datetime) -> tuple[Ribbon, ...]:
    """The ribbons that say why readers do not see the article at `now`; none where they do."""
    return tuple(_reasons(matter, Moment.of(now, to_the_minute=True).minute))


def _reasons(matter: FrontMatter, minute: str) -> Iterator[Ribbon]:
    """The ribbons, a draft's first; its text refers to the ribbons about times that follow it."""
    start, end = matter.publish_at, matter.expires
    is_early, is_over = bool(start and start.minute > minute), bool(end and end.minute <= minute)
    if matter.draft:
        then = "就会按下面的时间公开" if is_early else "再改下面的时间" if is_over else "下次发布时就会公开"
        yield Ribbon("draft", f"草稿：读者看不到这一篇。写好以后，删去{_place(matter, 'draft')}，{then}。")
    if start and is_early:
        when = f"读者要到 {start.shown} 才看得到这一篇"
        yield Ribbon("scheduled", f"定时发布：{when}。时间写在{_place(matter, 'publish_at')}。")
    if end and is_over:
        when = f"下线时间 {end.shown} 已经过了，读者看不到这一篇"
        yield Ribbon("expired", f"已下线：{when}。要公开，改晚或删去{_place(matter, 'expires')}。")


def approval_ribbon(standing: Standing) -> Ribbon | None:
    """The ribbon that names who must sign next; None where the current version is approved."""
    if standing.state == "approved":
        return None
    if standing.live:
        text = f"改动待审：读者看到的还是审过的那一版。等 {standing.waits_for} 签字。"
    else:
        text = f"待审：读者看不到这一篇。等 {standing.waits_for} 签字。"
    done = "、".join(f"{item.stage} {item.name}" for item in standing.signed)
    return Ribbon("unapproved", f"{text}已签：{done}。" if done else text, has_changes=standing.live is not None)


def _place(matter: FrontMatter, key: str) -> str:
    return f"文件第 {matter.line(key)} 行"
