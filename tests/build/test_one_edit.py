"""Every kind of edit, one at a time, there and back: the site follows, and nothing is done twice.

The machine of test_incremental.py meets most of them, too, but only by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from newsgen.build.request import Request
from oracle import START, Proof, files_of
from random_edits import lay_out
from sample_values import Sources, picture
from site_test import SITE_YAML

TEXTS = {
    "site.yaml": SITE_YAML + "front: {rows: 2, headlines: 1, slides: 1}\n",
    "content/_index.md": "---\ntitle: 首页\ndescription: 首页的介绍\n---\n",
    "content/meetings/_index.md": "---\ntitle: 会议动态\nweight: 1\ndescription: 介绍\nkeywords: 会议\n---\n\n"
    "见[一篇](a.md)和[草稿](draft.md)。\n\n![](intro.png)\n",
    "content/meetings/deep/_index.md": "---\ntitle: 更深\n---\n",
    "content/meetings/deep/d.md": "---\ntitle: 深处\ndate: 2024-03-01\n---\n\n正文。\n",
    "content/meetings/a.md": "---\ntitle: 一篇\ndate: 2024-03-05\ntags: 党建\nbranch: 第一党支部\ncover: cover.jpg\n"
    "attachments: f.pdf\naliases: old/a.html\n---\n\n## 小标题 {#mark}\n\n正文。\n第二行。\n",
    "content/meetings/b/index.md": "---\ntitle: 二篇\ndate: 2024-03-06\ntags: 党建\n---\n\n"
    "见[一篇](/meetings/a.md#mark)。\n\n![照片](p.jpg)\n",
    "content/meetings/draft.md": "---\ntitle: 草稿\ndate: 2024-03-07\ndraft: 是\n---\n\n未完。\n",
    "content/notices/_index.md": "---\ntitle: 通知公告\nweight: 2\n---\n",
    "content/notices/c.md": "---\ntitle: 通知\nkind: 通知\ndate: 2024-03-08\n---\n\n各支部：\n",
    "content/notices/about.md": "---\ntitle: 关于\nkind: page\n---\n\n关于。\n",
    "content/contact.md": "---\ntitle: 联系\nkind: page\n---\n\n电话。\n",
    "templates/404.html": "{% set name = 'own' %}{% include 'partials/' ~ name ~ '.html' %}",
    "templates/partials/own.html": "没有",
    "theme/own.css": "a { background: url(own.png) }",
}
SITE: Sources = {path: text.encode() for path, text in TEXTS.items()} | {
    "content/meetings/cover.jpg": picture("cover.jpg", 0),
    "content/meetings/intro.png": picture("intro.png", 0),
    "content/meetings/b/p.jpg": picture("p.jpg", 0),
    "content/meetings/f.pdf": b"%PDF 1",
    "theme/own.png": b"png",
}

A, B, INDEX = "content/meetings/a.md", "content/meetings/b/index.md", "content/meetings/_index.md"
WORDS = {
    "title": (A, "一篇\n", "改了\n"),
    "body": (A, "正文。", "改了。"),
    "beginning of the first text": ("content/notices/c.md", "各支部", "各部门"),
    "date": (A, "2024-03-05", "2024-03-09"),
    "year": (A, "2024-03-05", "2023-03-05"),
    "tags": (A, "党建", "群团"),
    "branch": (A, "第一", "第二"),
    "no cover": (A, "cover: cover.jpg\n", ""),
    "no attachment": (A, "attachments: f.pdf\n", ""),
    "old address": (A, "old/a.html", "older/a.html"),
    "address": (A, "tags:", "slug: x\ntags:"),
    "summary": (A, "tags:", "summary: 摘要\ntags:"),
    "kind": (A, "tags:", "kind: 通知\ntags:"),
    "pinned": (A, "tags:", "pinned: 是\ntags:"),
    "gone": (A, "tags:", "expires: 2024-05-01\ntags:"),
    "not yet": (A, "tags:", "publish_at: 2024-07-01\ntags:"),
    "elsewhere": (A, "tags:", "redirect: https://example.com/\ntags:"),
    "author": (A, "tags:", "author: 蒋羽西\ntags:"),
    "draft": (A, "tags:", "draft: 是\ntags:"),
    "public": ("content/meetings/draft.md", "draft: 是", "draft: 否"),
    "heading": (A, "小标题 {", "别的 {"),
    "link": (B, "/meetings/a.md#mark", "/notices/c.md"),
    "link to a heading": (B, "#mark", ""),
    "no photo": (B, "![照片](p.jpg)\n", ""),
    "text of a photo": (B, "照片", "合影"),
    "section title": (INDEX, "会议动态", "会议"),
    "section order": (INDEX, "weight: 1", "weight: 3"),
    "section description": (INDEX, "介绍", "简介"),
    "section keywords": (INDEX, "keywords: 会议", "keywords: 例会"),
    "section in no menu": (INDEX, "weight", "menu: 否\nweight"),
    "section with photos": (INDEX, "weight", "kind: 图文\nweight"),
    "section text": (INDEX, "见[", "看["),
    "title of a section below": ("content/meetings/deep/_index.md", "更深", "再深"),
    "site description": ("content/_index.md", "首页的", "网站的"),
    "standing page of a section": ("content/notices/about.md", "title: 关于", "title: 关于我们"),
    "standing page of the site": ("content/contact.md", "title: 联系", "title: 联系我们"),
    "name": ("site.yaml", "党群工作", "党建"),
    "organization": ("site.yaml", "管理学院", "法学院"),
    "url": ("site.yaml", "url: https://sm", "url: https://www"),
    "front": ("site.yaml", "rows: 2", "rows: 1"),
    "paragraphs": ("site.yaml", "front:", "markdown: {paragraphs: standard}\nfront:"),
    "mourning": ("site.yaml", "front:", "greyscale: 2024-06-01\nfront:"),
    "no codes": ("site.yaml", "front:", "qr: no\nfront:"),
    "links": ("site.yaml", "front:", "links: [{name: 学校, url: 'https://e.cn/'}]\nfront:"),
    "included template": ("templates/partials/own.html", "没有", "这里没有"),
    "template": ("templates/404.html", "{% set", "找不到{% set"),
    "style": ("theme/own.css", "a {", "b {"),
}
"""Path, what stood there, what stands there then."""

FILES: dict[str, tuple[str, bytes | None]] = {
    "photo": ("content/meetings/b/p.jpg", picture("p.jpg", 2)),
    "wider photo": ("content/meetings/b/p.jpg", picture("p.jpg", 1)),
    "cover": ("content/meetings/cover.jpg", picture("cover.jpg", 2)),
    "photo of a section": ("content/meetings/intro.png", picture("intro.png", 2)),
    "attachment": ("content/meetings/f.pdf", b"%PDF 2"),
    "longer attachment": ("content/meetings/f.pdf", b"%PDF 2" * 1000),
    "theme picture": ("theme/own.png", b"PNG"),
    "new theme file": ("theme/new.png", b"PNG"),
    "replaced theme file": ("theme/colors.css", b":root {}"),
    "replaced template": ("templates/feed.xml", b"<feed/>"),
    "no template": ("templates/404.html", None),
    "no section of its own": ("content/meetings/deep/_index.md", None),
    "deleted article": ("content/meetings/deep/d.md", None),
    "deleted draft": ("content/notices/c.md", None),
    "deleted standing page": ("content/contact.md", None),
    "no text of the site": ("content/_index.md", None),
    "name that will not do": ("content/meetings/x.markdown", b"text"),
    "missing photo": ("content/meetings/b/p.jpg", None),
    "withdrawal": ("withdrawn.yaml", b"- {article: content/meetings/a.md, when: 2024-05-31, why: x}\n"),
    "broken photo": ("content/meetings/b/p.jpg", b"no photo"),
}
MOVES = {
    "into a folder": {A: "content/meetings/a/index.md"},
    "out of a folder": {B: "content/meetings/b.md"},
    "to another section": {"content/notices/c.md": "content/meetings/c.md"},
    "other case": {"content/notices/c.md": "content/notices/C.md"},
    "photo": {"content/meetings/b/p.jpg": "content/meetings/b/q.jpg"},
    "section": {path: path.replace("notices", "news") for path in SITE if "/notices/" in path},
    "exchanged sections": {
        path: path.replace("notices", "-").replace("meetings/deep", "notices").replace("-", "meetings/deep")
        for path in SITE
        if "/notices/" in path or "/deep/" in path
    },
}


def edited() -> dict[str, Sources]:
    """All the sites that one edit away from SITE are, by the name of the edit."""
    found: dict[str, Sources] = {}
    for name, (path, old, new) in WORDS.items():
        assert old.encode() in SITE[path], name
        found[f"words: {name}"] = SITE | {path: SITE[path].replace(old.encode(), new.encode(), 1)}
    for name, (path, data) in FILES.items():
        found[f"file: {name}"] = {key: value for key, value in SITE.items() if key != path} | (
            {} if data is None else {path: data}
        )
    for name, moves in MOVES.items():
        found[f"move: {name}"] = {moves.get(path, path): data for path, data in SITE.items()}
    return found


EDITED = edited()


class Known:
    """SITE, built once: each edit begins where the one before ended, and in a new folder if that one failed."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers, self._is_clean = folder, count(1), False

    @contextmanager
    def site(self) -> Iterator[tuple[Request, Proof]]:
        """The request that builds it, and who sees that its builds are exact."""
        if not self._is_clean:
            root = self._folder / str(next(self._numbers))
            root.mkdir()
            lay_out(root, SITE)
            self._request, self._proof = Request(root, START, jobs=1), Proof(root)
            assert self._proof.check(self._request, is_forgetful=False).code == 0
        self._is_clean = False
        yield self._request, self._proof
        self._is_clean = True


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return Known(tmp_path_factory.mktemp("known"))


@pytest.mark.long
@pytest.mark.xdist_group("one edit")
@pytest.mark.usefixtures("small_numbers", "verbose_templates")
@pytest.mark.parametrize("name", EDITED)
def test_one_edit_is_followed_there_and_back(known: Known, name: str) -> None:
    with known.site() as (request, proof):
        before = files_of(request.output_dir)
        lay_out(request.root, EDITED[name])
        there = proof.check(request, is_forgetful="paragraphs" in name)
        assert there.code or files_of(request.output_dir) != before or there.said
        lay_out(request.root, SITE)
        assert proof.check(request, is_forgetful=bool(there.code) or "paragraphs" in name).code == 0
        assert files_of(request.output_dir) == before
