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
ARTICLE = "---\ntitle: 甲\ndate: 2024-03-13\n{front}---\n\n{body}\n"


class Checkout:
    """A copy of newsgen that somebody changes, and a site that it builds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.touched = folder, folder / "site", set[str]()
        for name in ("src", "templates", "theme"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (self.site / "content/meetings").mkdir(parents=True)
        (self.site / "site.yaml").write_text(SITE_YAML, "utf-8")
        (self.site / "content/meetings/_index.md").write_text("---\ntitle: 会议动态\n---\n", "utf-8")
        self.article()

    def article(self, front: str = "", body: str = "正文。") -> None:
        """The only article of the site."""
        text = ARTICLE.format(front=front, body=body)
        (self.site / "content/meetings/2024-03-13-a.md").write_text(text, "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in a file once."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), "utf-8")
        self.touched.add(path)

    def add(self, path: str, text: str) -> None:
        """Append to a file, or make one."""
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(text)
        self.touched.add(path)

    def built(self) -> str:
        """Build the site; what was said."""
        command = [sys.executable, "-m", "newsgen", "build", "-C", str(self.site), "--now", "2024-06-01T08:00"]
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("COV")
        }  # it is not the code measured
        done = subprocess.run(
            command, env={**kept, "PYTHONPATH": str(self.folder / "src")}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def page(self, address: str) -> str:
        """The text of an output."""
        return (self.site / "public" / address).read_text("utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_front_matter_key_is_a_row_and_a_field(checkout: Checkout) -> None:
    package = "src/newsgen/"
    checkout.change(
        f"{package}content/frontmatter/keys.py",
        '    _names("editor", "编辑"),\n',
        '    _names("editor", "编辑"),\n    _text("venue", "地点"),\n',
    )
    checkout.change(
        f"{package}core/model.py",
        "    signature: str | None = None\n    reviews:",
        '    venue: str = ""\n    signature: str | None = None\n    reviews:',
    )
    checkout.article(front="地点: 报告厅\n")
    assert "没有「地点」这一项" not in checkout.built()
    assert len(checkout.touched) <= 4


def test_a_markdown_check_is_a_function_and_a_row(checkout: Checkout) -> None:
    lint = "src/newsgen/content/markdown/lint.py"
    checkout.change(
        lint,
        "CHECKS: Sequence[Check] = (\n",
        '''def doubled_mark(text: str) -> Iterator[Finding]:
    """What: `**！！**`."""
    if "！！" in text:
        yield Finding("markdown.doubled", text.index("！！"), "感叹号写了两个", "只写一个")


CHECKS: Sequence[Check] = (
    Check("！！", False, False, doubled_mark),
''',
    )
    checkout.article(body="见 `代码`，很好！！")
    assert "感叹号写了两个" in checkout.built()
    assert len(checkout.touched) <= 4


def test_a_kind_of_page_is_a_stage_a_builder_and_a_template(checkout: Checkout) -> None:
    package = "src/newsgen/"
    checkout.add(
        f"{package}pages/welcome.py",
        '''"""The page that welcomes new members."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.model import Output
from newsgen.pages.context import PlanContext, part


def welcome(plan_context: PlanContext) -> Iterator[Output]:
    """The page that welcomes new members."""
    yield plan_context.page("welcome.html", "welcome", "welcome.html", part("words", "欢迎"))
''',
    )
    checkout.change(
        f"{package}pages/outputs.py",
        "    home,\n    sections,\n",
        "    home,\n    welcome,\n    sections,\n",
    )
    checkout.change(
        f"{package}pages/outputs.py",
        "from newsgen.site.model import Article\n",
        "from newsgen.pages.welcome import welcome\nfrom newsgen.site.model import Article\n",
    )
    checkout.change(
        f"{package}pages/view_builders.py",
        '    "404": _not_found,\n',
        '    "404": _not_found,\n    "welcome": lambda path, values: {**_not_found(path, values), "words": values["words"]},\n',
    )
    checkout.change(
        f"{package}render/template_analysis.py", '    "404.html",\n', '    "404.html",\n    "welcome.html",\n'
    )
    checkout.add(
        "templates/welcome.html",
        "{% extends 'base.html' %}{% block content %}<h1>{{ words }}</h1>{% endblock %}\n",
    )
    checkout.built()
    assert "<h1>欢迎</h1>" in checkout.page("welcome.html")
    checkout.article(body="又一段。")
    checkout.built()
    assert "<h1>欢迎</h1>" in checkout.page("welcome.html")
    assert len(checkout.touched) <= 5
