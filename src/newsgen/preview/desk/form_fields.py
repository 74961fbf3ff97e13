"""The form for front matter: a field for each of its keys, with its label, and a hint that says what to type."""

from __future__ import annotations

from typing import Literal

from newsgen.core.model import ArticleKind, Record

Input = Literal["text", "lines", "list", "day", "minute", "yes", "choice", "files"]
"""The kind of input: a line, a longer text, names separated by 、, a day, a day or minute, yes or no, a choice, files."""


class FormField(Record, frozen=True):
    """A field of the form. `choices` are the values to choose from, as typed; `is_rare`: shown only on demand."""

    key: str
    label: str
    input: Input
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_rare: bool = False


KINDS: dict[ArticleKind, str] = {
    "news": "新闻",
    "notice": "通知",
    "announcement": "公示",
    "reprint": "转载",
    "page": "page",
}
"""The kinds, as authors type them."""
KIND_LABELS: dict[ArticleKind, str] = {
    "news": "新闻、报道",
    "notice": "通知",
    "announcement": "公示",
    "reprint": "转载",
    "page": "固定页面（如机构设置）",
}
POSITIONS = ("上", "中", "下", "左", "右", "左上", "右上", "左下", "右下")

FIELDS = (
    FormField("title", "标题", "text", "不用书名号，不加句号", is_required=True),
    FormField("subtitle", "副题", "text", "不用打破折号，网页上会加"),
    FormField("date", "日期", "minute", "例如 2024-03-13，或 2024-03-13 09:30", is_required=True),
    FormField("author", "作者", "list", "两个人以上用顿号隔开：王芳、李明"),
    FormField("source", "来源", "text", "供稿单位；不填就是本网站"),
    FormField("photographer", "摄影", "list", "拍照片的人"),
    FormField("editor", "编辑", "list", "责任编辑"),
    FormField("original", "原文链接", "text", "原文的网址，例如 https://www.example.edu.cn/1.htm", is_required=True),
    FormField("branch", "支部", "list", "写哪个支部的事，就填哪个支部"),
    FormField("tags", "标签", "list", "用顿号隔开：主题教育、志愿服务"),
    FormField("summary", "摘要", "lines", "不填就取正文开头的 100 个字"),
    FormField("attachments", "附件", "files", "读者可以下载的文件"),
    FormField("signature", "落款", "text", "正文最后一行写了（单位 日期）就不用填"),
    FormField("expires", "下线时间", "minute", "到这个时间，读者就看不到了"),
    FormField("draft", "草稿", "yes", "勾上：读者看不到；可以公开了再去掉"),
    FormField("publish_at", "定时发布", "minute", "到这个时间才公开", is_rare=True),
    FormField("pinned", "置顶", "text", "填“是”，或置顶到哪一天：2024-03-31", is_rare=True),
    FormField("cover", "封面", "text", "封面照片的文件名；不填就用文中第一张", is_rare=True),
    FormField("focus", "封面焦点", "choice", "裁切封面时保留哪一边", POSITIONS, is_rare=True),
    FormField("short_title", "短标题", "text", "首页和轮播图上用，十来个字", is_rare=True),
    FormField("updated", "更新时间", "minute", "公开以后改过正文，填改的日期", is_rare=True),
    FormField("reviews", "审核", "text", "审核人的姓名", is_rare=True),
    FormField("redirect", "外链", "text", "文章在别的网站上：点标题就打开这个网址", is_rare=True),
    FormField("aliases", "旧地址", "list", "旧网站上这一篇的地址，打开会转到新网址", is_rare=True),
    FormField("slug", "网址里的名字", "text", "英文字母和数字；公开以后不要再改", is_rare=True),
    FormField("views_base", "浏览基数", "text", "从旧网站带来的浏览次数", is_rare=True),
)
_ON_PAGES = frozenset(
    [
        *("title", "subtitle", "author", "editor", "summary", "attachments"),
        *("expires", "draft", "reviews", "redirect", "slug"),
    ]
)
_ONLY = {"original": {"reprint"}}
_NEEDED = {"announcement": {"expires"}, "reprint": {"source", "original"}, "notice": set[str](), "news": set[str]()}


def fields_of(kind: ArticleKind) -> tuple[FormField, ...]:
    """The fields of the form for a kind of article. Those that the kind needs are required."""
    shown = []
    for field in FIELDS:
        if kind not in _ONLY.get(field.key, {kind}) or (kind == "page" and field.key not in _ON_PAGES):
            continue
        if kind == "notice" and field.key == "author":
            continue
        shown.append(_required(field, _NEEDED.get(kind, set())))
    return tuple(shown)


def _required(field: FormField, needed: set[str]) -> FormField:
    if field.key not in needed or field.is_required:
        return field
    return FormField(field.key, field.label, field.input, field.hint, field.choices, True, False)
