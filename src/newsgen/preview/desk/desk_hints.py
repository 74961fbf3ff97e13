"""The desk's hints for findings: where to click and which field to fill, never what to type into a file.

The hints of the command line are for a person who edits the file. HINTS has those of the desk, by the code of the finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from newsgen.check.finding import Finding
from newsgen.check.rules.registry import BY_CODE
from newsgen.content.document import parse
from newsgen.content.frontmatter.keys import ARTICLE
from newsgen.core.model import FrontMatter, Markdown, Record, as_dict, changed
from newsgen.preview.desk.form_fields import FIELDS
from newsgen.preview.desk.report_findings import fields_of_lines

Place = Literal["", "tray", "text", "review"]
"""The place to fix a finding, if not its line or field: the photos (tray), the empty text, or 审签 (review)."""


class DeskHint(Record, frozen=True):
    """A hint of the desk; {guess} is the guess in the finding's own hint (是不是 …？), {day} the day in its message.

    `of_draft` replaces `hint` in a draft. `message` are words of the finding's own message, and the words that replace them.
    """

    hint: str
    place: Place = ""
    of_draft: str | None = None
    message: tuple[str, str] | None = None


class DeskFinding(Finding, frozen=True):
    """A finding as the desk shows it. `field` is the field of the form that it is about ("": none), `place` where to fix it.

    `may_stay`: a comment on its line, which says that nothing is wrong there, settles it.
    """

    field: str = ""
    place: Place = ""
    may_stay: bool = False


_PLACE_PHOTO = "点“照片”，把照片拖进去，再点“放进正文”；没有照片就删去这一行"
_CAPTION = "点“照片”，在这张照片的图注一格里写照片里是谁、在做什么"
HINTS: Mapping[str, DeskHint] = {
    "body.empty": DeskHint("写上正文；还没写完，就在“文章信息”里勾上“草稿”", "text", of_draft="写上正文"),
    "front-matter.future": DeskHint("到那天再公开，就在“文章信息”的“定时发布”里填 {day}"),
    "image.unused": DeskHint(
        "点“照片”，再点“放进正文”；不用的，在那里点“删除”",
        "tray",
        message=("没有文章用到，不会出现在网站上", "还没有放进正文"),
    ),
    "content.unused": DeskHint(
        "是附件，就点“照片”，再点“列为附件”；不用的，在那里点“删除”",
        "tray",
        message=("不会出现在网站上：没有文章用到它", "还没有放进正文，也没有列为附件"),
    ),
    "pictures.no-caption": DeskHint(_CAPTION, "tray"),
    "pictures.file-name": DeskHint(_CAPTION, "tray"),
    "pictures.caption-alone": DeskHint("点“照片”，把照片拖进去，图注写在它下面的一格里；没有照片就删去这一行", "tray"),
    "image.number": DeskHint(_PLACE_PHOTO, "tray"),
    "image.placeholder": DeskHint(_PLACE_PHOTO, "tray"),
    "image.bare": DeskHint("点“照片”，在那一张下面点“放进正文”，再删去这一行", "tray"),
    "image.gone": DeskHint(_PLACE_PHOTO, "tray"),
    "image.missing": DeskHint("{guess}" + _PLACE_PHOTO, "tray"),
    "image.format": DeskHint("照片要 JPG 或 PNG，视频要 MP4；别的文件点“照片”，在那里“放进正文”", "tray"),
    "attachment.missing": DeskHint("{guess}在“文章信息”的“附件”里去掉它；要用，点“照片”，把文件拖进去"),
    "link.own": DeskHint("{guess}选中文字，点“链接”，填对的网址；不要链接，就只留文字"),
    "link.broken": DeskHint("{guess}选中文字，点“链接”，填对的网址；不要链接，就只留文字"),
    "site.no-author": DeskHint("在“文章信息”的“作者”里填姓名"),
    "review.rejected": DeskHint("照意见改好，请他重新签字", "review"),
    "review.waiting": DeskHint("交给审稿的人看，等他们签字"),
    "review.void": DeskHint("请审稿的人看过，重新签字"),
}
"""The hints by the code of the finding. For other codes, the finding's own hint can be followed at the desk."""
_LABELS = {item.key: item.label for item in FIELDS}
_GUESS = re.compile(r"是不是[^？]*？|^同一个文件夹里有 \S+，是不是它？|^文件名的大小写不同，应写 \S+$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINE = re.compile(r"(?:加上一行|写成|改成)：(?P<key>\w+): (?P<value>.+)")
_AFTER_COLON = re.compile(r"(?:加上一行 (?P<key>\w+): ，|在)冒号后面写(?:上)?(?P<what>.*)")


def desk_findings(found: Iterable[Finding], data: bytes) -> Iterator[DeskFinding]:
    """The findings about a report with the bytes `data`, with the hints of the desk."""
    matter = parse(data, Markdown()).document.matter
    is_draft = isinstance(matter, FrontMatter) and matter.draft
    fields = fields_of_lines(data)
    for item in found:
        field = fields.get(item.line, "")
        words = HINTS.get(item.code)
        if words is None:
            yield _desk_finding(changed(item, hint=_of_form(item.hint, field)), field)
            continue
        hint = words.of_draft if is_draft and words.of_draft is not None else words.hint
        day, guess = _DAY.search(item.message), _GUESS.search(item.hint)
        hint = hint.format(day=day[0] if day else "", guess=_ended(guess[0]) if guess else "")
        message = item.message.replace(*words.message) if words.message else item.message
        yield _desk_finding(changed(item, message=message, hint=hint), field, words.place)


def _desk_finding(item: Finding, field: str, place: Place = "") -> DeskFinding:
    return DeskFinding(**as_dict(item), field=field, place=place, may_stay=_may_stay(item))


def _may_stay(item: Finding) -> bool:
    rule = BY_CODE.get(item.code)
    return rule is not None and rule.find is not None and not rule.only_by_site and item.severity != "error"


def _ended(guess: str) -> str:
    return guess if guess.endswith("？") else f"{guess}；"


def _of_form(hint: str, field: str) -> str:
    """A hint about front matter, changed into one about the fields of the form."""
    hint = _LINE.sub(lambda match: _in_form(match["key"], f" {match['value']}", match[0]), hint)
    return _AFTER_COLON.sub(lambda match: _in_form(match["key"] or field, match["what"], match[0]), hint)


def _in_form(key: str, what: str, typed: str) -> str:
    known = ARTICLE.get(key)
    label = _LABELS.get(known.name if known else key)
    return f"在“文章信息”的“{label}”里填{what}" if label else typed
