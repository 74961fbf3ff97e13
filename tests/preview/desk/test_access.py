"""Attacks on the desk: none of them reads or writes anything. Each is made as a browser, or a program, would make it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import pytest

from desk_client import API, PASSWORD, Client, desk_at_work, own_client, with_passwords
from newsgen.cli import run
from newsgen.core.errors import HostError, UsageError
from newsgen.preview.app import HEADERS, POLICY
from newsgen.preview.desk.access import NEEDS
from newsgen.preview.desk.access_token import kept_token
from newsgen.preview.desk.activity_log import KEPT, NAME, ActivityLog
from newsgen.preview.desk.app import DESK, Call
from newsgen.preview.desk.endpoints import ENDPOINTS
from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.serve import Network, desk
from newsgen.preview.desk.sign_in import LASTS, Roster
from newsgen.preview.loop import china_time
from newsgen.preview.protocol import TimedProtocol
from newsgen.preview.serve import BindAddress, Served
from running import LIMIT
from site_test import SiteTest, photo

A = "content/meetings/a.md"
PEOPLE = """\
- {name: 任海松, post: 党委副书记, role: 值守}
- {name: 张老师, post: 宣传委员, role: reviewer}
- {name: 李老师, post: 秘书, role: keeper, to: 2020-01-01}
"""
WRITES = [
    ("POST", "reports", {"kind": "news", "section": "meetings", "title": "外来的"}),
    ("PUT", f"report?path={A}", {"base": "x", "body": "外来的"}),
    ("POST", "hand-in", {"path": A}),
    ("POST", "receive?name=x.zip", b"PK"),
    ("POST", "publish", {"dry_run": True}),
]


@pytest.fixture
def server(site: SiteTest) -> Iterator[Served]:
    """The desk of a person at their own computer."""
    site.article("meetings/a.md").write("content/meetings/p.jpg", photo()).write("content/.hidden/a.md", "---\n---\n")
    with desk_at_work(site.root) as running:
        yield running


@pytest.fixture
def shared(site: SiteTest, tmp_path: Path) -> Iterator[Served]:
    """The desk that several people use."""
    site.article("meetings/a.md").write("people.yaml", PEOPLE)
    file = with_passwords(tmp_path, "王芳", "张老师", "任海松", "李老师")
    with desk_at_work(site.root, Network(file)) as running:
        yield running


def files(site: SiteTest) -> dict[str, bytes]:
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes()
        for path in site.root.rglob("*")
        if path.is_file() and ".newsgen" not in path.parts
    }


def raw(server: Served, data: bytes) -> bytes:
    """What the server answers to bytes that no browser would send."""
    with closing(socket.create_connection(("127.0.0.1", server.port), LIMIT)) as connection:
        connection.sendall(data)
        found = b""
        while piece := connection.recv(65_536):
            found += piece
        return found


# ---------------------------------------------------------------- who is not at the desk


def test_without_the_token_nothing_is_given(server: Served) -> None:
    stranger = Client(server.port)
    for method, path, body in [
        ("GET", "site", None),
        ("GET", "reports", None),
        ("GET", f"report?path={A}", None),
        *WRITES,
    ]:
        found = stranger.call(method, path, body)
        assert (found.status, found.json["error"]) == (401, "session"), path
    for path in (
        "/",
        "/meetings/2024/0313-a.html",
        DESK,
        f"{DESK}client/app.js",
        "/.newsgen/events",
        "/.newsgen/changes/x",
    ):
        assert stranger.ask("GET", path).status == 401, path


@pytest.mark.parametrize(
    "token", ["", "x", "é", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "a" * 100_00]
)
def test_a_wrong_token_opens_nothing(server: Served, token: str) -> None:
    stranger = Client(server.port)
    assert stranger.enter(token).status == 403
    assert stranger.cookie == ""


def test_the_token_leaves_the_address_at_once_and_is_told_to_no_one(server: Served, site: SiteTest) -> None:
    client = Client(server.port)
    found = client.enter(kept_token(site.root))
    assert (found.status, found.headers["location"], found.data) == (303, DESK, b"")
    assert found.headers["referrer-policy"] == "same-origin"
    assert found.headers["cache-control"] == "no-store"
    cookie = found.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert kept_token(site.root) not in cookie, "who reads the cookie does not learn the token"


def test_the_token_in_a_referer_or_a_header_is_no_cookie(server: Served, site: SiteTest) -> None:
    token = kept_token(site.root)
    stranger = Client(
        server.port,
        headers={"Referer": f"http://127.0.0.1:{server.port}{DESK}?token={token}", "Authorization": f"Bearer {token}"},
    )
    assert stranger.call("GET", "site").status == 401


@pytest.mark.parametrize(
    "cookie",
    [
        "{name}=",
        "{name}=x",
        "{name}={token}",
        "{name}=x; {name}=y",
        "{name}",
        '{name}="',
        "x" * 5000,
        "{name}=é",
        ";;;=;",
    ],
)
def test_a_cookie_that_somebody_else_made_is_none(server: Served, site: SiteTest, cookie: str) -> None:
    typed = cookie.format(name=f"newsgen-desk-{server.port}", token=kept_token(site.root))
    assert Client(server.port, typed.encode().decode("latin-1")).call("GET", "site").status == 401


# ---------------------------------------------------------------- pages that are open elsewhere


ELSEWHERE: list[dict[str, str | None]] = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": None},
    {"Origin": ""},
    {"Origin": None, "Referer": "http://evil.example/"},
    {"Origin": "http://127.0.0.1:9"},
    {"Origin": "http://localhost"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("write", WRITES)
def test_no_page_of_elsewhere_writes_even_with_the_cookie(
    server: Served, site: SiteTest, headers: dict[str, str | None], write: tuple[str, str, object]
) -> None:
    client, before = own_client(server), files(site)
    method, path, body = write
    found = client.call(method, path, body, headers)
    assert (found.status, found.json["error"]) == (403, "origin")
    assert files(site) == before


def test_no_page_of_elsewhere_reads(server: Served) -> None:
    client = own_client(server)
    for where in ("cross-site", "same-site"):
        assert client.call("GET", "reports", headers={"Sec-Fetch-Site": where}).status == 403
    found = client.call("GET", "reports", headers={"Origin": "http://evil.example"})
    assert not [name for name in found.headers if name.startswith("access-control")]
    assert found.headers["cross-origin-resource-policy"] == "same-origin"
    preflight = client.ask("OPTIONS", f"{API}report", Origin="http://evil.example", Access_Control_Request_Method="PUT")
    assert preflight.status == 403
    assert not [name for name in preflight.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "127.0.0.1@evil", " ", "[::1]x", "169.254.1.1"],
)
def test_a_name_that_was_rebound_to_this_machine_reads_and_writes_nothing(
    server: Served, site: SiteTest, host: str
) -> None:
    client, before = own_client(server), files(site)
    client.host = host.format(port=server.port)
    for method, path, body in [("GET", "reports", None), *WRITES]:
        assert client.call(method, path, body).status in (400, 421), path
    for path in ("/", DESK, f"{DESK}client/app.js", f"{DESK}?token={kept_token(site.root)}"):
        assert client.ask("GET", path).status in (400, 403, 421), path
    assert client.ask("GET", f"{DESK}ping").data in (b"", b"Invalid HTTP request received.")
    assert files(site) == before


def test_no_header_makes_another_method_or_host_of_a_request(server: Served, site: SiteTest) -> None:
    client, before = own_client(server), files(site)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert client.call("GET", f"report?path={A}", headers={name: "PUT"}).status == 200
    assert client.ask("GET", f"{API}reports?_method=POST").status == 200
    client.host = "evil.example"
    forwarded = {"X-Forwarded-Host": f"127.0.0.1:{server.port}", "Forwarded": "host=127.0.0.1"}
    assert client.call("GET", "reports", headers=forwarded).status == 421
    assert files(site) == before


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
    ],
)
def test_json_is_taken_as_json_alone(server: Served, site: SiteTest, kind: str | None) -> None:
    client, before = own_client(server), files(site)
    body = json.dumps({"kind": "news", "section": "meetings", "title": "x"})
    assert client.ask("POST", f"{API}reports", body, Content_Type=kind).status == 415
    assert files(site) == before


# ---------------------------------------------------------------- what is sent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"NaN",
        b"[]",
        b'{"kind": "news", "section": "meetings", "title": NaN}',
        b'{"kind": "news", "section": "meetings", "title": 1e999}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"kind": "news", "section": "meetings", "title": "\xff"}',
        b'{"kind": "news", "section": ["meetings"], "title": "x"}',
        b'{"kind": "news"',
    ],
)
def test_json_that_is_none_of_ours_is_refused(server: Served, site: SiteTest, body: bytes) -> None:
    client, before = own_client(server), files(site)
    found = client.ask("POST", f"{API}reports", body, Content_Type="application/json")
    assert (found.status, found.json["error"]) == (400, "request")
    assert files(site) == before


def test_a_key_that_stands_twice_counts_once_and_is_checked(server: Served, site: SiteTest) -> None:
    client, before = own_client(server), files(site)
    body = b'{"kind": "news", "section": "meetings", "title": "x", "section": "../.."}'
    assert client.ask("POST", f"{API}reports", body, Content_Type="application/json").status == 422
    assert files(site) == before


BAD_PATHS = [
    "site.yaml",
    "../site.yaml",
    "content/../site.yaml",
    "content/../../etc/passwd",
    "content/meetings/../../site.yaml.md",
    "/etc/passwd",
    "content/meetings/_index.md",
    "content/.hidden/a.md",
    "content/meetings/.a.md",
    "content//meetings/a.md",
    "content/./meetings/a.md",
    "content\\meetings\\a.md",
    "content/meetings/a.md\0.jpg",
    "content/meetings/a.md/",
    "C:/content/meetings/a.md",
    "file:///etc/passwd",
    "content/link/secret.md",
    "content/meetings/linked.md",
    "content/meetings/p.jpg",
    "approved/x.md",
    ".newsgen/desk-secret",
    "",
    "x" * 5000,
    "content/" + "a/" * 300 + "a.md",
    "content/meetings/" + "长" * 200 + ".md",
    "content/" + "长" * 200 + "/index.md",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_no_path_leads_out_of_content(server: Served, site: SiteTest, tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("---\ntitle: 秘密\ndate: 2024-01-01\n---\n\n秘密。\n", "utf-8")
    (site.root / "content/link").symlink_to(outside, target_is_directory=True)
    (site.root / "content/meetings/linked.md").symlink_to(outside / "secret.md")
    client, before = own_client(server), files(site)
    typed = {quote(path, safe=""), quote(path, safe="/")}
    for written in typed:
        asked: list[tuple[str, str, object]] = [
            ("GET", f"report?path={written}", None),
            ("GET", f"findings?path={written}", None),
            ("GET", f"standing?path={written}", None),
            ("GET", f"standing/changes?path={written}", None),
            ("PUT", f"report?path={written}", {"base": "x", "body": "写到外面"}),
            ("POST", "hand-in", {"path": path}),
            ("POST", "sign", {"path": path, "verdict": "approve", "digest": "x", "name": "张老师"}),
        ]
        for method, address, body in asked:
            found = client.call(method, address, body)
            assert found.status in (400, 404, 414, 422), (address, found.status, found.text[:200])
            assert "秘密" not in found.text
            assert "root:" not in found.text
    assert files(site) == before
    assert [item.name for item in outside.iterdir()] == ["secret.md"]


@pytest.mark.parametrize(
    "path",
    [
        f"{DESK}client/../access.py",
        f"{DESK}client/..%2faccess.py",
        f"{DESK}client/%2e%2e/access.py",
        f"{DESK}client/..%5caccess.py",
        f"{DESK}client/%00",
        f"{DESK}client/",
        f"{DESK}../../../../etc/passwd",
        f"{DESK}%2fetc%2fpasswd",
        f"{DESK}client/%2fetc%2fpasswd",
        "/.newsgen/../site.yaml",
        "/..%2fsite.yaml",
        "/.newsgen/desk-secret",
        "/.newsgen%2fdesk-secret",
        "//evil.example/",
        "/content/meetings/a.md",
        "/site.yaml",
        "/.git/config",
    ],
)
def test_no_address_gives_a_file_that_is_no_part_of_the_site(server: Served, site: SiteTest, path: str) -> None:
    found = own_client(server).ask("GET", path)
    assert found.status in (307, 404)
    assert b"root:" not in found.data
    assert kept_token(site.root).encode() not in found.data
    assert b"organization" not in found.data


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(server: Served) -> None:
    client = own_client(server)
    for path in ("reports", f"report?path={A}"):
        found = client.ask(
            "POST" if path == "reports" else "PUT", API + path, b" " * 9_000_000, Content_Type="application/json"
        )
        assert found.status == 413
    lied = client.ask("POST", f"{API}reports", b"{}", Content_Type="application/json", Content_Length="2")
    assert lied.status == 400


def test_requests_that_two_programs_would_read_differently_are_refused(server: Served) -> None:
    host, cookie = f"127.0.0.1:{server.port}", own_client(server).cookie
    start = f"POST {API}reports HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
    for more in (
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length : 2\r\n\r\n{}",
        "X: y\n\rContent-Length: 2\r\n\r\n{}",
    ):
        found = raw(server, (start + more).encode())
        assert found.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), (more, found[:200])
    two = raw(
        server, f"GET {API}site HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
    )
    assert two.startswith(b"HTTP/1.1 400")


def test_who_says_twice_where_a_request_comes_from_has_said_nothing(server: Served) -> None:
    host, cookie = f"127.0.0.1:{server.port}", own_client(server).cookie
    own, other = f"Origin: http://{host}\r\n", "Origin: http://evil.example\r\n"
    start = f"Host: {host}\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Length: 0\r\n"
    for more in (own + other, other + own, own + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n"):
        found = raw(server, f"POST {API}reports HTTP/1.1\r\n{start}{more}\r\n".encode())
        assert found.startswith(b"HTTP/1.1 403"), more
    read = f"GET {API}reports HTTP/1.1\r\n{start}Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n\r\n"
    assert raw(server, read.encode()).startswith(b"HTTP/1.1 403")


def test_who_sends_slowly_or_nothing_keeps_nobody_from_the_desk(server: Served) -> None:
    client = own_client(server)
    with ExitStack() as stack:
        for number in range(200):
            connection = stack.enter_context(closing(socket.create_connection(("127.0.0.1", server.port), LIMIT)))
            if number % 2:
                connection.sendall(
                    f"POST {API}reports HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{{".encode()
                )
        assert client.call("GET", "site").status == 200


def test_more_silent_connections_than_there_is_room_for_make_room(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TimedProtocol, "most", 20)
    monkeypatch.setattr(TimedProtocol, "asks_within", 2 * LIMIT)
    client = own_client(server)
    with ExitStack() as stack:
        silent = [
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", server.port), LIMIT))) for _ in range(60)
        ]
        assert client.call("GET", "site").status == 200
        assert silent[0].recv(1) == b"", "the first gave way"
        silent[-1].settimeout(0.2)
        with pytest.raises(TimeoutError):
            silent[-1].recv(1)


def test_every_answer_forbids_scripts_of_elsewhere_and_guessing_of_types(server: Served) -> None:
    client = own_client(server)
    for path in (DESK, f"{DESK}client/app.js", f"{API}site", f"{API}nothing", "/", f"{DESK}nothing"):
        found = client.ask("GET", path)
        policy = found.headers.pop("content-security-policy")
        assert policy in (POLICY, f"{POLICY}; frame-src 'self'"), path  # the desk frames the page that is written
        assert {name.lower() for name in HEADERS} - found.headers.keys() == {"content-security-policy"}, path
        assert all(found.headers[name.lower()] == HEADERS[name] for name in HEADERS if name.lower() in found.headers)
    assert "unsafe" not in POLICY


def test_a_title_that_is_html_is_told_as_text(server: Served, site: SiteTest) -> None:
    client = own_client(server)
    evil = "%3Cimg%20src=x%20onerror=alert(1)%3E"
    found = client.call("GET", f"report?path={evil}")
    assert found.headers["content-type"] == "application/json"
    page = client.ask("GET", f"/{evil}")
    assert b"<img src=x" not in page.data


# ---------------------------------------------------------------- several people


def test_a_desk_that_others_reach_takes_passwords(site: SiteTest, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="先要设密码"):
        desk(site.root, BindAddress("0.0.0.0", 0), opens=False, say=lambda _: None)
    assert run(["desk", "--host", "0.0.0.0", "-C", str(site.root)]) == 2
    inside = with_passwords(site.root, "王芳")
    with pytest.raises(UsageError, match="不要放在网站的文件夹里"):
        desk(site.root, BindAddress("0.0.0.0", 0), opens=False, say=lambda _: None, network=Network(inside))
    with pytest.raises(UsageError, match="读不了密码文件"):
        desk(site.root, BindAddress("0.0.0.0", 0), opens=False, say=lambda _: None, network=Network(tmp_path / "none"))


def test_who_signs_in_has_a_session_and_the_token_of_the_computer_has_none(shared: Served, site: SiteTest) -> None:
    client = Client(shared.port)
    page = client.ask("GET", DESK, Accept="text/html")
    assert (page.status, page.headers["location"]) == (303, f"{DESK}sign-in")
    assert client.ask("GET", f"{DESK}sign-in").status == 200
    assert client.enter(kept_token(site.root)).status == 403
    found = client.sign_in("王芳")
    assert (found.status, found.headers["location"]) == (303, DESK)
    assert client.call("GET", "site").json["user"] == {"name": "王芳", "role": "writer"}


def test_a_wrong_password_a_wrong_name_and_a_page_of_elsewhere_do_not_sign_in(shared: Served) -> None:
    for name, password in (("王芳", "wrong"), ("王五", PASSWORD), ("", ""), ("王芳", ""), ("王芳:", PASSWORD)):
        stranger = Client(shared.port)
        found = stranger.sign_in(name, password)
        assert (found.status, stranger.cookie) in ((403, ""), (429, ""))
        assert password not in found.text or not password
    other = Client(shared.port)
    for headers in ELSEWHERE:
        assert other.sign_in("王芳", PASSWORD, **headers).status == 403, headers
        assert other.cookie == ""


def test_a_session_that_somebody_else_planted_does_not_become_the_persons(shared: Served) -> None:
    planted = f"newsgen-desk-{shared.port}=planted"
    client = Client(shared.port, planted)
    client.sign_in("王芳")
    assert client.cookie != planted
    assert Client(shared.port, planted).call("GET", "site").status == 401


def test_signing_out_and_a_restart_end_sessions(site: SiteTest, tmp_path: Path) -> None:
    network = Network(with_passwords(tmp_path, "王芳"))
    with desk_at_work(site.root, network) as first:
        client = Client(first.port)
        client.sign_in("王芳")
        old = client.cookie
        assert client.ask("POST", f"{DESK}sign-out", Origin="http://evil.example").status == 403
        assert client.call("GET", "site").status == 200
        assert client.ask("POST", f"{DESK}sign-out").status == 303
        assert Client(first.port, old).call("GET", "site").status == 401
        client.sign_in("王芳")
        kept, port = client.cookie, first.port
    with desk_at_work(site.root, network, BindAddress(port=port)) as second:
        assert Client(second.port, kept.replace(str(port), str(second.port))).call("GET", "site").status == 401


def test_who_has_signed_out_hears_no_more_of_what_others_write(site: SiteTest, tmp_path: Path) -> None:
    with desk_at_work(site.root, Network(with_passwords(tmp_path, "王芳", "李明"))) as server:
        client, other = Client(server.port), Client(server.port)
        client.sign_in("王芳")
        other.sign_in("李明")
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)) as connection:
            connection.request("GET", "/.newsgen/events", headers={"Cookie": client.cookie})
            stream = connection.getresponse()
            while stream.readline() != b"\n":
                pass  # the site as it is
            client.ask("POST", f"{DESK}sign-out")
            assert (
                other.call("POST", "reports", {"kind": "news", "section": "meetings", "title": "内部消息"}).status
                == 200
            )
            while (line := stream.readline()) in (b":\n", b"\n"):
                pass  # it has been silent for long
            assert line == b""


def test_a_new_password_and_a_name_taken_out_end_sessions(site: SiteTest, tmp_path: Path) -> None:
    file = with_passwords(tmp_path, "王芳", "李明")
    with desk_at_work(site.root, Network(file)) as server:
        clients = {name: Client(server.port) for name in ("王芳", "李明")}
        for name, client in clients.items():
            client.sign_in(name)
        PasswordFile(file).set("王芳", "another long password")
        assert clients["王芳"].call("GET", "site").status == 401
        assert clients["李明"].call("GET", "site").status == 200
        file.write_text(
            "".join(line for line in file.read_text("utf-8").splitlines(True) if "李明" not in line), "utf-8"
        )
        assert clients["李明"].call("GET", "site").status == 401


def test_each_role_may_do_what_the_table_says_and_no_more(shared: Served) -> None:
    expected = {
        "王芳": set[str](),
        "李老师": set[str](),  # was a keeper until 2020
        "张老师": {"sign"},
        "任海松": set(NEEDS),
    }
    for name, allowed in expected.items():
        client = Client(shared.port)
        client.sign_in(name)
        assert set(client.call("GET", "site").json["may"]) == allowed
        for method, path in ENDPOINTS:
            if path in NEEDS:
                found = client.call(method, path, {} if method != "GET" else None)
                assert (found.status == 403) == (path not in allowed), (name, path)
                assert found.status != 403 or found.json["error"] == "role"
        assert client.call("GET", "reports").status == 200


def test_the_table_of_roles_names_endpoints_that_there_are() -> None:
    assert set(NEEDS) <= {path for _, path in ENDPOINTS}


def test_a_person_signs_in_their_own_name_and_fetches_their_own_zip(shared: Served) -> None:
    one, other = Client(shared.port), Client(shared.port)
    one.sign_in("王芳")
    other.sign_in("张老师")
    made = one.call("POST", "hand-in", {"path": A, "who": "别人"}).json
    assert one.ask("GET", DESK + made["url"]).status == 200
    assert other.ask("GET", DESK + made["url"]).status == 404
    assert "别人".encode() not in one.ask("GET", DESK + made["url"]).data


def test_a_faulty_roster_gives_nobody_more(site: SiteTest) -> None:
    site.write("people.yaml", PEOPLE)
    roster = Roster(site.root)
    assert roster.role_of("任海松", "2024-06-01") == "keeper"
    assert roster.role_of("李老师", "2019-06-01") == "keeper"
    assert roster.role_of("李老师", "2024-06-01") == "writer"
    site.write("people.yaml", PEOPLE + "- nonsense\n")
    assert roster.role_of("任海松", "2024-06-01") == "writer"
    site.write("people.yaml", PEOPLE)
    assert roster.role_of("任海松", "2024-06-01") == "keeper"


# ---------------------------------------------------------------- passwords


@pytest.mark.real_hashes
def test_the_file_holds_no_password_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = PasswordFile(with_passwords(tmp_path, "王芳"))
    text = file.path.read_text("utf-8")
    assert PASSWORD not in text
    assert text.startswith("王芳:scrypt$32768$8$1$")
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.fits("王芳", PASSWORD)
    assert not file.fits("王芳", PASSWORD + "x")
    assert not file.fits("李明", PASSWORD)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_others_read_is_refused(tmp_path: Path) -> None:
    file = PasswordFile(with_passwords(tmp_path, "王芳"))
    file.path.chmod(0o640)
    with pytest.raises(UsageError, match="别人也能读"):
        file.check()
    assert not file.fits("王芳", PASSWORD)


@pytest.mark.parametrize(
    "line", ["王芳:secret", "王芳:scrypt$1$1$1$x$y", "王芳", ":scrypt$32768$8$1$" + "A" * 24 + "$" + "A" * 44]
)
def test_a_line_that_is_none_is_told(tmp_path: Path, line: str) -> None:
    file = PasswordFile(with_passwords(tmp_path, "李明"))
    file.path.write_text(f"{line}\n", "utf-8")
    with pytest.raises(UsageError, match="第 1 行看不懂"):
        file.check()
    file.path.write_text("王芳:scrypt$9999999$99$99$" + "A" * 24 + "$" + "A" * 44 + "\n", "utf-8")
    assert not file.fits("王芳", PASSWORD), "more memory than there is for a guess"


def test_passwords_are_set_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    file = tmp_path / "passwords"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["desk", "--set-password", "王芳", "--password-file", str(file)]) == 0
    assert PasswordFile(file).fits("王芳", PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["desk", "--set-password", "王芳", "--password-file", str(file)]) == 2
    assert run(["desk", "--set-password", "王芳"]) == 2
    assert PasswordFile(file).fits("王芳", PASSWORD)


# ---------------------------------------------------------------- TLS


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate with its key, as the college's IT makes one for a trial."""
    file, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=desk.example.edu.cn", "-addext", "subjectAltName=DNS:desk.example.edu.cn",
             "-keyout", str(key), "-out", str(file)]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True)
    return file


def test_with_a_certificate_the_desk_speaks_tls_alone(site: SiteTest, tmp_path: Path, certificate: Path) -> None:
    network = Network(
        with_passwords(tmp_path, "王芳"), certificate, certificate.with_name("key.pem"), ("desk.example.edu.cn",)
    )
    with desk_at_work(site.root, network) as server:
        assert server.address == f"https://desk.example.edu.cn:{server.port}/"
        context = ssl.create_default_context(cafile=str(certificate))
        with context.wrap_socket(
            socket.create_connection(("127.0.0.1", server.port), LIMIT), server_hostname="desk.example.edu.cn"
        ) as far:
            form = b"name=%E7%8E%8B%E8%8A%B3&password=correct+horse+battery"
            host = f"desk.example.edu.cn:{server.port}"
            far.sendall(
                f"POST {DESK}sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: close\r\n"
                f"Content-Length: {len(form)}\r\n\r\n".encode()
                + form
            )
            answer = b"".join(iter(lambda: far.recv(65_536), b"")).decode()
        assert answer.startswith("HTTP/1.1 303")
        assert f"__Host-newsgen-desk-{server.port}=" in answer
        assert "; Secure; HttpOnly; SameSite=Strict" in answer
        with pytest.raises(OSError):  # noqa: PT011 (whatever the system says of a connection that is closed)
            Client(server.port).call("GET", "site")


def test_a_certificate_that_does_not_fit_is_told_at_the_start(
    site: SiteTest, tmp_path: Path, certificate: Path
) -> None:
    file = with_passwords(tmp_path, "王芳")
    for network, why in (
        (Network(file, certificate), "对不上"),
        (Network(file, tmp_path / "none.pem"), "读不了证书"),
        (Network(file, file), "对不上"),
    ):
        with pytest.raises(HostError, match=why):
            desk(site.root, BindAddress(port=0), opens=False, say=lambda _: None, network=network)


def test_behind_a_proxy_with_a_certificate_the_cookie_leaves_over_tls_alone(shared: Served) -> None:
    client = Client(shared.port)
    plain = client.sign_in("王芳").headers["set-cookie"]
    assert "Secure" not in plain, "a browser would not send it back"
    secured = client.sign_in("王芳", Origin=f"https://127.0.0.1:{shared.port}")
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= {
        part.strip() for part in secured.headers["set-cookie"].split(";")
    }
    assert client.call("GET", "site").status == 200


# ---------------------------------------------------------------- the log


def test_the_log_says_who_did_what_and_holds_no_texts_and_no_passwords(shared: Served, site: SiteTest) -> None:
    client = Client(shared.port)
    client.sign_in("王芳", "wrong password 1")
    client.sign_in("王芳")
    opened = client.call("GET", f"report?path={A}").json
    client.call("PUT", f"report?path={A}", {"base": opened["version"], "body": "谁也不该在日志里看到的话。\n"})
    client.call("POST", "receive?name=x%0A2024%20%E4%BB%BB%E6%B5%B7%E6%9D%BE", b"PK")
    text = (site.root / ".newsgen" / NAME).read_text("utf-8")
    lines = [line.split("\t")[2:] for line in text.splitlines()]
    assert ["王芳", "PUT report", A, "200"] in lines
    assert ["王芳", "sign-in", "", "403"] in lines
    assert ["王芳", "sign-in", "", "200"] in lines
    assert ["王芳", "POST receive", "x\\n2024 任海松", "403"] in lines, "a name makes no line of its own"
    for secret in (PASSWORD, "wrong password", "不该", client.cookie.partition("=")[2]):
        assert secret not in text


def test_the_log_is_rotated_and_old_files_go(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.preview.desk.activity_log.MOST_BYTES", 100)
    log, now = ActivityLog(site.root), china_time()
    for number in range(100):
        log.add(now, "127.0.0.1", "王芳", "PUT report", f"content/{number}.md", 200)
    names = sorted(path.name for path in (site.root / ".newsgen").iterdir() if path.name.startswith(NAME))
    assert names == [NAME, *(f"{NAME}.{number}" for number in range(1, KEPT + 1))]


def test_saving_every_second_fills_no_log(site: SiteTest) -> None:
    log, now = ActivityLog(site.root), china_time()
    for _ in range(50):
        log.add(now, "127.0.0.1", "王芳", "PUT report", A, 200, is_folded=True)
    assert len((site.root / ".newsgen" / NAME).read_text("utf-8").splitlines()) == 1


def test_sessions_end_by_themselves(site: SiteTest, tmp_path: Path) -> None:
    from newsgen.preview.desk.access import AccessRequest
    from newsgen.preview.desk.sign_in import IDLE, PasswordAccess

    now = [0.0]
    access = PasswordAccess(
        site.root, PasswordFile(with_passwords(tmp_path, "王芳")), lambda _: True, 1, False, lambda: now[0]
    )
    asked = AccessRequest("POST", "127.0.0.1:1", "http://127.0.0.1:1", "", "", "127.0.0.1", "2024-06-01")
    form = f"name=%E7%8E%8B%E8%8A%B3&password={PASSWORD.replace(' ', '+')}".encode()

    def signed_in() -> AccessRequest:
        found = access.sign_in(form, asked)
        assert isinstance(found, tuple)
        return asked._replace(cookies=found[1].partition(";")[0])

    idle = signed_in()
    now[0] += IDLE + 1
    assert access.user(idle) is None
    busy = signed_in()
    for _ in range(int(LASTS // (IDLE / 2))):
        now[0] += IDLE / 2
        assert access.user(busy)
    now[0] += 1
    assert access.user(busy) is None


def test_many_at_once_sign_in_one_after_another(shared: Served) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(Client(shared.port).sign_in("王芳").status)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 5


def test_the_address_of_who_asks_is_told_by_a_proxy_on_this_machine(shared: Served, site: SiteTest) -> None:
    Client(shared.port).sign_in("王芳", X_Forwarded_For="10.1.2.3")
    assert "\t10.1.2.3\t" in (site.root / ".newsgen" / NAME).read_text("utf-8")


def test_a_role_is_typed_in_either_language_and_anything_else_is_told(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md").write("people.yaml", PEOPLE)
    assert run(["check", "-C", str(site.root)]) == 0
    site.write("people.yaml", "- {name: 王芳, post: 宣传委员, role: 管理员}\n")
    assert run(["check", "-C", str(site.root)]) == 2
    assert "可以写：撰稿、审稿、值守" in capsys.readouterr().err


BAD_NAMES = [
    "../a.md",
    "../../site.yaml",
    "..\\..\\site.yaml",
    "/etc/passwd",
    "C:\\x.jpg",
    "x.jpg\0.md",
    "x/../../y.jpg",
    ".htaccess",
    "_index.md",
    "index.md",
    "con.jpg",
    "x.html",
    "x.svg",
    "x.php",
    "linked.jpg",
    "",
    ".",
    "..",
    "x" * 5000 + ".jpg",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_name_of_a_file_leads_out_of_the_folder_of_its_report(
    server: Served, site: SiteTest, tmp_path: Path, name: str
) -> None:
    report = "content/meetings/x/index.md"
    site.article("meetings/x/index.md")
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"secret" + photo())
    (site.root / "content/meetings/x/linked.jpg").symlink_to(secret)
    client, before = own_client(server), files(site)
    typed = f"path={quote(report)}&name={quote(name, safe='')}"
    for method, address, body in (
        ("GET", f"file?{typed}", None),
        ("GET", f"file?{typed}&thumb=1", None),
        ("DELETE", f"file?{typed}", None),
        ("POST", "file/restore", {"path": report, "name": name, "id": "../../../x"}),
    ):
        found = client.call(method, address, body)
        assert found.status in (400, 403, 404, 409, 414, 422), (method, found.status, found.text[:200])
        assert b"secret" not in found.data
    assert files(site) == before
    client.call("PUT", f"file?{typed}", photo())
    added = {path for path in files(site) if path not in before}
    assert all(path.startswith("content/meetings/x/") and path.endswith(".jpg") for path in added), added
    assert {path: data for path, data in files(site).items() if path in before} == before
    assert secret.read_bytes().startswith(b"secret")


def test_no_id_of_a_version_leads_out_of_history(server: Served, site: SiteTest) -> None:
    client, before = own_client(server), files(site)
    for name in (
        "../../desk-secret",
        "../../../site.yaml",
        "/etc/passwd",
        "",
        ".",
        "path.txt",
        "x\0",
        "20240101T000000000-00000000",
    ):
        found = client.call("GET", f"history/version?path={A}&id={quote(name, safe='')}")
        assert found.status in (404, 422), (name, found.status)
        assert kept_token(site.root) not in found.text
        assert client.call("POST", "history/restore", {"path": A, "id": name, "base": "x"}).status in (404, 409, 422)
    for path in BAD_PATHS:
        assert client.call("GET", f"history?path={quote(path, safe='')}").status in (200, 400, 404, 414, 422)
        assert client.call("POST", "history/restore", {"path": path, "id": "x", "base": "x"}).status in (404, 409, 422)
    assert files(site) == before


def test_the_html_of_a_pasted_page_is_never_given_back_as_a_page(server: Served) -> None:
    client = own_client(server)
    evil = '<p onclick="alert(1)">字</p><script>alert(2)</script><iframe src="javascript:alert(3)"></iframe><a href="javascript:alert(4)">链接</a><img src=x onerror=alert(5)>'
    found = client.call("POST", f"paste?path={A}", {"html": evil, "text": "字"})
    assert found.headers["content-type"] == "application/json"
    for trace in ("<script", "onclick", "onerror", "<iframe", "javascript:"):
        assert trace not in found.json["markdown"]


def test_no_write_goes_without_a_name_in_the_table(server: Served, site: SiteTest) -> None:
    """Whatever endpoint is added: without the cookie, and from a page of elsewhere, it does nothing."""
    stranger, client, before = Client(server.port), own_client(server), files(site)
    for method, path in ENDPOINTS:
        address = f"{path}?path={A}&name=x.jpg&id=x"
        assert stranger.call(method, address, {} if method in ("POST", "PUT") else None).status == 401, path
        foreign = client.call(
            method,
            address,
            {} if method in ("POST", "PUT") else None,
            {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert foreign.status == 403, path
    assert files(site) == before


# ---------------------------------------------------------------- what goes wrong of itself


@pytest.mark.parametrize("foreign", ['pref={"a":1}', "u=a b", "a[b]=1", "word", "名=值", "a@b=1", "=", ";;"])
def test_cookies_of_other_programs_lock_nobody_out(server: Served, foreign: str) -> None:
    client = own_client(server)
    client.cookie = f"{foreign}; {client.cookie}".encode().decode("latin-1")
    assert client.call("GET", "site").status == 200


def test_a_fault_of_newsgen_itself_is_told_to_the_page(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Call) -> object:
        raise ZeroDivisionError

    async def unsendable(_: Call) -> object:
        return {"name": "\udcff"}

    monkeypatch.setitem(ENDPOINTS, ("GET", "site"), broken)
    monkeypatch.setitem(ENDPOINTS, ("GET", "reports"), unsendable)
    for name in ("site", "reports"):
        answer = own_client(server).call("GET", name)
        assert (answer.status, answer.json["error"]) == (500, "crash")
        assert answer.headers["content-security-policy"] == POLICY


def test_the_log_names_every_report_and_folds_saves_alone(site: SiteTest, server: Served) -> None:
    client = own_client(server)
    for title in ("甲", "乙", "丙"):
        asked = {"kind": "news", "section": "meetings", "title": title}
        assert client.call("POST", "reports", asked).status == 200
    for _ in range(3):
        version = client.call("GET", f"report?path={A}").json["version"]
        assert client.call("PUT", f"report?path={A}", {"base": version, "body": "又一句。\n"}).status == 200
    lines = (site.root / ".newsgen" / NAME).read_text("utf-8").splitlines()
    assert ["-jia/index.md" in line for line in lines].count(True) == 1
    assert [line.split("\t")[3] for line in lines].count("POST reports") == 3
    assert [line.split("\t")[3] for line in lines].count("PUT report") == 1


def test_a_password_file_that_cannot_be_read_for_a_moment_ends_no_session(
    shared: Served, tmp_path: Path, site: SiteTest
) -> None:
    client = Client(shared.port)
    assert client.sign_in("王芳").status == 303
    assert client.call("GET", "site").status == 200
    file = tmp_path / "passwords"
    kept = file.read_bytes()
    file.unlink()
    assert client.call("GET", "site").status == 200
    assert Client(shared.port).sign_in("张老师").status == 403
    file.write_bytes(kept.replace("王芳".encode(), "汪芳".encode()))
    file.chmod(0o600)
    assert client.call("GET", "site").status == 401


def test_a_form_with_more_fields_than_it_has_is_a_wrong_password(shared: Served) -> None:
    kind = "application/x-www-form-urlencoded"
    found = Client(shared.port).ask("POST", f"{DESK}sign-in", "&".join(["name=a"] * 20), **{"Content-Type": kind})
    assert found.status == 403


@pytest.mark.parametrize(
    "name", ["..%5Capp.py", "C:%5CWindows%5Cwin.ini", "%5C%5Chost%5Cshare", "desk.html%00", ".", ""]
)
def test_only_the_names_of_the_page_are_files(server: Served, name: str) -> None:
    assert own_client(server).ask("GET", f"{DESK}client/{name}").status == 404
