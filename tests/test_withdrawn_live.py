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
RULES = Path(__file__).parents[1] / "docs" / "server" / "newsgen-rules"


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
    (own,) = [path.name for path in (place / "www/current/media").glob("a-*.jpg")]
    assert [status(nginx, path) for path in (ADDRESS, f"media/{own}")] == [200, 200]
    assert TITLE in served(nginx, place)
    assert withdraw(online) == 0
    assert publish(online) == 0
    assert [status(nginx, path) for path in (ADDRESS, f"media/{own}")] == [404, 404]
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
    monkeypatch.setattr("newsgen.publish.online.PATIENCE", 0.0)
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
