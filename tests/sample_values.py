"""What an Editor types: names, keys with their values, texts, templates; and the site that every story begins with.

There are few names and values, so that stories come back to the same places.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from site_test import SITE_YAML

Sources = dict[str, bytes]
"""Everything that a site is made of: path -> bytes."""

SECTIONS = ("meetings", "notices", "notices/deep", "图片")
PLACES = (*SECTIONS, "meetings/2024", "notices/deep/x", "tags", "")
STEMS = ("a", "b", "2024-03-05-c", "文章", "D", "1", "café")
PHOTOS = ("p.jpg", "q.png", "照片.JPG", "r.webp")
FILES = ("f.pdf", "表.docx", "x.markdown")
ATTACHED = tuple(
    b"%%PDF-1.7\n6 0 obj<</Title(%b)/Author(%b)>>endobj\ntrailer<</Info 6 0 R>>" % names
    for names in ((b"1", b"Zhang"), (b"1", b"Hu"), (b"2", b"Zhang"))
)
"""Files with the names of their writers, two of which differ in nothing else."""
DAYS = ("2023-12-31", "2024-03-05", "2024-03-05 09:30", "2024-03-06", "2024-05-31", "2024-06-03", "2024年6月9日")
MOMENTS = ("2024-06-01", "2024-06-02 08:00", "2024-06-05", "2024-06-05 12:30", "2024-06-09")
BODIES = (
    "正文。\n第二行。\n",
    "正文！\n",
    "开会。\n\n一、议程\n学习文件。\n\n二、讨论\n发言。\n\n（管理学院 2024年3月14日）\n",
    "开头。" * 40 + "\n",
    "开头。" * 40 + "完\n",
    "**要点**和表：\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n脚注[^1]。\n\n[^1]: 注。\n",
    "## 小标题 {#mark}\n\n- 一\n- 二\n\n<b>粗</b>行  \n换行\n第二行\n",
    "【图1】\n\n（图2）\n\n【图 3：图注】\n",
    "见[甲](https://sm.example.edu.cn/info/1/2.htm)、[乙](/dqgz/tags/Party/)和 http://SM.example.edu.cn/dqgz/archive/2024/ 。\n",
    "",
)
VALUES: dict[str, Sequence[str]] = {
    "title": ("一篇", "二篇", "第三篇报道", "A & B <c>", "开会"),
    "subtitle": ("副题", "又副题"),
    "short_title": ("短", "短题"),
    "kind": ("新闻", "通知", "转载", "page", "公示"),
    "original": ("https://example.edu.cn/1", "https://sm.example.edu.cn/info/1/2.htm"),
    "author": ("蒋羽西", "蒋羽西、任海松"),
    "source": ("新华社", "管理学院党委"),
    "date": DAYS,
    "updated": DAYS,
    "photographer": ("张三",),
    "editor": ("李四",),
    "summary": ("摘要。", "另一个摘要。"),
    "tags": ("党建", "党建、群团", "群团", "学习", "Party"),
    "branch": ("第一党支部", "第二党支部", "第一党支部、第二党支部"),
    "cover": PHOTOS,
    "focus": ("上", "左下"),
    "pinned": ("是", "否", *MOMENTS),
    "draft": ("是", "否"),
    "publish_at": MOMENTS,
    "expires": MOMENTS,
    "slug": ("s", "S", "t", "1", "a"),
    "aliases": ("old/x.html", "/info/1/2.htm", "old/", "old/x.html、/info/1/3.htm", "meetings/2024/0305-a.html"),
    "redirect": ("https://example.com/x", "https://mp.weixin.qq.com/s/1", "https://sm.example.edu.cn/info/1/2.htm"),
    "attachments": FILES,
    "signature": ("管理学院", "党委"),
    "reviews": ("[{环节: 初审, 姓名: 王五}]", "王五", "初审 王五、终审 赵六"),
    "views_base": ("128", "7"),
    "unknown": ("值",),
}
SECTION_VALUES: dict[str, Sequence[str]] = {
    "title": ("会议动态", "会议", "通知公告"),
    "weight": ("1", "2", "3"),
    "description": ("介绍。", "另一介绍。"),
    "keywords": ("党建、会议", "通知"),
    "menu": ("是", "否"),
    "kind": ("图文", "列表"),
}
POLICIES = (
    "{stages: {初审: 张老师, 终审: 李老师}}",
    "{stages: {初审: '张老师、王老师', 终审: [{name: 李老师, until: 2024-05-31}, 赵老师]}, author: yes, people: 2}",
    "{stages: {终审: 李老师}, since: 2024-03-13, pages: no}",
    "{stages: {初审: {meetings: 张老师}, 终审: {meetings: 李老师, 其他: 张老师}}}",
)
"""Values of `reviews:`."""
SETTINGS: dict[str, Sequence[str]] = {
    "title": ("党群工作", "党建"),
    "organization": ("管理学院", "法学院"),
    "url": ("https://sm.example.edu.cn/dqgz/", "https://x.example.edu.cn/"),
    "source": ("管理学院党委",),
    "description": ("一句话。", "两句话。"),
    "keywords": ("党建", "党建、支部"),
    "front": (
        "{rows: 1, slides: 1}",
        "{headlines: 0}",
        "{blocks: [notices]}",
        "{strip: meetings, gallery: notices}",
        "{slides: 0, rows: 2}",
    ),
    "greyscale": ("2024-06-07", "[2024-06-02 ~ 2024-06-04, 2024-06-09]"),
    "qr": ("no", "yes"),
    "markdown": ("{paragraphs: standard}", "{paragraphs: chinese}"),
    "links": (
        "[{name: 学校, url: 'https://www.example.edu.cn/'}]",
        "[{name: 党建, url: 'https://sm.example.edu.cn/dqgz/tags/Party/index.html'}]",
    ),
    "credits": ("{author: 作者}",),
    "footer": ("{icp: 京ICP备1号}", "{phone: '1'}"),
    "photos": ("{article: 80}", "{article: 80、100, slides: 90}", "{thumbnails: 80, cards: 100}"),
    "attachments": ("{clean: yes}", "{clean: no}"),
    "emblem": ("own.png", "favicon.svg"),
}
TEMPLATES: dict[str, Sequence[str]] = {
    "404.html": (
        "{{ page.title }}",
        "{% include 'partials/own.html' ignore missing %}!",
        "{% set name = 'own' %}{% include 'partials/' ~ name ~ '.html' ignore missing %}?",
    ),
    "article.html": (
        "{{ article.title }}{{ article.body }}",
        "{% include ['partials/own.html', 'partials/two.html', '404.html'] %}{{ article.body }}{{ article.previous }}",
        "{{ article.body }}{% if article.previous %}{{ article.previous.nothing }}{% endif %}",
    ),
    "section.html": ("{% import 'partials/two.html' as two %}{{ two.row(list) }}", "{{ list.cards }}{% if %}"),
    "feed.xml": ("<feed>{{ feed.title }}</feed>",),
    "partials/page.html": (
        "{{ page.kind }}{{ page.section }}{{ root }}{{ site.title }}",
        "{{ page.heading }}{{ root }}",
    ),
    "partials/header.html": ("{{ page.entry }}{{ root }}{{ site.menu }}", "{% set p = page %}{{ p.title }}"),
    "partials/own.html": ("own", "own {{ site.title }}", "own {{ site.asset('own.png') }}"),
    "partials/two.html": (
        "{% macro row(list) %}{{ list.title }}{% endmacro %}",
        "{% macro row(list) %}2{% endmacro %}",
    ),
}
THEME: dict[str, Sequence[str]] = {
    "own.css": ("a { background: url(own.png) }", "a { color: red }", 'b { background: url("pics/x.png") }'),
    "colors.css": (":root { --red: #b00 }", ":root { --red: #c00 }"),
    "greyscale.css": ("html { filter: grayscale(1) }", "html { filter: grayscale(99%) }"),
    "own.png": ("png", "PNG"),
    "pics/x.png": ("x", "y"),
}


@lru_cache
def picture(name: str, shade: int) -> bytes:
    """A small photo in the format that its name says."""
    target = io.BytesIO()
    form = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[name.lower().rpartition(".")[2]]
    Image.new("RGB", (100 + shade % 2, 60), (shade * 40 % 256, 20, 27)).save(target, form)
    return target.getvalue()


BEGINNING: Sources = {
    "content/meetings/b/p.jpg": picture("p.jpg", 0),
} | {
    path: text.encode()
    for path, text in {
        "site.yaml": SITE_YAML,
        "content/meetings/_index.md": "---\ntitle: 会议动态\n---\n",
        "content/meetings/a.md": "---\ntitle: 一篇\ndate: 2024-03-05\ntags: 党建\n---\n\n## 小标题 {#mark}\n\n正文。\n",
        "content/meetings/b/index.md": "---\ntitle: 二篇\ndate: 2024-03-06\n---\n\n见[一篇](/meetings/a.md#mark)。\n\n![照片](p.jpg)\n",
        "content/meetings/2024/c.md": "---\ntitle: 第三篇\ndate: 2024-06-03\npinned: 2024-06-05\n---\n\n正文。\n",
        "content/notices/_index.md": "---\ntitle: 通知公告\n---\n\n介绍。\n",
        "content/notices/d.md": "---\ntitle: 通知\nkind: 通知\ndate: 2023-12-31\nexpires: 2024-06-09\nattachments: f.pdf\n---\n\n各支部：\n",
        "content/notices/draft.md": "---\ntitle: 草稿\ndate: 2024-05-31\ndraft: 是\n---\n\n还没写完。\n",
        "content/notices/f.pdf": "%PDF 1",
        "content/notices/about.md": "---\ntitle: 关于\nkind: page\n---\n\n关于。\n",
    }.items()
}
"""The site that every story begins with."""
