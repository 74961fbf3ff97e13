"""Whole builds, from files to files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsgen.cli import run
from site_test import Built, SiteTest, photo, tree

ARTICLE = "meetings/2024/0313-a.html"


def test_the_document_of_a_build_has_these_keys_on_every_exit_code(site: SiteTest) -> None:
    keys = {"articles", "outputs", "rendered", "written", "deleted", "unchanged", "seconds", "next_due"}
    keys |= {"reviews", "diagnostics"}
    good = site.article("meetings/2024-03-13-a.md").built().document
    assert good.keys() == keys
    assert (good["articles"], good["outputs"]) == (1, good["written"])
    bad = site.article("meetings/b.md", date="2024-13-01").build()
    assert bad.code == 1
    assert bad.document.keys() == keys
    (found,) = bad.document["diagnostics"]
    assert found.keys() == {"path", "line", "column", "code", "severity", "message", "hint"}
    assert (found["path"], found["line"]) == ("content/meetings/b.md", 3)
    wrong = site.write("site.yaml", "titel: x\n").build()
    assert wrong.code == 2
    assert wrong.document.keys() == keys
    for refused in (bad, wrong):
        counts = {key for key, value in refused.document.items() if isinstance(value, int | float) and value == 0}
        assert counts == keys - {"next_due", "reviews", "diagnostics"}


def test_articles_counts_what_is_public_and_outputs_every_file(site: SiteTest) -> None:
    site.article("meetings/a.md").article("meetings/b.md", draft="是").article("about.md", kind="page")
    built = site.built()
    assert built.document["articles"] == 1
    assert built.document["outputs"] == len(built.addresses())


def test_a_second_build_renders_and_writes_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    again = site.built().document
    assert (again["rendered"], again["written"], again["deleted"]) == (0, 0, 0)
    assert again["unchanged"] == again["outputs"]


def test_an_edited_body_renders_its_page_and_what_shows_its_summary(site: SiteTest) -> None:
    for day in range(10, 20):
        site.article(f"meetings/2024-03-{day}-a.md", date=f"2024-03-{day}", summary="一句话")
    site.built()
    site.article("meetings/2024-03-12-a.md", "改了的正文。\n", date="2024-03-12", summary="一句话")
    assert site.built().document["rendered"] == 1
    site.article("meetings/2024-03-12-a.md", "又改了的正文。\n", date="2024-03-12")
    again = site.built()
    assert again.document["rendered"] == 3  # the page and both feeds: the newest headline is another
    assert "又改了的正文" in again.text("feed.xml")


@pytest.mark.parametrize("option", [[], ["--full"]])
def test_a_full_build_ends_in_the_same_tree(site: SiteTest, option: list[str], tmp_path: Path) -> None:
    site.article("meetings/a.md").built()
    site.article("meetings/b.md", tags="党建").remove("content/meetings/a.md").built(*option)
    fresh = site.built("-o", str(tmp_path / "fresh"))
    assert tree(site.root / "public") == tree(fresh.out)


def test_what_was_altered_or_deleted_by_hand_is_restored(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md")
    first = site.built()
    before = tree(first.out)
    (first.out / ARTICLE).write_text("altered", "utf-8")
    (first.out / "feed.xml").unlink()
    assert site.built().document["written"] == 2
    assert tree(first.out) == before


# ---------------------------------------------------------------- time


@pytest.mark.parametrize("matter", [{"publish_at": "2024-06-02"}, {"expires": "2024-05-01"}, {"draft": "是"}])
def test_what_is_not_public_appears_nowhere(site: SiteTest, matter: dict[str, str]) -> None:
    site.article("meetings/2024-03-13-a.md", title="机密标题", date="2024-03-13", tags="机密标签", **matter)
    built = site.article("meetings/2024-03-12-b.md", date="2024-03-12").built()
    assert ARTICLE not in built.addresses()
    for address, data in tree(built.out).items():
        assert "机密".encode() not in data, address
    assert built.document["articles"] == 1


def test_an_article_of_today_is_public_from_midnight_in_china_on(site: SiteTest) -> None:
    site.article("meetings/2024-06-01-a.md", date="2024-06-01")
    built = site.built("--strict", now="2024-05-31T16:01Z")
    assert "meetings/2024/0601-a.html" in built.addresses()


def test_next_due_is_the_next_moment_at_which_time_alone_changes_the_site(site: SiteTest) -> None:
    site.article("meetings/a.md", publish_at="2024-06-02 09:30").article("meetings/b.md", expires="2024-06-03")
    site.article("meetings/c.md", pinned="2024-06-03", date="2024-03-14")
    assert site.built().document["next_due"] == "2024-06-02T09:30:00+08:00"
    assert site.built(now="2024-06-02T09:30").document["next_due"] == "2024-06-03T00:00:00+08:00"
    assert site.built(now="2024-06-03T00:00").document["next_due"] == "2024-06-04T00:00:00+08:00"
    assert site.built(now="2024-06-04T00:00").document["next_due"] is None


def test_a_draft_without_the_option_makes_nothing_due(site: SiteTest) -> None:
    site.article("meetings/a.md", publish_at="2024-07-01", draft="是")
    assert site.built().document["next_due"] is None
    assert site.built("--drafts").document["next_due"] == "2024-07-01T00:00:00+08:00"


def test_a_scheduled_article_appears_and_an_expired_one_goes_by_time_alone(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md", publish_at="2024-06-02", expires="2024-06-04")
    assert ARTICLE not in site.built().addresses()
    assert ARTICLE in site.built(now="2024-06-02T00:00").addresses()
    assert ARTICLE not in site.built(now="2024-06-04T00:00").addresses()


def test_greyscale_days_change_one_file(site: SiteTest) -> None:
    site.write("site.yaml", (site.root / "site.yaml").read_text("utf-8") + "greyscale: [2024-12-13]\n")
    site.article("meetings/a.md")
    assert site.built().text("assets/greyscale.css") == ""
    grey = site.built(now="2024-12-13T10:00")
    assert "grayscale" in grey.text("assets/greyscale.css")
    assert (grey.document["rendered"], grey.document["written"]) == (1, 1)


# ---------------------------------------------------------------- order and neighbours


def titles(built: Built, address: str) -> list[str]:
    """The titles of a list page in reading order."""
    import re

    return list(dict.fromkeys(re.findall(r"第\d+篇", built.text(address).partition("<main")[2])))


def test_lists_stand_newest_first_and_pinned_ones_lead(site: SiteTest) -> None:
    for number in range(1, 4):
        site.article(f"meetings/{number}-x.md", title=f"第{number}篇", date=f"2024-03-0{number}")
    assert titles(site.built(), "meetings/index.html") == ["第3篇", "第2篇", "第1篇"]
    site.article("meetings/1-x.md", title="第1篇", date="2024-03-01", pinned="是")
    assert titles(site.built(), "meetings/index.html") == ["第1篇", "第3篇", "第2篇"]


def test_a_pin_ends_after_its_last_day(site: SiteTest) -> None:
    site.article("meetings/1-x.md", title="第1篇", date="2024-03-01", pinned="2024-06-01")
    site.article("meetings/2-x.md", title="第2篇", date="2024-03-02")
    assert titles(site.built(now="2024-06-01T23:59"), "meetings/index.html") == ["第1篇", "第2篇"]
    assert titles(site.built(now="2024-06-02T00:00"), "meetings/index.html") == ["第2篇", "第1篇"]


def test_previous_and_next_lead_to_the_neighbours_in_the_section(site: SiteTest) -> None:
    site.section("notices", "通知公告")
    for number in range(1, 4):
        site.article(f"meetings/{number}-x.md", title=f"第{number}篇", date=f"2024-03-0{number}", slug=f"s{number}")
    site.article("notices/9-x.md", title="第9篇", date="2024-03-02")
    page = site.built().text("meetings/2024/0302-s2.html")
    assert page.index('href="../../meetings/2024/0301-s1.html"') < page.index('href="../../meetings/2024/0303-s3.html"')
    assert "第9篇" not in page


def test_a_new_article_changes_a_bounded_number_of_files(site: SiteTest) -> None:
    for number in range(100):
        site.article(
            f"meetings/{number:03}-x.md", date=f"2024-01-01 {number // 60:02}:{number % 60:02}", title=f"第{number}篇"
        )
    site.built()
    site.article("meetings/new.md", date="2024-02-01")
    assert site.built().document["written"] <= 20


# ---------------------------------------------------------------- addresses


def test_a_section_without_ascii_name_gets_an_ascii_address(project: SiteTest) -> None:
    built = project.section("会议动态", "会议动态").article("会议动态/2024-03-13-a.md").built()
    assert all(address.isascii() for address in built.addresses())


def test_a_folder_without_index_belongs_to_the_section_above(site: SiteTest) -> None:
    assert ARTICLE in site.article("meetings/2024/spring/2024-03-13-a.md").built().addresses()


def test_nested_sections_have_nested_addresses_and_breadcrumbs(site: SiteTest) -> None:
    site.section("meetings/branch", "支部会议").article("meetings/branch/2024-03-13-a.md")
    page = site.built().text("meetings/branch/2024/0313-a.html")
    assert 'href="../../../meetings/index.html"' in page
    assert 'href="../../../meetings/branch/index.html"' in page


def test_a_standing_page_has_no_date_and_is_in_no_list(site: SiteTest) -> None:
    built = site.write("content/about.md", "---\ntitle: 关于我们\nkind: page\n---\n\n正文。\n").built()
    assert "about.html" in built.addresses()
    assert built.document["articles"] == 0
    assert "关于我们" not in built.text("feed.xml")


def test_old_addresses_lead_on(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md", aliases="[/info/1023/4567.htm, old/a.html, '/info.jsp?id=1&x=2']")
    built = site.built()
    assert 'content="0; url=../meetings/2024/0313-a.html"' in built.text("old/a.html")
    target = "https://sm.example.edu.cn/dqgz/meetings/2024/0313-a.html"
    assert f'"/info/1023/4567.htm" "{target}";' in built.text("redirects.nginx.conf")
    assert f'"/info.jsp?id=1&x=2" "{target}";' in built.text("redirects.nginx.conf")
    assert f"RewriteCond %{{QUERY_STRING}} ^$\nRewriteRule ^/info/1023/4567\\.htm$ {target} [R=301,L,NE]" in built.text(
        "redirects.apache.conf"
    )


def test_an_article_that_lives_elsewhere_is_listed_with_its_own_address(site: SiteTest) -> None:
    built = site.article("meetings/2024-03-13-a.md", redirect="https://www.example.edu.cn/a.htm").built()
    assert ARTICLE not in built.addresses()
    assert 'href="https://www.example.edu.cn/a.htm"' in built.text("meetings/index.html")
    assert built.document["articles"] == 1


def test_photos_but_the_first_load_when_they_come_near(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).write("content/meetings/b.jpg", photo() + b"x")
    page = site.article("meetings/2024-03-13-a.md", "![](a.jpg)\n\n![](b.jpg)\n").built().text(ARTICLE)
    body = page.partition("article-body")[2]
    assert [tag.partition(">")[0].endswith('loading="lazy"') for tag in body.split("<img")[1:3]] == [False, True]


def test_a_link_to_an_article_that_is_not_public_is_text_until_it_is(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md", "见[上文](b.md)。\n").article(
        "meetings/b.md", publish_at="2024-06-02", slug="b"
    )
    assert "<a>上文</a>" in site.built().text(ARTICLE)
    assert '<a href="../../meetings/2024/0313-b.html">上文</a>' in site.built(now="2024-06-02T00:00").text(ARTICLE)


# ---------------------------------------------------------------- the output folder


def test_another_folders_files_are_not_built_over(site: SiteTest, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "thesis.docx").write_text("mine", "utf-8")
    assert site.build("-o", str(tmp_path / "docs")).code == 2
    assert tree(tmp_path / "docs") == {"thesis.docx": b"mine"}


@pytest.mark.parametrize("folder", ["", "content", "content/x", "templates", "theme/y"])
def test_the_sources_are_no_output_folder(site: SiteTest, folder: str) -> None:
    assert site.build("-o", str(site.root / folder)).code == 2


def test_the_same_input_gives_the_same_bytes_in_any_folder_zone_locale_and_hash_seed(
    site: SiteTest, tmp_path: Path
) -> None:
    site.article(
        "meetings/2024-03-13-a.md", "## 一\n\n见[上](b.md)。\n", tags="党建、群团", branch="第一党支部、第二党支部"
    )
    site.article("meetings/b.md")
    import shutil

    trees = []
    for number, (zone, language, seed) in enumerate([("UTC", "C", "1"), ("America/New_York", "zh_CN.UTF-8", "2")]):
        folder = tmp_path / f"copy {number}"
        shutil.copytree(site.root, folder)
        environment = {**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONUTF8": "0"}
        command = [sys.executable, "-m", "newsgen", "build", "-C", str(folder), "--now", "2024-06-01T00:00"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        trees.append(
            {path.relative_to(folder): path.read_bytes() for path in (folder / "public").rglob("*") if path.is_file()}
        )
    assert trees[0] == trees[1]


def test_a_console_in_gbk_shows_the_messages_and_valid_json(site: SiteTest) -> None:
    site.article("meetings/a.md", "![𠮷😀](没有.jpg)\n")
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(site.root), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "图片不存在" in done.stderr.decode("gbk")
    assert json.loads(done.stdout.decode("gbk"))["diagnostics"]


def test_a_site_made_by_init_builds_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my-site"
    assert run(["init", str(folder)]) == 0
    assert run(["new", "第一党支部：“学思践悟” #1", "-C", str(folder)]) == 0
    capsys.readouterr()
    (made,) = (folder / "content").rglob("*学思践悟*.md")
    made.write_text(made.read_text("utf-8").replace("正文从这里写起，一个回车就是一段。", "正文。"), "utf-8")
    capsys.readouterr()
    assert run(["build", "-C", str(folder), "--strict", "--json", "--now", "2100-01-01"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["articles"], document["diagnostics"]) == (2, [])
    assert run(["init", str(folder)]) == 2


def test_a_new_site_may_bring_copies_of_the_defaults_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "my-site", "-C", str(tmp_path), "--defaults"]) == 0
    folder = tmp_path / "my-site"
    assert (folder / "defaults" / "templates" / "article.html").is_file()
    assert (folder / "defaults" / "theme" / "colors.css").is_file()
    assert run(["build", "-C", str(folder)]) == 0
    before = tree(folder / "public")
    (folder / "theme").mkdir()
    (folder / "theme" / "colors.css").write_text(":root { --red: #1b4f8f }", "utf-8")
    assert run(["build", "-C", str(folder)]) == 0
    assert {name for name in tree(folder / "public") if name not in before and "colors" in name}


def test_a_theme_file_that_no_template_names_changes_no_page(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    built = site.write("theme/qr-of-wechat.png", b"\x89PNG").built()
    assert (built.document["rendered"], built.document["written"]) == (1, 1)


@pytest.mark.parametrize("name", ["'own.css'", "name='own.css'", "'own' ~ '.css'", "*['own.css']"])
def test_a_page_leads_to_a_changed_theme_file_however_its_template_names_it(site: SiteTest, name: str) -> None:
    site.write("templates/404.html", f"{{{{ site.asset({name}) }}}}")
    for style in ("a {}", "b {}"):
        built = site.write("theme/own.css", style).built()
        assert built.text(built.text("404.html")) == style


def test_a_scheduled_article_is_new_to_nobody_but_its_neighbours_and_lists(site: SiteTest) -> None:
    for day in range(1, 29):
        site.article(f"meetings/{day}-x.md", date=f"2024-03-{day:02}", slug=f"s{day}")
    site.article("meetings/new.md", date="2024-04-01", publish_at="2024-06-02", slug="new").built()
    appeared = site.built(now="2024-06-02T00:00")
    assert "meetings/2024/0401-new.html" in appeared.addresses()
    assert appeared.document["rendered"] <= 12


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bild"], "是不是想写 newsgen build"),
        (["build", "--jsn"], "是不是想写 --json"),
        (["build", "--now", "昨天"], "--now"),
        (["build", "-C", "nowhere"], "没有这个文件夹"),
        (["build", "-o", ""], "是空的"),
        (["new"], "还缺少"),
        (["build", "多余的词"], "看不懂的词"),
        ([], "命令有"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Usage" not in printed.err + printed.out


def test_wrong_usage_is_told_in_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--json", "--nwo", "2024-01-01"]) == 2
    assert json.loads(capsys.readouterr().out)["diagnostics"][0]["code"] == "usage"


@pytest.mark.parametrize("command", [[], ["build"], ["new"], ["init"]])
def test_help_is_chinese(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert "用法：" in printed
    assert "Options" not in printed


def test_new_writes_into_the_section_that_is_named_by_folder_or_title(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    site.section("notices", "通知公告").section("_old", "旧", "weight: 1\n")
    for words in (["-s", "notices"], ["-s", "通知公告"], []):
        assert run(["new", f"标题{len(words)}{words[-1:]}", "-C", str(site.root), *words]) == 0
    names = sorted(path.parent.name for path in (site.root / "content").rglob("2*.md"))
    assert names == ["meetings", "notices", "notices"]
    assert run(["new", "标题", "-C", str(site.root), "-s", "notises"]) == 2
    assert "是不是想写 notices" in capsys.readouterr().err
    built = site.built(now="2100-01-01")
    assert built.document["articles"] == 3
    assert [said.partition(" ")[0] for said in built.said()] == ["body.placeholder"] * 3
