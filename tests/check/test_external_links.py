"""Links that lead out of the site, asked of a real server on this machine; and those that must not be asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from newsgen.check.external_links import ask_all
from newsgen.check.rules.links import links_in
from newsgen.cli import run
from newsgen.core.model import SHANGHAI
from site_test import SITE_YAML, SiteTest

NOW = datetime(2024, 6, 1, 8, tzinfo=SHANGHAI)
PAGES = {
    "/good": (200, "", "<title>通知</title>"),
    "/gone": (404, "", ""),
    "/soft": (200, "", "<title>404 页面不存在</title>"),
    "/moved": (301, "/good", ""),
    "/detour": (302, "/good", ""),
    "/ring": (302, "/ring", ""),
    "/private": (403, "", ""),
    "/broken": (500, "", ""),
}


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        status, location, body = PAGES[self.path]
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body.encode())

    do_HEAD = do_GET  # noqa: N815 (http.server's own name)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def server() -> Iterator[str]:
    """A server of PAGES; gives its address."""
    Handler.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("page", "problem", "better"),
    [
        ("/good", "", ""),
        ("/gone", "页面不存在（404）", ""),
        ("/soft", "打开的是“页面不存在”", ""),
        ("/moved", "", "/good"),
        ("/detour", "", ""),
        ("/ring", "跳转了太多次", ""),
        ("/private", "", ""),
        ("/broken", "服务器出错（500）", ""),
    ],
)
def test_an_address_is_told_as_it_answers(page: str, problem: str, better: str) -> None:
    with server() as home:
        (answer,) = ask_all([home + page], {}, ["127.0.0.1"], NOW).values()
        assert (answer.problem, answer.better) == (problem, better and home + better)


def test_an_answer_is_believed_for_a_week() -> None:
    with server() as home:
        first = ask_all([f"{home}/good"], {}, ["127.0.0.1"], NOW)
        count = len(Handler.asked)
        assert ask_all([f"{home}/good"], first, ["127.0.0.1"], NOW + timedelta(days=6)) == first
        assert len(Handler.asked) == count
        ask_all([f"{home}/good"], first, ["127.0.0.1"], NOW + timedelta(days=8))
        assert len(Handler.asked) > count


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "192.168.1.1"])
def test_no_address_inside_is_asked(host: str) -> None:
    (answer,) = ask_all([f"http://{host}:9/x"], {}, [], NOW).values()
    assert answer.problem == "指向本机或内网，没有检查"


def test_a_redirect_leads_nowhere_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as home:
        monkeypatch.setitem(PAGES, "/good", (302, "http://localhost:9/", ""))
        (answer,) = ask_all([f"{home}/good"], {}, ["127.0.0.1"], NOW).values()
        assert answer.problem == "指向本机或内网，没有检查"


def test_nobody_answers() -> None:
    (answer,) = ask_all(["http://127.0.0.1:1/"], {}, ["127.0.0.1"], NOW).values()
    assert answer.problem == "连接不上"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("见[通知](https://e.com/a.htm)。", ["https://e.com/a.htm"]),
        ("网址https://e.com/a，请看", ["https://e.com/a"]),
        ("<https://e.com/a?b=1&c=2>", ["https://e.com/a?b=1&c=2"]),
        ('<a href="http://e.com/a">甲</a>', ["http://e.com/a"]),
        ("https://e.com/a_(b).htm.", ["https://e.com/a_(b).htm"]),
        ("没有网址", []),
    ],
)
def test_addresses_are_found_wherever_they_stand(text: str, addresses: list[str]) -> None:
    assert [link.address for link in links_in("content/a.md", text)] == addresses


def test_a_host_inside_is_asked_once_site_yaml_allows_it(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    def said() -> list[str]:
        capsys.readouterr()
        run(["check", "content/meetings/a.md", "--external", "--json", "-C", str(site.root)])
        found = json.loads(capsys.readouterr().out)["findings"]
        return [item["message"] for item in found if item["code"] == "links.external"]

    with server() as address:
        site.article("meetings/a.md", f"见[一]({address}/good)、[二]({address}/gone)。\n")
        assert said() == ["链接打不开：指向本机或内网，没有检查"] * 2
        assert Handler.asked == []
        site.write("site.yaml", SITE_YAML + "check:\n  allow: [127.0.0.1]\n")
        assert said() == ["链接打不开：页面不存在（404）"]
