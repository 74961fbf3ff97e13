"""cli.suggestions: a command out of a message can be typed where the user is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from newsgen.cli import run
from newsgen.cli.suggested_commands import as_typed_here, named
from site_test import SiteTest


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("运行一次 newsgen build，再问", "运行一次 newsgen build -C '党群 网站'，再问"),
        ("运行 newsgen publish --again", "运行 newsgen publish --again -C '党群 网站'"),
        ("用 newsgen build --full 再生成一次", "用 newsgen build --full -C '党群 网站' 再生成一次"),
        ("newsgen publish --max-delete 30%", "newsgen publish --max-delete 30% -C '党群 网站'"),
        ("例如：newsgen new 学生支部", "例如：newsgen new -C '党群 网站' 学生支部"),
        ("见 newsgen releases", "见 newsgen releases -C '党群 网站'"),
        ("newsgen init 文件夹名", "newsgen init 文件夹名"),
        ("照 newsgen withdraw 写下的样子改回来", "照 newsgen withdraw 写下的样子改回来"),
        ("newsgen build -C x", "newsgen build -C x"),
        ("这是 newsgen 的错", "这是 newsgen 的错"),
    ],
)
def test_a_command_has_the_folder_that_was_named(text: str, typed: str) -> None:
    named("党群 网站")
    try:
        assert as_typed_here(text) == typed
    finally:
        named(None)
    assert as_typed_here(text) == text


def test_what_is_suggested_after_a_withdrawal_can_be_typed(
    site: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = site.article("meetings/a.md").root.rename(tmp_path / "党群 网站")
    live = tmp_path / "live"
    with (root / "site.yaml").open("a") as settings:
        settings.write(f"publish: {{targets: {{live: {{kind: folder, path: {live}, http: no}}}}}}\n")
    monkeypatch.chdir(tmp_path)
    assert run(["withdraw", "content/meetings/a.md", "--why", "x", "-C", "党群 网站"]) == 0
    (typed,) = re.findall(r"newsgen publish[^，]*", capsys.readouterr().out)
    assert run(shlex.split(typed)[1:]) == 0
    assert live.exists()


def test_without_a_folder_commands_stay_as_they_are(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.root)
    assert run(["why", "index.html", "-C", "."]) == 2
    assert " -C ." in capsys.readouterr().err
    assert run(["why", "index.html"]) == 2
    assert "-C" not in capsys.readouterr().err
