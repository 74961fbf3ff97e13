"""Where the output folder and the cache lie, and what is said of a site in a folder that is uploaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.build.locations import locations_of
from newsgen.cli import run
from newsgen.core.platform import sync_folders
from newsgen.core.platform.sync_folders import sync_program_of
from site_test import SiteTest, tree


def settings(site: SiteTest, more: str) -> SiteTest:
    """The site with more lines in its site.yaml."""
    path = site.root / "site.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    return site


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_pages_and_cache_lie_where_site_yaml_says(site: SiteTest, home: Path) -> None:
    usual = tree(site.article("meetings/a.md").built().out)
    settings(site, "output: ~/网页\ncache: ../缓存\n")
    for name in ("public", ".newsgen"):
        (site.root / name).rename(site.root.parent / f"old{name}")
    built = site.built()
    assert built.document["rendered"] == len(usual)
    assert tree(home / "网页") == usual
    assert {path.name for path in site.root.iterdir()} == {"content", "site.yaml"}
    (cache,) = (site.root.parent / "缓存").iterdir()
    assert (cache / "store.db").is_file()
    built = site.built()
    assert (built.document["rendered"], built.document["unchanged"]) == (0, len(usual))


def test_two_sites_may_name_one_cache(site: SiteTest, home: Path) -> None:
    data = b"title: a\norganization: b\nurl: https://a.cn/\nhome: https://a.cn/\ncache: ~/c\n"
    folders = {locations_of(site.root.parent / name, data).cache for name in ("x/site", "y/site")}
    assert len(folders) == 2
    assert {folder.parent for folder in folders} == {home / "c"}
    assert {folder.name.rpartition("-")[0] for folder in folders} == {"site"}


def test_what_is_typed_after_o_comes_before_site_yaml(site: SiteTest, tmp_path: Path) -> None:
    settings(site, "output: elsewhere\n").article("meetings/a.md").built("-o", str(tmp_path / "typed"))
    assert (tmp_path / "typed/index.html").is_file()
    assert not (site.root / "elsewhere").exists()


def test_the_cache_makes_no_site_anew_and_a_change_of_place_neither(site: SiteTest, home: Path) -> None:
    site.article("meetings/a.md").built()
    assert settings(site, "cache: ~/c\n").built().document["rendered"] == 0
    assert site.article("meetings/b.md").built().document["rendered"] > 0


def test_a_comment_is_no_place() -> None:
    data = b"# output: x\n  # cache: y\ntitle: z\n"
    assert locations_of(Path("/s"), data).cache == Path("/s/.newsgen")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("output: content/x", "把 site.yaml 里的 output 改成"),
        ("output: .", "把 site.yaml 里的 output 改成"),
        ("output: ..", "把 site.yaml 里的 output 改成"),
        ("cache: theme", "cache 不能是 theme"),
        ("cache: public", "cache 不能是 public"),
        ("cache: public/cache", "cache 不能是 public/cache"),
        ("output: ../pages\ncache: ../pages/c", "cache 不能是 ../pages/c"),
        ("output: [a, b]", "site.yaml:"),
    ],
)
def test_a_place_among_the_sources_or_the_pages_is_refused(line: str, words: str, site: SiteTest) -> None:
    built = settings(site, line + "\n").article("meetings/a.md").build()
    assert built.code == 2
    assert words in built.stderr


def test_why_and_publishing_look_into_the_same_folder(site: SiteTest, home: Path) -> None:
    target = "output: ~/o\npublish:\n  targets:\n    live: {kind: folder, path: ~/live, http: no}\n"
    settings(site, target.replace("~/live", str(site.root.parent / "live"))).article("meetings/a.md").built()
    site.article("meetings/a.md", "改了\n").built()
    assert run(["why", "meetings/2024/0313-a.html", "-C", str(site.root)]) == 0
    assert run(["publish", "-C", str(site.root), "--json"]) == 0
    assert not (site.root / "public").exists()


# ---------------------------------------------------------------- folders that are uploaded


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - 学院", "OneDrive"),
        ("OneDrive-学院", "OneDrive"),
        ("我的坚果云", "坚果云"),
        ("Nutstore Files", "坚果云"),
        ("Nutstore", "坚果云"),
        ("iCloudDrive", "iCloud"),
        ("Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Dropbox", "Dropbox"),
        ("BaiduSyncdisk", "百度网盘"),
        ("WPS云盘", "WPS 云盘"),
        ("onedriver", None),
        ("网站", None),
    ],
)
def test_folders_of_sync_programs_are_known(folder: str, name: str | None, tmp_path: Path) -> None:
    assert sync_program_of(tmp_path / folder / "党群 网站") == name


def test_onedrive_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "同步"))
    assert sync_program_of(tmp_path / "同步/网站") == "OneDrive"
    assert sync_program_of(tmp_path / "同步2/网站") is None
    assert len(sync_folders._VARIABLES) == 3


def test_a_site_that_is_uploaded_is_told_once_and_the_advice_works(
    site: SiteTest, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    synced = SiteTest(tmp_path / "OneDrive - 学院/党群 网站", capsys)
    site.root.rename(tmp_path / "gone")
    synced.root.parent.mkdir()
    (tmp_path / "gone").rename(synced.root)
    (told,) = synced.article("meetings/a.md").built("--strict").document["diagnostics"]
    assert (told["code"], told["severity"]) == ("site.synced", "info")
    assert "OneDrive" in told["message"]
    assert synced.built().document["diagnostics"] == []
    settings(synced, "\n".join(told["hint"].splitlines()[1:]) + "\n")
    for name in ("public", ".newsgen"):
        (synced.root / name).rename(tmp_path / f"old{name}")
    built = synced.built()
    assert built.document["diagnostics"] == []
    assert {path.name for path in synced.root.iterdir()} == {"content", "site.yaml"}
    assert (home / "newsgen/党群 网站/public/index.html").is_file()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("content/x", "网站的原稿在那里"),
        ("public", "那里的文件人人都能从网上打开"),
        (".git", "那是 git 自己的文件夹"),
        (".git/hooks", "那是 git 自己的文件夹"),
        ("site.yaml", "那是一个文件，不是文件夹"),
    ],
)
def test_a_cache_that_cannot_be_there_is_refused_with_the_reason(site: SiteTest, typed: str, why: str) -> None:
    failed = settings(site, f"cache: {typed}\n").build()
    assert failed.code == 2
    assert f"cache 不能是 {typed}：{why}" in failed.stderr


def test_pages_do_not_lie_in_git_s_own_folder(site: SiteTest) -> None:
    failed = settings(site, "output: .git/x\n").build()
    assert (failed.code, "输出文件夹不能是" in failed.stderr) == (2, True)
