"""CONTRIBUTING's recipes, followed on a copy: the new thing works, in as many files as it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from site_test import SITE_YAML

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PAGE = "meetings/2024/0313-a.html"
ARTICLE = "---\ntitle: 甲\ndate: 2024-03-13\n{front}---\n\n{body}\n"


class Checkout:
    """A copy of newsgen (with its bytecode, which saves time) that somebody changes, and a site that it builds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.touched = folder, folder / "site", set[str]()
        for name in ("src", "templates", "theme", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules"))
        for name in ("pyproject.toml", "docs/authors-guide.md"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
        (self.site / "content/meetings").mkdir(parents=True)
        (self.site / "site.yaml").write_text(SITE_YAML, "utf-8")
        (self.site / "content/meetings/_index.md").write_text("---\ntitle: 会议动态\n---\n", "utf-8")
        self.article()

    def article(self, front: str = "", body: str = "正文。", name: str = "2024-03-13-a.md") -> None:
        """An article of the site; the first is there from the beginning."""
        text = ARTICLE.format(front=front, body=body)
        (self.site / "content/meetings" / name).write_text(text, "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in a file once."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), "utf-8")
        self.touched.add(path)

    def add(self, path: str, text: str) -> None:
        """Append to a file, or make one."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(text)
        self.touched.add(path)

    def built(self) -> str:
        """Build the site; what was said."""
        return self.newsgen("build", "--now", "2024-06-01T08:00")

    def newsgen(self, command: str, *words: str) -> str:
        """Run one command of the copy in the site's folder; what was said."""
        return self._python("-m", "newsgen", command, "-C", str(self.site), *words)

    def tested(self, file: str, words: str) -> None:
        """Run tests of the copy; there is one at least, and all pass."""
        said = self._python("-m", "pytest", "-q", "-p", "no:cacheprovider", file, "-k", words)
        assert " passed" in said

    def _python(self, *words: str) -> str:
        # Without the variables of coverage: it is not the code that is measured.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**environment, "PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def page(self, address: str) -> str:
        """The text of an output."""
        return (self.site / "public" / address).read_text("utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


CASE = "content/meetings/2024-03-13-a.md"


def test_a_front_matter_key_is_a_row_and_a_field(checkout: Checkout) -> None:
    package = "src/newsgen/"
    checkout.change(
        f"{package}content/frontmatter/keys.py",
        '    _names("editor", "编辑"),\n',
        '    _names("editor", "编辑"),\n    _text("venue", "地点"),\n',
    )
    checkout.change(
        f"{package}core/model.py",
        "    editor: tuple[str, ...] = ()\n",
        "    editor: tuple[str, ...] = ()\n    venue: str | None = None\n",
    )
    checkout.change(
        "docs/authors-guide.md", "| 摘要 | summary |", "| 地点 | venue | 会议在哪里开 |\n| 摘要 | summary |"
    )
    checkout.change(
        f"{package}preview/desk/form_fields.py",
        '    FormField("editor", "编辑", "list", "责任编辑"),\n',
        '    FormField("editor", "编辑", "list", "责任编辑"),\n    FormField("venue", "地点", "text", "会议在哪里开"),\n',
    )
    checkout.article(front="地点: 报告厅\n")
    assert "没有「地点」这一项" not in checkout.built()
    assert len(checkout.touched) <= 4
    right = ARTICLE.format(front="venue: 报告厅\n", body="正文。")
    checkout.add(f"tests/right/venue/site/{CASE}", right)
    wrong = ARTICLE.format(front="venue:\n  - 一楼\n  - 二楼\n", body="正文。")
    checkout.add(f"tests/invalid/venue-is-a-list/site/{CASE}", wrong)
    checkout.add(
        "tests/invalid/venue-is-a-list/message.txt",
        f"{CASE}:5:3：错误：这里要写一行文字，现在是一个列表\n    把内容写在冒号后面的同一行\n",
    )
    checkout.tested("tests/test_faults.py", "venue")


def test_a_markdown_rule_is_a_processor_and_a_case(checkout: Checkout) -> None:
    package = "src/newsgen/content/markdown/"
    checkout.add(
        f"{package}raised.py",
        '''"""Raised numbers: `10^4^` is ten to the fourth."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor

RAISED = r"\\^(\\d+)\\^"


class RaisedProcessor(InlineProcessor):
    """`^4^` -> `<sup>4</sup>`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        """The element for a match."""
        element = Element("sup")
        element.text = m[1]
        return element, m.start(), m.end()
''',
    )
    checkout.change(
        f"{package}extensions.py",
        "        md.block_level_elements +=",
        '        md.inlinePatterns.register(RaisedProcessor(RAISED, md), "raised", 100)\n        md.block_level_elements +=',
    )
    checkout.change(
        f"{package}extensions.py",
        "import without_note\n",
        "import without_note\nfrom newsgen.content.markdown.raised import RAISED, RaisedProcessor\n",
    )
    checkout.change(f"{package}extensions.py", "<&*_\\x02]", "<&*_^\\x02]")
    checkout.change(
        f"{package}__init__.py",
        "    masks.py ",
        "    raised.py                     `10^4^` has a raised number\n    masks.py ",
    )
    checkout.add(
        "tests/markdown_cases/paragraphs.txt",
        "\nraised numbers\n.\n约10^4^人，^注^\n.\n<p>约10<sup>4</sup>人，^注^</p>\n.\n",
    )
    checkout.tested("tests/content/test_markdown.py", "raised")
    checkout.article(body="约10^4^人")
    checkout.built()
    assert "约10<sup>4</sup>人" in checkout.page(PAGE)
    assert len(checkout.touched) <= 4


def test_a_markdown_check_is_a_function_and_a_row(checkout: Checkout) -> None:
    checkout.change(
        "src/newsgen/content/markdown/checks.py",
        "CHECKS: Sequence[Check] = (",
        '''_DOUBLED = lazy_pattern("！！+")


def doubled_mark(text: str) -> Iterator[LineFinding]:
    """What: `！！`. Why: one is enough."""
    for match in _DOUBLED.finditer(text):
        yield LineFinding("markdown.doubled", match.start(), f"感叹号写了 {len(match[0])} 个", "只写一个：！")


CHECKS: Sequence[Check] = (
    Check("！！", doubled_mark),
    ''',
    )
    checkout.add(
        "tests/markdown_cases/paragraphs.txt",
        "\nexclamation marks\n.\n很好！！\n很好！\n.\n"
        "<p>很好！！</p>\n<p>很好！</p>\n! 1:3 markdown.doubled | 只写一个：！\n.\n",
    )
    checkout.tested("tests/content/test_markdown.py", "exclamation")
    for body in ("很好！！", "见 `代码`，很好！！", "正文。\n\n- 很好！！", "> 很好！！", "## 很好！！"):
        checkout.article(body=body)
        assert "感叹号写了 2 个" in checkout.built()
    assert len(checkout.touched) <= 4


def test_a_kind_of_page_is_a_file_with_all_of_it_and_a_template(checkout: Checkout) -> None:
    checkout.add(
        "src/newsgen/pages/welcome.py",
        '''"""The page that welcomes new members."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.model import Output
from newsgen.pages.context import PlanContext, part
from newsgen.pages.metadata import PageSubject, breadcrumb_of, page_names, place_of
from newsgen.pages.page_kind import PageKind, Values


def welcome(plan_context: PlanContext) -> Iterator[Output]:
    """The page that welcomes new members."""
    articles = part("articles", len(plan_context.site.articles))
    yield plan_context.page("welcome.html", "welcome", "welcome.html", articles)


def _view(path: str, values: Values) -> dict[str, object]:
    place = place_of(values["frame"])
    subject = PageSubject("welcome", path, place.frame.url + path, "欢迎", "写给新来的同学")
    return {**page_names(subject, place, breadcrumb_of(place.frame, place.ends)), "articles": values["articles"]}


WELCOME = PageKind("welcome", welcome, _view, ("welcome.html",), {"articles": "文章的篇数"})
''',
    )
    kinds = "src/newsgen/pages/kinds.py"
    texts = "from newsgen.pages.server_files import ALIAS, NOT_FOUND, TEXT\n"
    checkout.change(kinds, texts, f"{texts}from newsgen.pages.welcome import WELCOME\n")
    checkout.change(kinds, "    HOME,\n", "    HOME,\n    WELCOME,\n")
    checkout.add(
        "templates/welcome.html",
        "{% extends 'base.html' %}{% block content %}<h1>{{ page.heading }}，{{ articles }} 篇</h1>{% endblock %}\n",
    )
    checkout.built()
    assert "<h1>欢迎，1 篇</h1>" in checkout.page("welcome.html")
    checkout.article(body="又一段。")
    checkout.built()
    assert "没有重新生成" in checkout.newsgen("why", "welcome.html")
    checkout.article("tags: 党建\n", name="2024-03-14-b.md")
    checkout.built()
    assert "<h1>欢迎，2 篇</h1>" in checkout.page("welcome.html")
    assert "文章的篇数变了" in checkout.newsgen("why", "welcome.html")
    assert len(checkout.touched) <= 5


def test_a_rule_of_check_is_a_function_a_row_and_sentences(checkout: Checkout) -> None:
    words = "src/newsgen/check/rules/words.py"
    checkout.change(
        words,
        "RULES = (\n",
        """def _vague(passage: Passage) -> Iterator[Finding]:
    start = passage.text.find("等等等")
    if start >= 0:
        yield at(passage, start, start + 3, "“等等等”太随意", instead("等"), "等")


RULES = (
    Rule(
        "words.vague",
        "warning",
        "随意的省略",
        "公文里写一个“等”。",
        "支部书记、委员等等等参加",
        "支部书记、委员等参加",
        over_passages(_vague, "等"),
    ),
""",
    )
    checkout.add("tests/check/sentences/words.vague.txt", "错 书记、委员等等等参加\n对 书记、委员等参加\n对 请等等我\n")
    checkout.tested("tests/check/test_sentences.py", "words.vague or six_hundred")
    checkout.article(body="书记、委员等等等参加了会议。")
    assert "“等等等”太随意" in checkout.newsgen("check")
    assert len(checkout.touched) <= 2


def test_a_check_of_the_built_folder_is_a_function_and_a_row(checkout: Checkout) -> None:
    output = "src/newsgen/check/output.py"
    checkout.change(
        output,
        "FILE_RULES: Sequence[Callable[[str, bytes], Iterator[Diagnostic]]] = (_photo_metadata,)\n",
        '''def _large_page(path: str, data: bytes) -> Iterator[Diagnostic]:
    """Pages that take long on a telephone."""
    if path.endswith(".html") and len(data) > 50_000:
        yield _error("large", f"{path} 太大", "把它分成几篇", path)


FILE_RULES: Sequence[Callable[[str, bytes], Iterator[Diagnostic]]] = (_photo_metadata, _large_page)
''',
    )
    checkout.add(
        "tests/check/test_output.py",
        """

def test_a_large_page_is_told(out: Path) -> None:
    put(out, "extra.html", b"<!DOCTYPE html>" + b" " * 50_000)
    assert diagnostics(out) == ["inspect.large public/extra.html"]
""",
    )
    checkout.tested("tests/check/test_output.py", "large")
    assert len(checkout.touched) <= 2


def test_an_importer_is_a_reader_and_a_row(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add(
        "src/newsgen/authoring/importers/plain_text.py",
        '''"""Plain text -> blocks: a line is a paragraph."""

from __future__ import annotations

from newsgen.authoring.importers.blocks import ImportedDocument, Paragraph, Run


def read_plain_text(data: bytes, shown: str) -> ImportedDocument:
    """The blocks of a text file; `shown` is its name in messages."""
    lines = data.decode("utf-8").splitlines()
    return ImportedDocument(tuple(Paragraph((Run(line),)) for line in lines))
''',
    )
    readers = "src/newsgen/authoring/importers/readers.py"
    checkout.change(readers, '{".docx": read_word}', '{".docx": read_word, ".txt": read_plain_text}')
    checkout.change(
        readers,
        "from newsgen.authoring.importers.word_document",
        "from newsgen.authoring.importers.plain_text import read_plain_text\nfrom newsgen.authoring.importers.word_document",
    )
    source = tmp_path / "20240313+座谈会.txt"
    source.write_text("学院召开座谈会\n会议强调*务实*。\n文：张三\n", "utf-8")
    assert "作者：张三" in checkout.newsgen("import-word", str(source), "--yes")
    text = checkout.site / "content/meetings/2024-03-13-座谈会/index.md"
    assert text.read_text("utf-8").endswith("---\n\n会议强调\\*务实\\*。\n")
    assert len(checkout.touched) <= 2


def test_a_publishing_target_is_a_class_and_two_rows(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add(
        "src/newsgen/publish/transport/drive.py",
        '''"""The transport to a drive that knows no renaming while a file is sent: whole files are copied to it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from newsgen.publish.transport.base import Step
from newsgen.publish.transport.local import Folder


class Drive(Folder):
    """A target on such a drive."""

    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        for name in names:
            target = self.root / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
            step(target.stat().st_size)
        return sum((source / name).stat().st_size for name in names)
''',
    )
    targets = "src/newsgen/publish/targets.py"
    checkout.change(
        targets,
        "KINDS: dict[str, Callable[[Path, Target], Transport]] = {",
        """def _drive(root: Path, target: Target) -> Transport:
    return Drive(Path(target.path), target.path)


KINDS: dict[str, Callable[[Path, Target], Transport]] = {
    "drive": _drive,
    **{""",
    )
    checkout.change(targets, '"folder": _folder}', '"folder": _folder},\n}')
    base = "from newsgen.publish.transport.base import Transport\n"
    checkout.change(targets, base, f"{base}from newsgen.publish.transport.drive import Drive\n")
    checkout.change("src/newsgen/config/publish_section.py", '"folder": False}', '"folder": False, "drive": False}')
    lines = f"publish:\n  targets:\n    live:\n      kind: drive\n      path: {tmp_path}/live\n      http: 否\n"
    (checkout.site / "site.yaml").write_text(SITE_YAML + lines, "utf-8")
    checkout.newsgen("publish", "--now", "2024-06-01T08:00")
    assert (tmp_path / "live/current" / PAGE).read_text("utf-8") == checkout.page(PAGE)
    assert len(checkout.touched) <= 3
