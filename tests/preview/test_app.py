"""The server of the preview, asked over real sockets: what it gives, what it refuses, how it begins and ends."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from loop_clock import LoopClock
from newsgen.cli import run
from newsgen.core.errors import HostError, UsageError
from newsgen.core.file_types import DOWNLOAD_SUFFIXES
from newsgen.core.media_types import OTHER, media_type
from newsgen.core.platform import Console, new_event_loop
from newsgen.preview import serve
from newsgen.preview.app import host_of
from newsgen.preview.loop import china_time
from newsgen.preview.protocol import TimedProtocol
from newsgen.preview.serve import BindAddress, Served, greeting, hosts, listen
from newsgen.preview.session import Session, ShownVersion
from newsgen.preview.watch import ChangeSignal, Watch, _file_system
from preview_helpers import served
from running import LIMIT, Answer, answered
from site_test import SITE_YAML, SiteTest, photo

ANYWHERE = BindAddress(port=0)
PAGE = "meetings/2024/0313-a.html"
VIDEO = bytes(range(256)) * 40


@pytest.fixture
def server(site: SiteTest) -> Iterator[Served]:
    """The preview of a site with a draft, a photo and a video."""
    site.article("meetings/a.md", "![图](p.jpg)\n\n见[视频](v.mp4)。\n").article(
        "meetings/b.md", draft="是", date="2024-03-14"
    )
    site.write("content/meetings/p.jpg", photo()).write("content/meetings/v.mp4", VIDEO)
    site.write("content/secret.txt", "not named by any report")
    with served(site.root, ANYWHERE) as running:
        yield running


def ask(server: Served, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path exactly as it is written."""
    return answered(server.port, method, path, headers)


def address_of(server: Served, suffix: str) -> str:
    """The address of the one file with this suffix, of a photo the largest."""
    paths = server.preview.submit(lambda session: list(session.version.outputs)).result()
    (path,) = (path for path in paths if path.endswith(suffix) and path.count(".") == 1)
    return f"/{path}"


# ---------------------------------------------------------------- what it gives


def test_pages_are_those_of_the_site_with_the_script_of_the_preview(server: Served) -> None:
    for path in ("/", "/index.html", "/meetings/", "/meetings/2024/0314-b.html"):
        answer = ask(server, path)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<script src="/.newsgen/client.js" defer>' in answer.text


def test_a_draft_is_shown_with_a_ribbon_and_its_source(server: Served) -> None:
    text = ask(server, "/meetings/2024/0314-b.html").text
    found = re.search(r'id="newsgen-preview">(.*?)</script>', text)
    assert found
    facts = json.loads(found[1])
    assert facts["source"] == "content/meetings/b.md"
    assert [ribbon["reason"] for ribbon in facts["ribbons"]] == ["draft"]
    assert facts["characters"] == 3


def test_a_folder_without_its_slash_leads_to_its_index(server: Served) -> None:
    answer = ask(server, "/meetings")
    assert (answer.status, answer.headers["location"]) == (307, "/meetings/")


def test_everything_is_told_not_to_be_kept(server: Served) -> None:
    for path in ("/", "/feed.xml", "/nothing", address_of(server, ".jpg"), address_of(server, ".mp4")):
        assert ask(server, path).headers["cache-control"] == "no-store"


def test_a_page_may_load_what_it_may_load_on_the_server_of_the_guide(server: Served) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
    policies = set(re.findall(r'Content-Security-Policy "([^"]*)"', guide))
    assert policies == {ask(server, f"/{PAGE}").headers["content-security-policy"]}


def test_types_are_told_with_the_letters(server: Served) -> None:
    assert ask(server, "/feed.xml").headers["content-type"] == "application/xml; charset=utf-8"
    assert ask(server, "/robots.txt").headers["content-type"] == "text/plain; charset=utf-8"
    assert ask(server, address_of(server, ".jpg")).headers["content-type"] == "image/jpeg"
    assert ask(server, address_of(server, ".mp4")).headers["content-type"] == "video/mp4"


def test_an_attachment_shows_no_more_names_than_it_will_on_the_server(site: SiteTest) -> None:
    core = "<c><title>表</title><creator>张某</creator></c>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("docProps/core.xml", core)
    site.write("site.yaml", f"{SITE_YAML}attachments:\n  clean: yes\n").write(
        "content/meetings/form.docx", data.getvalue()
    )
    site.article("meetings/a.md", "见附件。\n", attachments="form.docx")
    with served(site.root, ANYWHERE) as running:
        shown = ask(running, address_of(running, ".docx")).data
    assert zipfile.ZipFile(io.BytesIO(shown)).read("docProps/core.xml").decode() == core.replace("张某", "")


def test_every_file_that_may_be_published_has_a_type() -> None:
    assert not {suffix for suffix in DOWNLOAD_SUFFIXES if media_type(f"x{suffix}") == OTHER}
    assert media_type("x.unknown") == OTHER


@pytest.mark.parametrize("suffix", [".mp4", ".jpg"])
def test_a_part_of_a_file_is_given_where_it_is_asked_for(server: Served, suffix: str) -> None:
    path = address_of(server, suffix)
    whole = ask(server, path)
    size = len(whole.data)
    assert whole.headers["accept-ranges"] == "bytes"
    for wanted, start, end in (
        ("5-9", 5, 9),
        ("5-", 5, size - 1),
        ("-7", size - 7, size - 1),
        (f"0-{size * 2}", 0, size - 1),
    ):
        part = ask(server, path, Range=f"bytes={wanted}")
        assert (part.status, part.data) == (206, whole.data[start : end + 1])
        assert part.headers["content-range"] == f"bytes {start}-{end}/{size}"
    assert ask(server, path, Range=f"bytes={size}-").status == 416


def test_head_tells_the_same_without_the_bytes(server: Served) -> None:
    for path in ("/", "/feed.xml", address_of(server, ".mp4"), "/nothing"):
        whole, head = ask(server, path), ask(server, path, "HEAD")
        assert (head.status, head.data) == (whole.status, b"")
        assert head.headers["content-length"] == whole.headers["content-length"]


def test_what_is_not_there_gets_the_sites_own_404_page_with_links_that_work(server: Served) -> None:
    answer = ask(server, "/some/where/deep.html")
    assert answer.status == 404
    assert "您要找的页面" in answer.text
    assert '<script src="/.newsgen/client.js" defer>' in answer.text
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
    assert sheet
    assert ask(server, sheet[1]).status == 200


def test_an_edit_is_told_to_all_who_listen(server: Served, site: SiteTest) -> None:
    streams = [Stream(server), Stream(server)]
    assert [stream.next()["version"] for stream in streams] == [1, 1]
    site.article("meetings/a.md", "改过。\n")
    for stream in streams:  # a loaded machine may see the file while it is cut off, and tell of that first
        state = stream.until(lambda state: not state["errors"])
        assert isinstance(state["changed"], list)
        assert state["edited"] == "meetings/2024/0313-a.html"
        assert state["edited"] in state["changed"]
    assert "改过。" in ask(server, "/meetings/2024/0313-a.html").text
    site.article("meetings/a.md", date="三月")
    (error,) = streams[0].until(lambda state: state["errors"] and state["errors"][0]["text"])["errors"]
    assert (error["path"], error["line"], error["text"]) == ("content/meetings/a.md", 3, "date: 三月")
    for stream in streams:
        stream.close()
    assert "改过。" in ask(server, "/meetings/2024/0313-a.html").text


class Stream:
    """The events of a preview."""

    def __init__(self, server: Served) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
        self._connection.request("GET", "/.newsgen/events")
        self._response = self._connection.getresponse()
        assert self._response.getheader("content-type") == "text/event-stream; charset=utf-8"

    def close(self) -> None:
        self._response.close()
        self._connection.close()

    def until(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        while not wanted(state := self.next()):
            pass
        return state

    def next(self) -> dict[str, Any]:
        while line := self._response.readline():
            if line.startswith(b"data: "):
                state: dict[str, Any] = json.loads(line[6:])
                return state
        raise AssertionError("the stream has ended")


def test_a_template_that_fails_leaves_the_last_good_page_and_says_why(server: Served, site: SiteTest) -> None:
    good = ask(server, "/meetings/2024/0313-a.html").text
    before = server.preview.session.version.number
    (site.write("aside", "{{ article.nothing }}").root / "templates").mkdir()
    (site.root / "aside").rename(site.root / "templates/article.html")  # so that nobody sees it empty
    assert server.preview.wait(lambda version: version.number > before, LIMIT)
    text = ask(server, "/meetings/2024/0313-a.html").text
    assert (
        text.partition('<script type="application/json" id="newsgen')[0]
        == good.partition('<script type="application/json" id="newsgen')[0]
    )
    assert "template.render" in text
    assert "template.render" in ask(server, "/meetings/2024/0314-b.html").text  # never seen before: a stand-in


# ---------------------------------------------------------------- what it refuses

OUTSIDE = (
    "/../site.yaml",
    "/..%2fsite.yaml",
    "/%2e%2e/site.yaml",
    "/..%5csite.yaml",
    "//etc/passwd",
    "/content/secret.txt",
    "/site.yaml",
    "/meetings/a.md",
    "/.newsgen/store.db",
    "/.newsgen/../../site.yaml",
    "/.newsgen/server.py",
    "/.newsgen/..%2f__init__.py",
    "/a%00.html",
    "/media/../../content/secret.txt",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_outside_the_site(server: Served, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 404
    assert b"title: " not in answer.data
    assert b"not named" not in answer.data


def test_no_line_of_a_file_outside_the_site_is_shown(server: Served, site: SiteTest, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("大秘密", "utf-8")
    (site.root / "content/meetings/link.md").symlink_to(outside)
    with closing(Stream(server)) as stream:
        while not (state := stream.next())["errors"]:
            pass
    assert [error["code"] for error in state["errors"]] == ["content.outside"]
    assert "大秘密" not in json.dumps(state, ensure_ascii=False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(server: Served, method: str) -> None:
    answer = ask(server, "/", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.1.20", "", "a b", "[::1"]
)
def test_a_name_that_is_not_ours_gets_nothing(server: Served, host: str) -> None:
    for path in ("/", "/.newsgen/events", "/.newsgen/client.js"):
        answer = ask(server, path, Host=host)
        assert answer.status in (400, 421)
        assert "党群工作" not in answer.text


def test_our_own_names_are_answered(server: Served) -> None:
    for host in ("127.0.0.1", f"localhost:{server.port}", "LOCALHOST", "[::1]:8000"):
        assert ask(server, "/", Host=host).status == 200


def test_on_an_office_network_numbers_and_the_own_name_are_answered() -> None:
    is_ours = hosts(BindAddress("0.0.0.0"))
    assert all(map(is_ours, ("192.168.1.20", "fe80::1", "localhost", socket.gethostname().lower())))
    assert not is_ours("evil.example")


def test_the_host_header_is_read_as_it_is_written() -> None:
    assert [host_of(text) for text in ("A.b:80", "[::1]:80", "[::1]", "a.b.", "a/b", "a@b", ":80", "::1")] == [
        *("a.b", "::1", "::1", "a.b", "", "", "", ""),
    ]


# ---------------------------------------------------------------- how it begins and ends


def test_a_busy_port_is_answered_by_the_next_free_one() -> None:
    with listen(ANYWHERE) as first:
        port = first.getsockname()[1]
        with listen(BindAddress(port=port)) as second:
            other = second.getsockname()[1]
            assert port < other <= port + serve.PORTS
            assert f"端口 {port} 被别的程序占用，改用 {other}。" in list(
                greeting(BindAddress(port=port), "http://x/", other)
            )


def test_no_free_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PORTS", 1)
    with listen(ANYWHERE) as first, pytest.raises(HostError, match="都被占用"):
        listen(BindAddress(port=first.getsockname()[1]))


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_a_host_that_is_not_this_machine_is_told(host: str) -> None:
    with pytest.raises(UsageError, match=r"这台电脑没有|不认识"):
        listen(BindAddress(host, 0))


def test_the_office_network_gets_a_code_for_the_phone_and_a_word_of_caution() -> None:
    lines = list(greeting(BindAddress("0.0.0.0"), "http://192.168.1.20:8000/", 8000))
    assert any("▄" in line for line in lines)
    assert any("草稿" in line for line in lines)


def test_a_console_that_cannot_draw_gets_an_address_to_type() -> None:
    place, address = BindAddress("0.0.0.0"), "http://192.168.1.20:8000/"
    told = "\n".join(greeting(place, address, 8000, Console(has_colours=False, narrow_blocks=False)))
    assert "\x1b" not in told
    assert "▄" not in told
    assert "二维码" not in told
    assert address in told
    old = "\n".join(greeting(place, address, 8000, Console(has_colours=True, narrow_blocks=False)))
    assert "二维码" in old
    assert "▄" not in old


def test_ctrl_c_ends_it_cleanly_though_someone_listens(site: SiteTest) -> None:
    command = [sys.executable, "-m", "newsgen", "serve", "-C", str(site.root), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    line = process.stderr.readline()
    found = re.search(r":(\d+)/", line)
    assert found, line
    connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=LIMIT)
    connection.request("GET", "/.newsgen/events")
    stream = connection.getresponse()
    stream.readline()
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=LIMIT)
    assert process.returncode == 0
    assert words.splitlines()[-1] == "预览已结束。"
    assert "Traceback" not in words
    stream.close()
    connection.close()


def words_of(root: Path) -> list[str]:
    """What a preview tells whom Ctrl-C reaches at its first word."""
    words: list[str] = []

    def say(line: str) -> None:
        words.append(line)
        if len(words) == 1:
            signal.raise_signal(signal.SIGINT)

    serve.serve(root, ANYWHERE, opens=False, say=say)
    return words


def test_ctrl_c_ends_it_cleanly_before_it_has_begun(site: SiteTest) -> None:
    before = signal.getsignal(signal.SIGINT)
    words = words_of(site.root)
    assert words[-1] == "预览已结束。"
    assert not any("没有" in line for line in words)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_folder_that_is_no_site_is_told_on_the_terminal_too(tmp_path: Path) -> None:
    (line,) = (line for line in words_of(tmp_path) if "没有 site.yaml" in line)
    assert str(tmp_path) in line
    assert "-C" in line


def test_what_is_no_http_is_told_nobody(server: Served, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(("127.0.0.1", server.port), LIMIT) as stranger:
        stranger.sendall(b"\x16\x03\x01 as https:// begins\r\n\r\n")
        assert b"400" in stranger.recv(1000)
    assert caplog.messages == []


def test_connections_that_are_reset_early_leave_the_server_listening(server: Served) -> None:
    """Windows' own event loop closes the listening socket for good (python/cpython#93821)."""
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert ask(server, "/" + PAGE).status == 200


def test_a_connection_that_is_gone_when_it_is_accepted_is_told_nobody(
    server: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Windows says so with the error 10057 or 10054."""
    accept = socket.socket.accept
    left = iter([OSError(10057, "not connected"), OSError(10054, "reset")])

    def failing(listening: socket.socket) -> tuple[socket.socket, object]:
        if error := next(left, None):
            raise error
        return accept(listening)

    monkeypatch.setattr(socket.socket, "accept", failing)
    assert ask(server, "/" + PAGE).status == 200
    assert next(left, None) is None
    assert caplog.messages == []


def test_the_server_has_an_event_loop_that_selects(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted() -> asyncio.AbstractEventLoop:
        made.append("a loop")
        return new_event_loop()

    monkeypatch.setattr(serve, "new_event_loop", noted)
    with served(site.root, ANYWHERE) as running:
        assert ask(running, "/").status == 200
    assert made == ["a loop"]


def test_a_version_that_is_told_while_the_server_ends_disturbs_nobody(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends, is_told, is_closed = Event(), Event(), Event()

    def ends_meanwhile() -> asyncio.AbstractEventLoop:
        """A loop that is closed while somebody outside is about to call it."""
        loop = new_event_loop()
        call, close = loop.call_soon_threadsafe, loop.close

        def called(callback: Callable[..., object], *args: Any, **options: Any) -> asyncio.Handle:
            if ends.is_set() and callback.__name__ == "send":
                is_told.set()
                assert is_closed.wait(LIMIT)
            return call(callback, *args, **options)

        def closed() -> None:
            close()
            is_closed.set()

        monkeypatch.setattr(loop, "call_soon_threadsafe", called)
        monkeypatch.setattr(loop, "close", closed)
        return loop

    monkeypatch.setattr(serve, "new_event_loop", ends_meanwhile)
    with served(site.root, ANYWHERE) as running:
        with closing(Stream(running)) as stream:
            stream.next()
        ends.set()
        site.article("meetings/a.md")
        assert is_told.wait(LIMIT)
    assert running.preview.session.version.number > 1


HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET", HEAD, HEAD + b"Content-Length: 9\r\n\r\n", HEAD + b"Connection: keep-alive\r\n\r\n" + HEAD],
    ids=["nothing", "a word", "half a head", "no body", "half of a second request"],
)
def test_a_connection_on_which_no_whole_request_arrives_is_ended(
    loop_clock: LoopClock, server: Served, sent: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), LIMIT) as idle:
        idle.sendall(sent)
        loop_clock.ends(idle, TimedProtocol.asks_within)
    assert ask(server, "/").status == 200


def test_a_stream_of_events_stands_as_long_as_it_is_listened_to(
    loop_clock: LoopClock, server: Served, site: SiteTest
) -> None:
    with closing(Stream(server)) as stream:
        first = stream.next()["version"]
        with socket.create_connection(("127.0.0.1", server.port), LIMIT) as idle:
            assert loop_clock.ends(idle, TimedProtocol.asks_within) == b""  # by now the limit has passed for both
        site.article("meetings/a.md", "改过。\n")
        assert stream.next()["version"] > first


@contextmanager
def taking_nothing(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Served, Event]]:
    """A server of which a client has asked for 32 MB that it does not take, and whether their connection has ended."""
    full, ended = Event(), Event()
    pause, lose = TimedProtocol.pause_writing, TimedProtocol.connection_lost

    def paused(connection: TimedProtocol) -> None:
        pause(connection)
        full.set()

    def lost(connection: TimedProtocol, error: Exception | None) -> None:
        lose(connection, error)
        ended.set()

    site.article("meetings/a.md", "见[视频](v.mp4)。\n").write("content/meetings/v.mp4", bytes(2**25))
    with served(site.root, ANYWHERE) as server:
        path = address_of(server, ".mp4").encode()
        monkeypatch.setattr(TimedProtocol, "pause_writing", paused)
        monkeypatch.setattr(TimedProtocol, "connection_lost", lost)
        with socket.create_connection(("127.0.0.1", server.port), LIMIT) as idle:
            idle.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert full.wait(LIMIT)
            yield server, ended


def test_a_client_that_takes_no_answer_is_let_go(
    loop_clock: LoopClock, site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with taking_nothing(site, monkeypatch) as (server, ended):
        loop_clock.move_on(TimedProtocol.reads_within)
        assert ended.wait(LIMIT)
        assert ask(server, "/").status == 200


def test_a_server_that_ends_lets_go_of_who_has_not_taken_its_answer(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "GRACE", 0)
    with taking_nothing(site, monkeypatch) as (server, ended):
        server.stop()
        assert ended.wait(LIMIT)


def test_a_file_that_goes_while_it_is_asked_for_is_told_nobody(
    server: Served, site: SiteTest, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new site, which is a moment away, tells of it where it matters."""
    monkeypatch.setattr(Session, "file", lambda *_: site.root / "gone.mp4")
    assert ask(server, address_of(server, ".mp4")).status == 500
    assert caplog.messages == []


def test_serve_needs_no_sound_site(project: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("site.yaml", "title: [")
    with served(project.root, ANYWHERE) as server:
        answer = ask(server, "/")
        assert answer.status == 503
        assert "config.syntax" in answer.text
        with closing(Stream(server)) as stream:
            assert stream.next()["errors"]
        project.write("site.yaml", (Path(__file__).parents[1] / "base/site.yaml").read_bytes())
        assert server.preview.wait(lambda version: not version.errors, LIMIT)
        assert ask(server, "/").status == 200


def test_a_full_disk_is_no_end(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store cannot be written: what was parsed is kept in this process."""
    site.write(".newsgen", "a file, where the folder of the store should be")
    site.article("meetings/a.md")
    with served(site.root, ANYWHERE) as server:
        assert "正文。" in ask(server, "/meetings/2024/0313-a.html").text
        site.article("meetings/a.md", "改过。\n")
        told: list[ShownVersion] = []
        server.preview.listeners.append(told.append)
        assert server.preview.wait(lambda version: version.number > 1 and not version.errors, LIMIT)
        assert "改过。" in ask(server, "/meetings/2024/0313-a.html").text
        told.append(server.preview.session.version)
        assert all(any(diagnostic.code == "store.unusable" for diagnostic in version.diagnostics) for version in told)


def test_a_page_that_was_edited_unnoticed_is_given_while_nothing_can_be_kept(site: SiteTest) -> None:
    site.write(".newsgen", "a file, where the folder of the store should be").article("meetings/a.md", "正文。\n")
    session = Session(site.root, china_time)
    session.look()
    data = session.rendered(PAGE).data
    session.look()  # with another store: it has nothing either
    site.article("meetings/a.md", "改过。\n")
    assert session.rendered(PAGE).data == data
    assert session.facts(PAGE).characters is None
    session.look()
    assert session.facts(PAGE).characters == len("改过。")
    session.close()


def test_the_characters_of_a_text_are_counted_that_was_parsed_before_the_start(site: SiteTest) -> None:
    """The store holds of a body what its page shows, and no plain text."""
    site.article("meetings/a.md", "正文。\n")
    for _ in range(2):
        session = Session(site.root, china_time)
        session.look()
        assert session.facts(PAGE).characters == len("正文。")
        session.close()


def test_that_nothing_can_be_kept_is_said_on_every_page_until_it_can(site: SiteTest) -> None:
    site.article("meetings/a.md")
    session = Session(site.root, china_time)
    (site.root / ".newsgen/store.db").mkdir(parents=True)
    session.look()
    for _ in range(2):  # each look tries another store; none has taken anything in
        session.save()
        session.look()
        for path in (PAGE, "index.html", "404.html"):
            assert [diagnostic.code for diagnostic in session.facts(path).diagnostics] == ["store.unusable"]
    (site.root / ".newsgen/store.db").rmdir()
    session.look()
    session.save()
    session.look()
    assert session.facts(PAGE).diagnostics == ()
    session.close()


def test_a_remark_on_a_file_without_a_page_is_in_the_lists(site: SiteTest) -> None:
    site.article("meetings/a.md").write("content/meetings/b.markdown", "正文。\n")
    session = Session(site.root, china_time)
    session.look()
    for path in ("index.html", "meetings/index.html"):
        assert [diagnostic.code for diagnostic in session.facts(path).diagnostics] == ["content.suffix"]
    assert session.facts(PAGE).diagnostics == ()
    session.close()


def test_a_failure_of_newsgen_itself_is_told_on_a_page_that_comes_back(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("newsgen.preview.session.render", lambda *_: 1 // 0)
        answer = ask(server, f"/{PAGE}")
        assert answer.status == 500
        assert "preview.crash" in answer.text
        assert "/.newsgen/client.js" in answer.text
    assert ask(server, f"/{PAGE}").status == 200


def test_nothing_is_written_to_the_output_folder(server: Served, site: SiteTest) -> None:
    ask(server, "/")
    assert not (site.root / "public").exists()


def test_a_bad_port_is_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--port", "99999"]) == 2
    assert "参数不对" in capsys.readouterr().err


# ---------------------------------------------------------------- where the system gives no notices


def test_a_system_without_room_for_notices_is_looked_at_again_and_again(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self, **_: object) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("newsgen.preview.watch.Observer", Full)
    monkeypatch.setattr("newsgen.preview.loop.POLL", 0.01)
    with served(site.root, ANYWHERE) as server:
        assert server.preview.wait(lambda version: server.preview.looks > 3, LIMIT)
        assert server.preview.polls == "系统不再给文件变化的通知（要看的文件夹超过了系统的限额）"
        site.article("meetings/a.md")
        assert server.preview.wait(lambda version: "meetings/2024/0313-a.html" in version.outputs, LIMIT)


MOUNTS = r"""
rootfs / ext4 rw 0 0
C:\134 /mnt/c 9p rw 0 0
server:/home /net/home nfs4 rw 0 0
//pc/share /mnt/a\040b cifs rw 0 0
"""


def test_network_folders_are_known_by_their_file_system(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, "utf-8")
    paths = ("/mnt/c/site", "/net/home/site", "/mnt/a b/site", "/home/site", "/mnt/cc")
    kinds = [_file_system(Path(path), str(mounts)) for path in paths]
    assert kinds == ["9p", "nfs4", "cifs", "ext4", "ext4"]


def test_a_network_folder_is_watched_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.preview.watch._file_system", lambda path: "9p")
    watch = Watch(tmp_path, ChangeSignal())
    assert watch.polls == "网站在 Windows 的盘里，而 newsgen 在 WSL 里运行"
    assert not watch.watch_paths()
