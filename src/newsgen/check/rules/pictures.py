"""Rules about pictures: their captions, and pictures of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsgen.check.article_text import ArticleText
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, in_line, over_article
from newsgen.core.model import FrontMatter

_PICTURE = re.compile(
    r"!\[(?P<alt>[^\]]{0,2000}+)\]\((?P<address>[^()\s]{1,2000}+(?:\([^()\s]{0,500}+\)[^()\s]{0,500}+){0,9}+)\)"
)
"""A picture. The lengths are bounded to avoid quadratic time."""
_MADE_BY_MACHINES = re.compile(
    r"(?:IMG|DSCF?|DSCN|PXL|VID|MVIMG|P\d|HUAWEI|mmexport|wx_camera|Screenshot|image|picture|photo|(?:图|照片)(?=\s*\d)|微信图片|微信截图|QQ图片|屏幕截图|截图|图片|未命名|未标题)[-_ （(]*\d*[\d_\-.（）() ]*(?:\.\w{3,4})?",
    re.IGNORECASE,
)
_COPY = re.compile(r"(?!(?:图|照片)\s*\d)(?=.*\s)[^。，；：！？、]{1,40}[（(]\d{1,3}[)）]")
"""A name with a blank and a counter, as systems name copies: 新 拍的 (1)."""
_CAPTION = re.compile(
    r"[（(]?\s*[▲△↑■◆]?\s*(?:图|照片)\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:\s+|\s*[：:、.．]\s*)(?![是为和与、至到])[^。；]{2,40}"
)
_SHOWN = re.compile(r"!\[|<img|【\s*附?图|^\s*\|", re.IGNORECASE)
"""A line beside which a caption may stand: a picture, a placeholder for one, or a table."""
_SHORT = 60
"""The minimum number of characters in a notice that is not just a picture of its text."""


def _pictures(article: ArticleText) -> Iterator[tuple[int, re.Match[str]]]:
    for number, line in article.lines_with("!["):
        for match in _PICTURE.finditer(line):
            yield number, match


def _no_caption(article: ArticleText) -> Iterator[Finding]:
    for number, match in _pictures(article):
        if not match["alt"].strip():
            message, hint = (
                "照片没有图注，看不见照片的人不知道这里有什么",
                f"写成：![照片里是谁、在做什么]({match['address']})",
            )
            yield in_line(number, match.start(), match[0], message, hint)


def _file_name(article: ArticleText) -> Iterator[Finding]:
    for number, match in _pictures(article):
        alt, name = match["alt"].strip(), unquote(match["address"].rpartition("/")[2])
        if alt and (
            (alt in (name, name.rpartition(".")[0]) and _is_no_sentence(alt))
            or _MADE_BY_MACHINES.fullmatch(alt)
            or _COPY.fullmatch(alt)
        ):
            hint = "写照片里是谁、在做什么"
            yield in_line(number, match.start("alt"), match["alt"], f"图注“{alt}”是文件名，读者看不懂", hint)


def _is_no_sentence(alt: str) -> bool:
    """Whether a caption is a machine's file name: it has ASCII letters or digits, and no four Chinese characters
    together as in 与会人员合影.jpg.
    """
    return re.search(r"[0-9A-Za-z_]", alt) is not None and re.search(r"[一-龥]{4}", alt) is None


def _caption_alone(article: ArticleText) -> Iterator[Finding]:
    """The findings about lines such as 图1 启动仪式现场 without a picture above or below."""
    for passage in article.body:
        if passage.role != "paragraph" or not _CAPTION.fullmatch(passage.text.strip()):
            continue
        above = next(filter(str.strip, reversed(article.lines[: passage.line - 1])), "")
        below = next(filter(str.strip, article.lines[passage.line :]), "")
        if not _SHOWN.search(above) and not _SHOWN.search(below):
            typed = passage.raw.strip()
            hint = "把照片放进来，图注写在照片的图注里；没有照片就删去这一行"
            yield in_line(passage.line, passage.raw.index(typed), typed, "这里写了图注，可是没有照片", hint)


def _only_a_picture(article: ArticleText) -> Iterator[Finding]:
    matter = article.matter
    if not isinstance(matter, FrontMatter) or matter.kind not in ("notice", "announcement"):
        return
    found = next(_pictures(article), None)
    text = sum(len(passage.text) for passage in article.body if passage.role != "caption")
    if found and text < _SHORT:
        number, match = found
        message, hint = "通知好像是一张图片", "把文字也写上：图片里的字搜不到、放不大，读屏软件读不出"
        yield in_line(number, match.start(), match[0], message, hint)


RULES = (
    Rule(
        "pictures.no-caption",
        "info",
        "没有图注的照片",
        "图注也是给看不见照片的人读的。",
        "![](合影.jpg)",
        "![与会人员合影](合影.jpg)",
        over_article(_no_caption),
    ),
    Rule(
        "pictures.file-name",
        "warning",
        "图注是文件名",
        "相机、微信起的名字不是图注。",
        "![IMG_20240313_101112](IMG_20240313_101112.jpg)",
        "![与会人员合影](IMG_20240313_101112.jpg)",
        over_article(_file_name),
    ),
    Rule(
        "pictures.caption-alone",
        "info",
        "没有照片的图注",
        "从 Word 里复制文字，照片不会跟着来，图注却留下了。",
        "图1 启动仪式现场",
        "![启动仪式现场](启动仪式.jpg)",
        over_article(_caption_alone),
    ),
    Rule(
        "pictures.only-a-picture",
        "info",
        "用图片代替文字的通知",
        "图片里的字搜不到、放不大，读屏软件也读不出。",
        "![通知](通知.jpg)",
        "各支部：定于3月13日（星期三）下午2:30在301会议室召开支部书记会议，请准时参加，不得无故缺席；确有特殊情况的，请提前一天向党委办公室书面请假。\n![通知](通知.jpg)",
        over_article(_only_a_picture),
    ),
    Rule(
        "pictures.metadata",
        "info",
        "照片里的地点和姓名",
        "手机和相机会把拍摄地点、姓名写进照片。发布到网上的那一份会去掉，原来的照片里还有。",
        "照片的属性里有经纬度、作者",
        "照片的属性里没有经纬度、作者",
    ),
)
