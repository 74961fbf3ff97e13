"""`newsgen fix`: corrections beyond doubt, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.check.article_check import findings_of
from newsgen.check.finding import Finding
from newsgen.check.fix import corrected
from newsgen.check.rules.registry import RULES
from newsgen.cli import run
from site_test import SiteTest

HEAD = "---\ntitle: 甲\ndate: 2024-03-14\n---\n\n"


def fixed(data: bytes) -> bytes:
    """The bytes of an article after one run."""
    return corrected("content/a.md", data, findings_of("content/a.md", data, RULES), RULES).after


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(encoding: str, end: str) -> None:
    typed = (HEAD + "会议强调,要抓好落实。\n共有１２名党员  \n").replace("\n", end).encode(encoding)
    wanted = (HEAD + "会议强调，要抓好落实。\n共有12名党员  \n").replace("\n", end).encode(encoding)
    assert fixed(typed) == wanted


def test_several_corrections_on_one_line_do_not_move_one_another() -> None:
    data = (HEAD + '会议于 3 月 13 日召开,落实"第一议题"制度,,共１２人。。。\n').encode()
    assert fixed(data).decode() == HEAD + "会议于3月13日召开，落实“第一议题”制度,,共12人……\n"


def test_of_two_corrections_that_overlap_one_waits_for_the_next_run() -> None:
    code = next(rule.code for rule in RULES if rule.fixes)
    first = Finding(code, "warning", "", line=1, column=1, found="甲乙", correction="甲")
    second = Finding(code, "warning", "", line=1, column=2, found="乙丙", correction="乙丁")
    done = corrected("content/a.md", "甲乙丙\n".encode(), [first, second], RULES)
    assert (done.after.decode(), done.findings) == ("甲乙丁\n", (second,))


def test_what_stands_in_code_links_and_addresses_is_not_touched() -> None:
    text = HEAD + "运行 `a,b` 见[说明,书](a,b.pdf)和 https://e.com/甲,乙 。\n"
    assert "`a,b`" in fixed(text.encode()).decode()
    assert "(a,b.pdf)" in fixed(text.encode()).decode()


def test_bytes_that_decoding_drops_keep_their_line_from_being_touched() -> None:
    data = (HEAD + "会议\u200b强调,要落实。\n").encode()
    assert fixed(data) == data


@given(
    st.lists(
        st.sampled_from(
            [*"会议强调甲乙，。,.;:!\"'()（）“”《》 　\t１２Ａ12a-*_`[]|#>\r\n", "\r\n", "——", "...", "。。。"]
        ),
        max_size=30,
    )
)
def test_it_can_be_run_again_and_again_until_nothing_is_left_and_touches_only_what_was_found(pieces: list[str]) -> None:
    data = (HEAD + "".join(pieces)).encode()
    for _ in range(8):
        after = fixed(data)
        if after == data:
            break
        data = after
    assert fixed(data) == data


def test_the_difference_is_shown_and_nothing_is_written_before_somebody_agrees(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md", "会议强调,要抓好落实。\n")
    path = site.root / "content/meetings/a.md"
    before = path.read_bytes()
    assert run(["fix", "--dry-run", "-C", str(site.root)]) == 0
    printed = capsys.readouterr().out
    assert "-会议强调,要抓好落实。\n+会议强调，要抓好落实。\n" in printed
    assert "没有改动文件：1 个文件里有 1 处可以改。" in printed
    assert path.read_bytes() == before
    assert run(["fix", "-C", str(site.root)]) == 2  # nobody is there to be asked
    assert path.read_bytes() == before


def test_with_yes_files_are_written_and_a_second_run_finds_nothing(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md", "会议强调,要抓好落实。\n")
    assert run(["fix", "--yes", "-C", str(site.root)]) == 0
    assert "改好了 1 个文件里的 1 处。" in capsys.readouterr().out
    assert (site.root / "content/meetings/a.md").read_text("utf-8").endswith("会议强调，要抓好落实。\n")
    assert run(["fix", "--yes", "-C", str(site.root)]) == 0
    assert capsys.readouterr().out == "没有可以直接改的地方。\n"


def test_names_and_set_phrases_are_never_corrected(site: SiteTest) -> None:
    site.write("lexicon.yaml", "- phrase: 三会一课\n  wrong: [三会一科]\n")
    site.article("meetings/a.md", "落实三会一科制度，进行进行总结。\n")
    path = site.root / "content/meetings/a.md"
    before = path.read_bytes()
    assert run(["fix", "--yes", "-C", str(site.root)]) == 0
    assert path.read_bytes() == before


def test_what_a_correction_brings_about_is_corrected_in_the_same_run(site: SiteTest) -> None:
    """A mark made wide has a blank behind it then."""
    path = site.root / "content/meetings/a.md"
    site.article("meetings/a.md", "会议地点: 行政楼301会议室。\n")
    assert run(["fix", "--yes", "-C", str(site.root)]) == 0
    once = path.read_bytes()
    assert once.endswith("会议地点：行政楼301会议室。\n".encode())
    assert run(["fix", "--yes", "-C", str(site.root)]) == 0
    assert path.read_bytes() == once
