"""The look at a published site over HTTP, through a real nginx: what readers get, and what they must not get any more."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterator
from http.client import BadStatusLine, RemoteDisconnected
from pathlib import Path
from socket import gaierror
from urllib.error import URLError

import pytest

import servers
import webservers
from newsgen.config.model import Ledger, Withdrawal
from newsgen.publish import http_check
from newsgen.publish.http_check import HttpAnswer, HttpCheck, fetch, gone, retry_until_clean, sample
from servers import free_port
from webservers import WebServer

FILES = {
    "index.html": "首页",
    "404.html": "没有",
    "meetings/index.html": "会议",
    "meetings/2024/0313-a.html": "一",
    "feed.xml": "<feed/>",
    "sitemap.xml": "<sitemapindex/>",
    "robots.txt": "User-agent: *",
    "gone.nginx.conf": "#",
    "assets/style.0123456789.css": "a {}",
    "media/b-0123456789.jpg": "x",
}
HASHES = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in FILES.items()}
GONE = ("meetings/2024/0314-b.html", "/info/1.htm?id=1", "media/c-0123456789.jpg")
CLOSED = r"location ~ [.]conf$ { return 404; } location = /info/1.htm { return 410; }"


@pytest.fixture
def www() -> Iterator[Path]:
    """The document root of a web server, with the site in it."""
    with servers.ground() as folder:
        for path, text in FILES.items():
            target = folder / "www" / "dqgz" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        yield folder / "www"


def serve(www: Path, rules: str = CLOSED) -> WebServer:
    return webservers.nginx(www.parent, f"root {www}; {rules}")


def codes(
    server: WebServer, diagnostics: bool = False, files: dict[str, str] = HASHES, more: tuple[str, ...] = GONE
) -> list[str]:
    look = HttpCheck(f"{server.url}dqgz/", sample(files), more)
    return [f"{fault.code} {fault.path}" for fault in (look.diagnostics() if diagnostics else look.mismatches())]


def test_a_site_that_is_right_is_told_to_be(www: Path) -> None:
    with serve(www) as server:
        assert codes(server) == []
        assert codes(server, diagnostics=True) == ["live.not-410 meetings/2024/0314-b.html"]


def test_a_page_that_is_missing_or_of_another_release_is_told(www: Path) -> None:
    (www / "dqgz/meetings/2024/0313-a.html").write_text("旧的", "utf-8")
    (www / "dqgz/assets/style.0123456789.css").unlink()
    with serve(www) as server:
        assert sorted(codes(server)) == [
            "live.answer assets/style.0123456789.css",
            "live.content meetings/2024/0313-a.html",
        ]


def test_a_file_that_the_web_server_may_not_read_is_told(www: Path) -> None:
    (www / "dqgz/feed.xml").chmod(0o000 if servers.AS_ROOT else 0o200)
    with serve(www) as server:
        look = HttpCheck(f"{server.url}dqgz/", sample(HASHES))
        (fault,) = look.mismatches()
        assert "回答 403" in fault.message


def test_what_was_withdrawn_and_still_answers_is_told(www: Path) -> None:
    for path in (GONE[0], GONE[2]):
        (www / "dqgz" / path).write_text("还在", "utf-8")
    with serve(www, "location = /info/1.htm { return 302 /dqgz/; }") as server:
        assert codes(server) == [f"live.withdrawn {address}" for address in GONE]


def test_a_restored_page_waits_for_the_server_s_rules_and_is_no_reason_to_go_back(www: Path) -> None:
    with serve(
        www, "location = /dqgz/meetings/2024/0313-a.html { return 410; } location ~ [.]conf$ { return 404; }"
    ) as server:
        assert codes(server, more=()) == []
        assert codes(server, diagnostics=True, more=()) == ["live.still-410 meetings/2024/0313-a.html"]


def test_a_server_that_answers_everything_and_shows_its_rules_is_remarked_on(www: Path) -> None:
    with serve(www, "location /dqgz/ { try_files $uri /dqgz/index.html; }") as server:
        assert codes(server, diagnostics=True, more=()) == [
            "live.no-404 newsgen-no-such-page.html",
            *(
                f"live.rules-public {name}.conf"
                for name in ("redirects.nginx", "redirects.apache", "gone.nginx", "gone.apache")
            ),
        ]


def test_a_server_that_does_not_answer_is_told_in_words(www: Path) -> None:
    (fault, *_) = HttpCheck(f"http://{servers.HOST}:{free_port()}/", sample(HASHES)).mismatches()
    assert fault.code == "live.answer"
    assert "没有回答" in fault.message
    assert fetch("http://nowhere.invalid/").status == 0


def test_a_cache_is_waited_for_and_no_longer_than_told() -> None:
    late = iter(["旧", "旧", "新"])
    waited: list[float] = []
    look = HttpCheck("http://a/", {"a.html": hashlib.sha256("新".encode()).hexdigest()})

    def ask(url: str) -> HttpAnswer:
        return HttpAnswer(200, next(late, "旧").encode())

    assert retry_until_clean(look, 60, ask, waited.append) == ()
    assert len(waited) == 2
    assert [fault.code for fault in retry_until_clean(look, 0, ask, waited.append)] == ["live.content"]
    assert len(waited) == 2


def test_the_sample_holds_what_changed_and_some_of_every_kind_and_nothing_of_the_server_s() -> None:
    files = {f"m/{number}.html": "0" for number in range(5000)} | {f"media/{number}.jpg": "0" for number in range(500)}
    files |= HASHES
    changed = [f"m/{number}.html" for number in range(1000)]
    found = sample(files, changed)
    assert found == sample(dict(reversed(files.items())), changed)
    assert {"index.html", "feed.xml", "sitemap.xml", "assets/style.0123456789.css"} <= found.keys()
    assert found.keys().isdisjoint({"404.html", "gone.nginx.conf"})
    assert len(found.keys() & set(changed)) >= 10
    assert any(name.startswith("media/") for name in found)
    assert len(found) <= 40


def test_withdrawn_photos_that_something_shows_anew_may_answer() -> None:
    one = Withdrawal("a.md", "", "", addresses=("a.html",), files=("media/a.jpg", "media/b.jpg"))
    two = Withdrawal("b.md", "", "", addresses=("b.html",))
    assert gone(Ledger((one, two)), {"media/a.jpg"}) == ("b.html", "a.html", "media/b.jpg")


@pytest.mark.parametrize(
    ("code", "words"),
    [(10, "已经过期"), (18, "自己签发"), (20, "不认识"), (62, "不是为这个域名签发的"), (99, "建立不起来")],
)
def test_what_is_wrong_with_a_certificate_is_told_in_chinese(
    code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_code = code

    def fail(*_: object, **__: object) -> None:
        raise URLError(error)

    monkeypatch.setattr(http_check, "urlopen", fail)
    told = fetch("https://sm.example.edu.cn/").body.decode()
    assert words in told
    assert "verify failed" not in told


@pytest.mark.parametrize(
    "error", [BadStatusLine("x"), RemoteDisconnected("Remote end closed"), URLError(gaierror(-2, "not known"))]
)
def test_what_comes_between_is_told_in_chinese(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(http_check, "urlopen", fail)
    assert not re.search("[a-z]{2}", fetch("https://sm.example.edu.cn/").body.decode())
