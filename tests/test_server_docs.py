"""docs/server.md tells the truth: nginx and Apache are started with its very words, and do what it promises."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

import servers
import webservers
from browser import PAGES, chromium
from newsgen.cli import run
from site_test import NOW
from webservers import WebServer, documented

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RULES = DOCS / "server" / "newsgen-rules"
ARTICLE = "content/meetings/2024-03-13-gongzuohuiyi.md"
GONE = "/dqgz/meetings/2024/0314-chexia.html"
LONG = "/info/" + "chang" * 15 + ".htm"
KINDS = ("nginx", "apache")


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def ask(server: WebServer, path: str, **headers: str) -> Answer:
    """One request, with nothing followed and nothing unpacked."""
    connection = HTTPConnection(servers.HOST, server.port, timeout=servers.LIMIT)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers, body)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """The folders of a server: `www` with releases and `current`, `rules` as newsgen-rules fills it. One article is withdrawn."""
    with servers.ground() as folder:
        site = folder / "site"
        kept = shutil.ignore_patterns("*.png", ".*", "node_modules")
        for name in ("content", "templates", "theme"):
            shutil.copytree(ROOT / name, site / name, ignore=kept if name != "content" else None)
        shutil.copy(ROOT / "site.yaml", site)
        text = f"---\ntitle: 撤下的一篇\ndate: 2024-03-14\naliases: [/info/1.htm, {LONG}]\n---\n\n正文。\n"
        (site / "content/meetings/2024-03-14-chexia.md").write_text(text, "utf-8")
        moved = f"---\ntitle: 搬家的一篇\ndate: 2024-03-15\naliases: [/info/2.htm?id=1, {LONG}x]\n---\n\n正文。\n"
        (site / "content/meetings/2024-03-15-banjia.md").write_text(moved, "utf-8")
        done = run(["withdraw", GONE.removeprefix("/dqgz/"), "--why", "当事人要求", "-C", str(site), "--now", NOW])
        assert done == 0
        out = folder / "www" / "releases" / "1"
        assert run(["build", "-C", str(site), "-o", str(out), "--now", "2024-12-31T08:00"]) == 0
        (out / ".htpasswd").write_text("x", "utf-8")
        (folder / "www" / "current").symlink_to("releases/1")
        for kind in KINDS:
            take_over(kind, folder)
        yield folder


def take_over(kind: str, place: Path, test: str = "true", reload: str = "true") -> subprocess.CompletedProcess[str]:
    """Run newsgen-rules."""
    words = [str(RULES), kind, f"{place}/www/current", f"{place}/rules", test, reload]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest, place: Path) -> Iterator[WebServer]:
    """A server set up as the page says."""
    if request.param == "nginx":
        made = webservers.nginx(place, documented("nginx: server", place), documented("nginx: http", place))
    else:
        made = webservers.apache(place, documented("apache: host", place))
    with made as started:
        yield started


def test_pages_are_served_and_must_be_asked_for_each_time(server: WebServer) -> None:
    for path in ("/dqgz/", "/dqgz/meetings/", "/dqgz/about.html", "/dqgz/feed.xml", "/dqgz/assets/greyscale.css"):
        answer = ask(server, path)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache"), path
    assert "utf-8" in ask(server, "/dqgz/").headers["Content-Type"].lower()
    assert ask(server, "/dqgz").status == 301
    etag = ask(server, "/dqgz/").headers["ETag"]
    assert ask(server, "/dqgz/", If_None_Match=etag).status == 304


def test_hashed_names_are_kept_for_a_year_and_a_missing_one_is_not(server: WebServer, place: Path) -> None:
    files = [*(place / "www/current/assets").iterdir(), *(place / "www/current/media").iterdir()]
    hashed = [path for path in files if re.search(r"[0-9a-f]{10}\.\w+$", path.name)]
    assert len(hashed) > 5
    for path in hashed:
        answer = ask(server, f"/dqgz/{path.parent.name}/{path.name}")
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    missing = ask(server, "/dqgz/media/x-0123456789.jpg")
    assert (missing.status, missing.headers["Cache-Control"]) == (404, "no-cache")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((f"/dqgz/nowhere{end}", 404) for end in (".html", "/", "/deep/er.html")),
        *((GONE + end, 410) for end in ("", "?from=wechat", "?")),
        *(("/info/1.htm", 410), ("/info/1.htm?x=1", 410), (LONG, 410)),
    ],
)
def test_what_is_missing_or_withdrawn_shows_one_neutral_page(
    server: WebServer, place: Path, path: str, status: int
) -> None:
    answer = ask(server, path)
    assert (answer.status, answer.headers["Cache-Control"]) == (status, "no-cache")
    assert answer.body == (place / "www/current/404.html").read_bytes()
    assert "Content-Security-Policy" in answer.headers


def test_an_old_address_leads_on(server: WebServer) -> None:
    answer = ask(server, "/info/2.htm?id=1")
    assert answer.status == 301
    assert answer.headers["Location"] == "https://sm.example.edu.cn/dqgz/meetings/2024/0315-banjia.html"
    assert ask(server, "/info/2.htm?id=2").status == 404


@pytest.mark.parametrize(
    "name", ["gone.nginx.conf", "gone.apache.conf", "redirects.nginx.conf", ".newsgen.json", ".htpasswd"]
)
def test_what_is_for_the_server_alone_is_not_served(server: WebServer, place: Path, name: str) -> None:
    assert (place / "www/current" / name).exists()
    assert ask(server, f"/dqgz/{name}").status == 404


def test_what_certificates_are_renewed_by_is_served(server: WebServer, place: Path) -> None:
    (place / "www/current/.well-known").mkdir(exist_ok=True)
    (place / "www/current/.well-known/token").write_text("x", "utf-8")
    assert ask(server, "/dqgz/.well-known/token").status == 200


def test_texts_travel_compressed_and_photos_as_they_are(server: WebServer, place: Path) -> None:
    style = next((place / "www/current/assets").glob("style.*.css")).name
    for path in ("/dqgz/", f"/dqgz/assets/{style}", "/dqgz/feed.xml", "/dqgz/sitemap-2024.xml"):
        answer = ask(server, path, Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert gzip.decompress(answer.body) == ask(server, path).body
    photo = next((place / "www/current/media").glob("*.jpg")).name
    assert ask(server, f"/dqgz/media/{photo}", Accept_Encoding="gzip").headers["Content-Encoding"] is None


def test_no_page_needs_what_the_policy_forbids(server: WebServer) -> None:
    policy = ask(server, "/dqgz/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    with chromium() as browser:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.route("https://sm.example.edu.cn/**", lambda route: route.abort())  # what 404.html names: another host
        for path in PAGES.values():
            if path != "404.html":
                page.goto(f"{server.url}dqgz/{path}")
        assert [text for text in said if "Content Security Policy" in text] == []
        assert page.evaluate("getComputedStyle(document.body).fontFamily")


def test_a_flip_is_seen_at_once(server: WebServer, place: Path) -> None:
    shutil.copytree(place / "www/releases/1", place / "www/releases/2", symlinks=True)
    (place / "www/releases/2/about.html").write_text("二", "utf-8")
    for name, told in (("2", "二".encode()), ("1", (place / "www/releases/1/about.html").read_bytes())):
        (place / "www/next").symlink_to(f"releases/{name}")
        (place / "www/next").replace(place / "www/current")
        assert ask(server, "/dqgz/about.html").body == told
    shutil.rmtree(place / "www/releases/2")


# ---------------------------------------------------------------- newsgen-rules


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A live site with one rule."""
    (tmp_path / "www/current").mkdir(parents=True)
    (tmp_path / "www/current/gone.nginx.conf").write_text('# a\n"~^/a[.]html([?].*)?$" 1;\n', "utf-8")
    return tmp_path


def test_new_rules_are_taken_over_and_the_server_reads_them_once(small: Path) -> None:
    for _ in range(2):
        done = take_over("nginx", small, reload=f"echo >> {small}/reloaded")
        assert done.returncode == 0, done.stderr
    assert (small / "reloaded").read_text("utf-8") == "\n"
    assert (small / "rules/gone.nginx.conf").read_bytes() == (small / "www/current/gone.nginx.conf").read_bytes()
    (small / "www/current/gone.nginx.conf").unlink()
    take_over("nginx", small)
    assert (small / "rules/gone.nginx.conf").read_bytes() == b""


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("nginx", "default 1; } server { listen 81; root /; "),
        ("nginx", "include /etc/shadow;"),
        ("nginx", '"a" "b"; include "/etc/shadow";'),
        ("apache", 'CustomLog "|/bin/sh" x'),
        ("apache", "RewriteRule ^ http://other/ [P]"),
        ("apache", "RewriteMap a prg:/tmp/a"),
        ("apache", "RewriteEngine On\\"),
        ("apache", "# a \\\nCustomLog x y"),
    ],
)
def test_lines_that_newsgen_does_not_write_are_refused(small: Path, kind: str, line: str) -> None:
    (small / f"www/current/gone.{kind}.conf").write_text(f"{line}\n", "utf-8")
    done = take_over(kind, small, reload=f"echo >> {small}/reloaded")
    assert done.returncode == 1
    assert "does not write" in done.stderr
    assert not (small / "reloaded").exists()
    assert not (small / f"rules/gone.{kind}.conf").exists()


def test_rules_that_the_server_does_not_take_are_taken_back(small: Path) -> None:
    take_over("nginx", small)
    before = (small / "rules/gone.nginx.conf").read_bytes()
    (small / "www/current/gone.nginx.conf").write_text('"~^/(" 1;\n', "utf-8")
    done = take_over("nginx", small, test="false", reload=f"echo >> {small}/reloaded")
    assert done.returncode == 1
    assert (small / "rules/gone.nginx.conf").read_bytes() == before
    assert not (small / "reloaded").exists()
