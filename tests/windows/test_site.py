"""A member's Windows laptop: newsgen is installed, a site is made, written and built, and comes out as everywhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsgen.cli import run
from site_test import photo, tree
from windows.machine import PYTHON, Ran, Windows, write
from word_files import word_file

NOW = "2025-01-02T08:00"
BUILD = ("build", "--json", "--now", NOW)
HEAD = "---\ntitle: 第{number}次组织生活会\ndate: 2024-{month:02}-{day:02}\ntags: 组织生活\n---\n\n"
BODY = "会议强调**“八个要求”**的落实。\n\n一、学习\n\n支部书记领学。\n\n二、讨论\n\n- 开展批评\n- 落实整改\n"


def built_here(site: Path, scratch: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, bytes]:
    """What this machine builds of the same files."""
    root = scratch / "here"
    shutil.copytree(site, root, ignore=shutil.ignore_patterns("public", ".newsgen"))
    assert run(["build", "-C", str(root), "--now", NOW]) == 0, capsys.readouterr().err
    return tree(root / "public")


def many(count: int) -> dict[str, str]:
    """So many articles of the section of a new site, by path."""
    numbers = ((number, number % 12 + 1, number % 28 + 1) for number in range(count))
    return {
        f"content/news/2024/{number:04}.md": HEAD.format(number=number, month=month, day=day) + BODY
        for number, month, day in numbers
    }


def articles(site: Path) -> int:
    """How many articles a new site has."""
    return len([path for path in (site / "content").rglob("*.md") if not path.name.startswith("_")])


def test_windows_is_a_chinese_one(windows: Windows) -> None:
    asked = windows.run(PYTHON, "-c", "import locale, sys; print(sys.platform, locale.getpreferredencoding())")
    assert asked.stdout == "win32 cp936\n"


def test_pip_installs_what_the_lock_file_names_and_the_wheel(installed: tuple[Ran, Ran]) -> None:
    lock, wheel = installed
    assert (lock.code, wheel.code) == (0, 0), lock.stderr + wheel.stderr
    assert "Successfully installed newsgen" in wheel.stdout


def test_pip_finds_nothing_missing(windows: Windows, installed: tuple[Ran, Ran]) -> None:
    checked = windows.pip("check")
    assert (checked.code, checked.stdout) == (0, "No broken requirements found.\n")


def test_the_command_is_there_and_its_help_fits_the_code_page(windows: Windows, installed: tuple[Ran, Ran]) -> None:
    helped = windows.run(PYTHON.parent / "Scripts" / "newsgen.exe", "--help")
    assert helped.code == 0
    assert "把 Markdown 写的报道变成学院的党群工作网站" in helped.stdout


def test_init_makes_the_site_that_it_makes_everywhere(
    made: tuple[Ran, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made[0].code == 0, made[0].stderr
    assert run(["init", str(tmp_path / "site")]) == 0
    assert tree(made[1]) == tree(tmp_path / "site")


def test_a_new_article_is_made_below_content_and_built(windows: Windows, site: Path, made: tuple[Ran, Path]) -> None:
    windows.done("new", "学生第一党支部召开组织生活会")
    (article,) = [path for path in site.glob("content/**/*.md") if "学生第一党支部" in path.read_text("utf-8")]
    assert b"\r" not in article.read_bytes()
    assert windows.done(*BUILD[:2]).document["articles"] == articles(made[1]) + 1


def test_the_second_build_renders_nothing(windows: Windows, site: Path) -> None:
    first, second = windows.done(*BUILD).document, windows.done(*BUILD).document
    assert first["rendered"] == first["outputs"] > 10
    assert (second["rendered"], second["written"], second["deleted"]) == (0, 0, 0)


def test_a_build_gives_the_bytes_that_it_gives_here(
    windows: Windows, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        site,
        {"content/news/2024-03-13-合影.md": HEAD.format(number=1, month=3, day=13) + "![合影](合影 照片.jpg)\n"},
    )
    write(site, {"content/news/合影 照片.jpg": photo()})
    windows.done(*BUILD)
    assert tree(site / "public") == built_here(site, tmp_path, capsys)


def test_450_articles_from_two_processes_are_the_bytes_that_they_are_here(
    windows: Windows, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, many(450))
    assert windows.done(*BUILD, "--jobs", "2").document["articles"] >= 450
    assert tree(site / "public") == built_here(site, tmp_path, capsys)


def test_a_fault_is_told_with_its_file_and_line_and_the_old_site_stays(windows: Windows, site: Path) -> None:
    windows.done(*BUILD)
    before = tree(site / "public")
    write(site, {"content/news/坏的.md": "---\ntitle: 一篇\ndate: 昨天\n---\n\n正文。\n"})
    refused = windows.newsgen("build", "--now", NOW)
    assert refused.code == 1
    assert "content/news/坏的.md" in refused.stderr
    assert tree(site / "public") == before


def test_why_names_the_file_that_was_changed(windows: Windows, site: Path) -> None:
    path = "content/news/2024-03-13-a.md"
    write(site, {path: HEAD.format(number=1, month=3, day=13) + BODY})
    windows.done(*BUILD)
    write(site, {path: HEAD.format(number=2, month=3, day=13) + BODY})
    windows.done(*BUILD)
    assert path in windows.done("why", "news/2024/0313-a.html").stdout


def test_a_withdrawn_article_is_on_no_page(windows: Windows, site: Path) -> None:
    path = "content/news/2024-03-13-a.md"
    write(site, {path: HEAD.format(number=1, month=3, day=13) + BODY})
    windows.done(*BUILD)
    assert (site / "public/news/2024/0313-a.html").is_file()
    windows.done("withdraw", path, "--why", "信息有误")
    windows.done(*BUILD)
    assert not (site / "public/news/2024/0313-a.html").exists()
    assert "第1次组织生活会" not in "".join(p.read_text("utf-8") for p in site.glob("public/**/*.html"))
    assert "信息有误" in (site / "withdrawn.yaml").read_text("utf-8")


def test_an_article_and_its_attachment_are_checked(windows: Windows, site: Path) -> None:
    path = "content/news/2024-03-13-a/index.md"
    article = f"{HEAD.format(number=1, month=3, day=13)}会议强调,要落实。\n\n[名单](名单.docx)\n"
    listed = word_file("<w:p><w:r><w:t>身份证号 11010519491231002X</w:t></w:r></w:p>")
    write(site, {path: article, "content/news/2024-03-13-a/名单.docx": listed})
    checked = windows.newsgen("check", "content/news/2024-03-13-a", "--json", "--now", NOW)
    codes = {(item["path"], item["code"]) for item in checked.document["findings"]}
    assert (path, "punctuation.half-width") in codes
    assert any(place.endswith("名单.docx") and code.startswith("personal.") for place, code in codes), codes


def test_a_word_file_becomes_an_article_and_reviewers_sign_it(windows: Windows, site: Path) -> None:
    policy = "reviews:\n  stages:\n    初审: 张老师\n    终审: 孙书记\n"
    write(site, {"site.yaml": (site / "site.yaml").read_text("utf-8") + policy})
    lines = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("支部会议", "会议召开。", "文：李四"))
    write(site, {"20240313+会议.docx": word_file(lines)})
    (report,) = windows.done("import-word", "20240313+会议.docx", "--section", "news", "--json").document["reports"]
    assert (report["title"], report["author"]) == ("支部会议", "李四")
    for stage, name in (("初审", "张老师"), ("终审", "孙书记")):
        windows.done("approve", report["path"], "--stage", stage, "--by", name)
    assert windows.done(*BUILD).document["reviews"]["approved"] == 1
