"""`newsgen review`: what reviewers are given, printed by a real Chromium."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from browser import executable
from newsgen.cli import run
from newsgen.core.model import SHANGHAI, Diagnostic
from newsgen.preview.browser import installed_browser
from newsgen.preview.review_copy import ReviewCopyRequest, with_foot
from site_test import SiteTest

A4 = (595, 842)
"""Points."""
NOW = "2024-03-14 09:30"
Review = Callable[..., int]


@pytest.fixture
def review(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.setenv("CHROME_PATH", executable())
    return lambda *arguments: run(["review", *arguments, "-C", str(site.root), "--now", NOW])


def request(*findings: Diagnostic) -> ReviewCopyRequest:
    moment = datetime(2024, 3, 14, 9, 30, tzinfo=SHANGHAI)
    return ReviewCopyRequest(Path("site"), "content/meetings/a.md", moment, "0123456789abcdef", findings)


@pytest.mark.long
def test_reviewers_get_the_page_of_a_draft_as_a4_and_as_pictures_for_a_phone(
    site: SiteTest, review: Review, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "会议要求，各支部要抓好落实。" * 20
    site.article(
        "meetings/huiyi.md", "\n\n".join([text] * 14) + "\n\n会议由某某主持.\n", title="支部工作会议", draft="是"
    )
    assert review("content/meetings/huiyi.md", "-o", str(tmp_path), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    names = [Path(name).name for name in told["files"]]
    assert names[0] == "校样-huiyi.pdf"
    assert names[1:] == [f"校样-huiyi-{number}.png" for number in range(1, len(names))]
    assert told["findings"] == 1

    document = pypdfium2.PdfDocument((tmp_path / names[0]).read_bytes())
    printed = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert {(round(page.get_width()), round(page.get_height())) for page in document} == {A4}
    assert "支部工作会议" in printed
    assert "2024年3月14日 09:30" in printed
    assert told["digest"] in printed
    assert "提醒 1 处" in printed

    pictures = [_opened(tmp_path / name) for name in names[1:]]
    assert len(pictures) > 1
    assert {picture.width for picture in pictures} == {750}
    assert all(picture.height <= 4000 for picture in pictures)
    last = pictures[-1].convert("L").crop((0, pictures[-1].height - 200, 750, pictures[-1].height))
    assert min(last.tobytes()) < 100, "what was reviewed stands at the end"


@pytest.mark.long
def test_a_page_is_as_high_as_a_phone_shows_it_with_all_its_photos(
    site: SiteTest, review: Review, tmp_path: Path
) -> None:
    target = io.BytesIO()
    Image.new("RGB", (600, 3000), "red").save(target, "JPEG")
    site.write("content/meetings/huiyi/changtu.jpg", target.getvalue())
    site.article("meetings/huiyi/index.md", "正文。\n\n" * 60 + "![合影](changtu.jpg)\n")
    assert review("content/meetings/huiyi", "--png", "-o", str(tmp_path)) == 0
    assert not list(tmp_path.glob("*.pdf"))
    pictures = [_opened(path) for path in sorted(tmp_path.glob("*.png"))]
    red = sum(1 for picture in pictures for row in range(0, picture.height, 10) if _is_red(picture, row))
    assert red > 100, "a photo far below loads, too"


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _is_red(picture: Image.Image, row: int) -> bool:
    red, green, blue = picture.crop((375, row, 376, row + 1)).tobytes()
    return red > 200 and green < 60 and blue < 60


def test_without_a_browser_one_learns_which_to_install(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHROME_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    site.article("meetings/a.md")
    assert run(["review", "content/meetings/a.md", "-C", str(site.root)]) == 2
    told = capsys.readouterr().err
    assert "没有找到 Chrome、Edge 或 Chromium" in told
    assert "装一个 Chrome" in told


def test_a_browser_that_is_named_but_gone_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROME_PATH", str(tmp_path / "chrome"))
    with pytest.raises(Exception, match="CHROME_PATH 指的浏览器不在"):
        installed_browser()


@pytest.mark.parametrize(("system", "place"), [("win32", "Microsoft/Edge/Application/msedge.exe")])
def test_on_windows_edge_is_found_where_it_is_installed(
    system: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CHROME_PATH", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    program = tmp_path / place
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setattr("newsgen.preview.browser.sys.platform", system)
    monkeypatch.setattr("newsgen.preview.browser.shutil.which", lambda name: name if Path(name).is_file() else None)
    assert installed_browser() == str(program)


@pytest.mark.parametrize("named", ["content/meetings", "content/meetings/photo.jpg"])
def test_a_proof_is_of_one_article(
    named: str, site: SiteTest, review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md").article("meetings/b.md").write("content/meetings/photo.jpg", b"x")
    assert review(named) == 2
    assert "校样一次做一篇" in capsys.readouterr().err


def test_an_article_that_leads_to_another_site_has_no_page_to_proof(
    site: SiteTest, review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md", "", redirect="https://www.example.edu.cn/a.html")
    assert review("content/meetings/a.md") == 2
    assert "没有自己的网页" in capsys.readouterr().err


def test_an_article_with_errors_is_told_as_in_a_build(
    site: SiteTest, review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md", "![合影](meiyou.jpg)\n")
    assert review("content/meetings/a.md") == 1
    assert "meiyou.jpg" in capsys.readouterr().err


def test_the_foot_names_the_findings_and_nothing_in_them_is_html() -> None:
    findings = [Diagnostic("x", "warning", f"第{number}个 <b>", "", "", number) for number in range(1, 31)]
    page = with_foot(b"<body><p>1</p></body></html>", request(Diagnostic("x", "error", "甲"), *findings)).decode()
    assert "错误 1 处、提醒 30 处" in page
    assert "<li>第 1 行：第1个 &lt;b&gt;</li>" in page
    assert "还有 11 处" in page
    assert page.endswith("</body></html>")


def test_without_findings_the_foot_says_so_and_photos_load_at_once() -> None:
    page = with_foot(b'<body><img loading="lazy" src="a.jpg"></body>', request()).decode()
    assert "没有发现问题" in page
    assert '<img src="a.jpg">' in page
