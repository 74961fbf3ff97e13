"""What was withdrawn is gone from the server, too, and no way leads back to it: through a real nginx, set up as documented."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

import servers
import webservers
from newsgen.cli import run
from site_test import NOW, SITE_YAML, SiteTest, photo
from webservers import WebServer, documented

ARTICLE = "content/meetings/2024-03-13-chexia.md"
ADDRESS = "meetings/2024/0313-chexia.html"
TITLE = "要撤下的一篇"
RULES = Path(__file__).parents[2] / "docs" / "server" / "newsgen-rules"


@pytest.fixture
def place() -> Iterator[Path]:
    with servers.ground() as folder:
        (folder / "www").mkdir()
        (folder / "rules").mkdir()
        yield folder


@pytest.fixture
def nginx(place: Path) -> Iterator[WebServer]:
    """A web server on the target's folder, as docs/server.md sets it up."""
    rules = documented("nginx: server", place)
    with webservers.nginx(place, rules, documented("nginx: http", place)) as server:
        yield server


@pytest.fixture
def online(site: SiteTest, nginx: WebServer, place: Path) -> SiteTest:
    """A site with two reports, published; each has a photo."""
    target = f"publish:\n  targets:\n    live: {{kind: folder, path: {place}/www}}\n"
    site.write("site.yaml", re.sub("url: .*", f"url: {nginx.url}dqgz/", SITE_YAML) + target)
    site.write("content/meetings/a.jpg", photo()).write("content/meetings/b.jpg", photo() + b"\0")
    site.article("meetings/2024-03-14-b.md", "正文。\n\n![](b.jpg)\n", title="留着的一篇", date="2024-03-14")
    assert publish(site) == 0
    site.article("meetings/2024-03-13-chexia.md", "正文。\n\n![](a.jpg)\n", title=TITLE, tags="撤下的标签")
    assert publish(site) == 0
    return site


def publish(site: SiteTest, *options: str) -> int:
    return run(["publish", "-C", str(site.root), "--now", NOW, "--max-delete", "100%", *options])


def withdraw(site: SiteTest) -> int:
    return run(["withdraw", ARTICLE, "--why", "当事人要求", "-C", str(site.root), "--now", NOW])


def status(nginx: WebServer, address: str) -> int:
    try:
        with urlopen(f"{nginx.url}dqgz/{address}", timeout=servers.LIMIT) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def served(nginx: WebServer, place: Path) -> str:
    """All text that the server answers with, every file of the live release asked for."""
    found = []
    for path in sorted((place / "www/current").rglob("*")):
        name = path.relative_to(place / "www/current").as_posix()
        if path.is_file() and status(nginx, name) == 200 and path.suffix in (".html", ".xml", ".txt"):
            found.append(path.read_text("utf-8"))
    return "\n".join(found)


def test_a_withdrawn_article_is_gone_with_its_photo_though_assets_are_carried_along(
    online: SiteTest, nginx: WebServer, place: Path
) -> None:
    own = [f"media/{path.name}" for path in (place / "www/current/media").glob("a-*")]
    assert len(own) > 1, "a photo has several files"
    assert {status(nginx, path) for path in (ADDRESS, *own)} == {200}
    assert TITLE in served(nginx, place)
    assert withdraw(online) == 0
    assert publish(online) == 0
    assert {status(nginx, path) for path in (ADDRESS, *own)} == {404}
    told = served(nginx, place)
    assert "留着的一篇" in told
    assert TITLE not in told
    assert "撤下的标签" not in told
    assert "当事人要求" not in told


def test_the_address_answers_410_once_the_server_has_read_the_rules(
    online: SiteTest, nginx: WebServer, place: Path
) -> None:
    withdraw(online)
    publish(online)
    test = f"nginx -qt -e {place}/nginx/test.log -c {place}/nginx/nginx.conf"
    words = [str(RULES), "nginx", f"{place}/www/current", f"{nginx.url}dqgz/", f"{place}/rules", test, "true"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    nginx.stop()
    nginx.start()
    assert status(nginx, ADDRESS) == 410
    assert status(nginx, "meetings/2024/0314-b.html") == 200


def test_a_release_that_holds_it_is_not_gone_back_to_and_one_from_before_is(
    online: SiteTest, nginx: WebServer, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = sorted(path.name for path in (place / "www/releases").iterdir())
    withdraw(online)
    publish(online)
    live = (place / "www/current").readlink()
    capsys.readouterr()
    assert run(["rollback", releases[1], "-C", str(online.root)]) == 1
    assert ARTICLE in capsys.readouterr().err
    assert (place / "www/current").readlink() == live
    assert run(["rollback", releases[0], "-C", str(online.root)]) == 0
    assert status(nginx, ADDRESS) == 404
    assert TITLE not in served(nginx, place)


def test_a_page_that_still_answers_from_elsewhere_fails_the_publish_and_the_old_site_does_not_come_back(
    online: SiteTest, nginx: WebServer, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsgen.publish.go_live.PATIENCE", 0.0)
    nginx.stop()
    config = place / "nginx/nginx.conf"
    kept = f"location = /dqgz/{ADDRESS} {{ return 200 '{TITLE}'; }}\nerror_page 404"  # a cache that kept the page
    config.write_text(config.read_text("utf-8").replace("error_page 404", kept, 1), "utf-8")
    nginx.start()
    withdraw(online)
    before = (place / "www/current").readlink()
    capsys.readouterr()
    assert publish(online) == 1
    assert f"{ADDRESS} 应已撤下" in capsys.readouterr().err
    assert (place / "www/current").readlink() != before
    assert publish(online) == 1  # nothing has changed, and it still answers
    assert f"{ADDRESS} 应已撤下" in capsys.readouterr().err


def test_where_all_that_is_sent_is_served_the_rules_for_the_server_are_not_sent_and_the_ledger_is_remembered(
    site: SiteTest, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"publish:\n  targets:\n    live: {{kind: folder, layout: flat, path: {place}/flat, http: no}}\n"
    site.write("site.yaml", SITE_YAML + target).article("meetings/2024-03-13-chexia.md", aliases="/info/1.htm")
    site.article("meetings/2024-03-14-b.md", aliases="/info/2.htm")
    withdraw(site)
    assert publish(site) == 0
    assert list((place / "flat").glob("*.conf")) == []
    assert b"chexia" not in b"".join(path.read_bytes() for path in (place / "flat").rglob("*") if path.is_file())
    site.remove("withdrawn.yaml")
    assert publish(site) == 1
    assert "withdrawn.yaml 里少了记录" in capsys.readouterr().err


def test_what_the_server_s_keeper_should_mend_is_told(
    online: SiteTest, nginx: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    withdraw(online)
    capsys.readouterr()
    assert publish(online) == 0
    assert f"提醒：撤下的网址 {ADDRESS} 回答 404，还不是 410" in capsys.readouterr().err


def test_a_ledger_that_lost_an_entry_stops_the_publish(
    online: SiteTest, nginx: WebServer, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    withdraw(online)
    publish(online)
    live, ledger = (place / "www/current").readlink(), (online.root / "withdrawn.yaml").read_text("utf-8")
    online.remove("withdrawn.yaml")
    assert publish(online) == 1
    assert "withdrawn.yaml 里少了记录" in capsys.readouterr().err
    assert (place / "www/current").readlink() == live
    online.write("withdrawn.yaml", f"{ledger}  restored: 2024-06-02\n")
    assert publish(online) == 0
    assert status(nginx, ADDRESS) == 200


@pytest.fixture
def linked(site: SiteTest, place: Path) -> SiteTest:
    """A published site whose other pages, site.yaml, template and attachment name an article by its address in full."""
    url = f"https://sm.example.edu.cn/dqgz/{ADDRESS}"
    more = f"links:\n  - {{name: 友情一篇, url: {url}}}\npublish:\n  targets:\n    live: "
    more += f"{{kind: folder, path: {place}/www, http: no}}\n"
    site.write("site.yaml", SITE_YAML + more).write("content/meetings/a.txt", f"见 {url}\n")
    site.article("meetings/2024-03-13-chexia.md", "正文。\n", title=TITLE, aliases="info/1.html")
    body = f"见[甲]({url}?from=wx)、[乙](http://sm.example.edu.cn/dqgz/info/1.html)、<a href='/dqgz/{ADDRESS}#x'>丙</a>。\n"
    site.article("meetings/2024-03-14-b.md", body, title="留着的一篇", date="2024-03-14", attachments="a.txt")
    site.article("meetings/2024-03-15-c.md", title="转到那一篇", date="2024-03-15", redirect=url)
    footer = (Path(__file__).parents[2] / "templates/partials/footer.html").read_text("utf-8")
    site.write("templates/partials/footer.html", f'<a href="{url}">模板里的链接</a>\n{footer}')
    assert publish(site) == 0
    return site


def live(place: Path) -> dict[str, str]:
    """The pages of the release that is live, by path."""
    root = place / "www/current"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.html")}


def test_nothing_that_others_wrote_keeps_a_withdrawn_article_online(
    linked: SiteTest, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ADDRESS in live(place)
    linked.article("meetings/d.md", "见[从未有过](/dqgz/meetings/2024/0101-wu.html)。\n", title="四", date="2024-03-16")
    linked.article("meetings/2024-03-13-fuben.md", "另一段正文。\n", title=TITLE)  # a copy that somebody edited
    withdraw(linked)
    capsys.readouterr()
    assert publish(linked) == 0
    told, pages = capsys.readouterr().err, live(place)
    assert ADDRESS not in pages
    assert "meetings/2024/0313-fuben.html" not in pages
    assert all(TITLE not in page and "转到那一篇" not in page and "友情一篇" not in page for page in pages.values())
    assert "<p>见<a>甲</a>、<a>乙</a>、<a>丙</a>。</p>" in pages["meetings/2024/0314-b.html"]
    assert "<a>从未有过</a>" in pages["meetings/2024/0316-d.html"]
    for name in (
        "2024-03-14-b.md:7",
        "2024-03-15-c.md:4",
        "site.yaml:6",
        "d.md:6",
        "2024-03-13-fuben.md:2",
        "docs/themes.md",
    ):
        assert name in told


@pytest.mark.parametrize("change", ["expires", "renamed"])
def test_a_nightly_publish_goes_on_though_a_link_s_target_is_over_or_has_another_name(
    linked: SiteTest, place: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    linked.remove("templates/partials/footer.html")
    if change == "renamed":
        (linked.root / ARTICLE).rename(linked.root / "content/meetings/2024-03-13-gaiming.md")
        linked.article("meetings/2024-03-13-gaiming.md", title=TITLE)
    else:
        linked.article("meetings/2024-03-13-chexia.md", title=TITLE, aliases="info/1.html", expires="2024-06-02")
    assert publish(linked) == 0
    capsys.readouterr()
    assert run(["publish", "-C", str(linked.root), "--now", "2024-06-03T03:00", "--max-delete", "100%"]) == 0
    assert ADDRESS not in live(place)
    assert "content/meetings/2024-03-14-b.md:7" in capsys.readouterr().err
