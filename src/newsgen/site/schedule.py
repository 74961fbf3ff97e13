"""The schedule: the moments at which an article or a setting changes, and the span in which a build stays valid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newsgen.config.model import Config
from newsgen.core.model import FrontMatter, Moment
from newsgen.site.conflicts import AddressedArticle
from newsgen.site.model import Validity, Viewpoint


def validity(placed: list[AddressedArticle], config: Config, view: Viewpoint) -> Validity:
    """The span around now in which time alone changes nothing."""
    moments = [end for period in config.greyscale for end in (period.since, period.until)]
    for item in placed:
        matter = item.matter
        if matter.publish_at or matter.expires or matter.pinned_until:
            moments += (moment.at for moment in _transitions(matter, view))
    until = min((moment for moment in moments if moment > view.now), default=None)
    # With a clock that is set back, articles of the past may be dated in the future.
    minutes = [item.matter.date.minute for item in placed if item.matter.date]
    past = _at(max((minute for minute in minutes if minute <= view.minute), default=""))
    ahead = _at(min((minute for minute in minutes if minute > view.minute), default=""))
    since = max([*past, *(moment for moment in moments if moment <= view.now)], default=None)
    return Validity(since, until, min([*ahead, *([until] if until else [])], default=None))


def _at(minute: str) -> list[datetime]:
    """The time of a Moment's `minute`, alone in a list; empty for ""."""
    return [Moment(minute, to_the_minute=True).at] if minute else []


def _transitions(matter: FrontMatter, view: Viewpoint) -> Iterator[Moment]:
    """The moments at which an article appears, goes, or is no longer pinned."""
    if matter.draft and not view.drafts:
        return
    if matter.publish_at:
        yield matter.publish_at
    if matter.expires:
        yield matter.expires
    if matter.pinned_until and view.shows(matter):
        yield matter.pinned_until
