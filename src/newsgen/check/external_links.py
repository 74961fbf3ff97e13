"""External links: whether the addresses in articles can still be opened.

Load on servers is low: few connections at once, one to each host, HEAD before GET, a clear User-Agent, answers kept for
a week. No address of this machine or the college's own network is requested, even through DNS or a redirect, unless
site.yaml allows its host.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from newsgen import __version__
from newsgen.core.model import Record

if TYPE_CHECKING:
    from http.client import HTTPConnection

WEEK = timedelta(days=7)
TIMEOUT = 10.0
"""Seconds to wait for an answer."""
INSIDE = "指向本机或内网，没有检查"
AT_ONCE = 16
MOST_REDIRECTS = 5
MOST_READ = 200_000
"""Bytes of a page that are searched for _GONE."""
AGENT = f"newsgen/{__version__} (link check)"
_GONE = re.compile(
    r"<title>[^<]*(?:404|页面不存在|页面找不到|找不到页面|Not Found|无法访问|已删除)[^<]*</title>", re.IGNORECASE
)


class LinkAnswer(Record, frozen=True):
    """The answer for an address. `problem` is Chinese, "" if it opens; `better` is the address to which it has moved
    permanently, else ""; `asked` is the time of the request (ISO).
    """

    address: str
    problem: str
    better: str
    asked: str


class _Refused(Exception):
    """The refusal to request an address, with the reason in Chinese."""


class _Reply(NamedTuple):
    status: int
    location: str
    body: bytes


def ask_all(
    addresses: Iterable[str], known: Mapping[str, LinkAnswer], allowed: Sequence[str], now: datetime
) -> dict[str, LinkAnswer]:
    """The answers for addresses. `known` answers are used for a week. `allowed` are hosts that may be internal."""
    fresh = {a: known[a] for a in addresses if a in known and now - datetime.fromisoformat(known[a].asked) < WEEK}
    by_host: dict[str, list[str]] = {}
    for address in dict.fromkeys(addresses):
        if address not in fresh:
            by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for answers in pool.map(lambda group: [_ask(address, allowed, now) for address in group], by_host.values()):
            fresh |= {answer.address: answer for answer in answers}
    return fresh


def _ask(address: str, allowed: Sequence[str], now: datetime) -> LinkAnswer:
    from http.client import HTTPException  # imported here, since they take as long to load as all rules
    from ssl import SSLCertVerificationError

    target, better, is_lasting = address, "", True
    try:
        for _ in range(MOST_REDIRECTS + 1):
            reply = _reply("HEAD", target, allowed)
            if reply.status in (400, 401, 403, 404, 405, 406, 410, 429, 500, 501, 503) or reply.status == 200:
                reply = _reply("GET", target, allowed)
            if reply.status not in (301, 302, 303, 307, 308) or not reply.location:
                break
            is_lasting = is_lasting and reply.status in (301, 308)
            target = urljoin(target, reply.location)
            better = target if is_lasting else better
        else:
            return LinkAnswer(address, "跳转了太多次", "", now.isoformat())
        return LinkAnswer(address, _problem(reply), better, now.isoformat())
    except _Refused as refused:
        return LinkAnswer(address, str(refused), "", now.isoformat())
    except SSLCertVerificationError:
        return LinkAnswer(address, "证书过期或不可信", "", now.isoformat())
    except TimeoutError:
        return LinkAnswer(address, f"{TIMEOUT:.0f} 秒没有回应", "", now.isoformat())
    except (OSError, HTTPException, ValueError):
        return LinkAnswer(address, "连接不上", "", now.isoformat())


def _problem(reply: _Reply) -> str:
    if reply.status in (401, 403, 429):
        return ""  # the page exists, but is closed to programs
    if reply.status >= 400:
        return "页面不存在（404）" if reply.status in (404, 410) else f"服务器出错（{reply.status}）"
    text = reply.body.decode("utf-8", "replace")
    return "打开的是“页面不存在”" if _GONE.search(text) else ""


def _reply(method: str, address: str, allowed: Sequence[str]) -> _Reply:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Refused("不是 http 或 https 的网址")
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connection(parts.scheme, host, port, _public_address(host, port, allowed))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        ascii_path = quote(path, safe="/?#[]@!$&'()*+,;=%:~-._")
        connection.request(method, ascii_path, headers={"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8"})
        response = connection.getresponse()
        body = response.read(MOST_READ) if method == "GET" else b""
        return _Reply(response.status, response.getheader("Location", ""), body)
    finally:
        connection.close()


def _public_address(host: str, port: int, allowed: Sequence[str]) -> str:
    """The IP address of a host. Raises _Refused if it is internal and not allowed, OSError if there is none."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in allowed and not all(ipaddress.ip_address(item.partition("%")[0]).is_global for item in found):
        raise _Refused(INSIDE)
    return found[0]


def _connection(scheme: str, host: str, port: int, address: str) -> HTTPConnection:
    """A connection to `address` under the host's name. DNS is not asked again, so that its answer cannot change."""
    import ssl
    from http.client import HTTPConnection

    connection = HTTPConnection(host, port, timeout=TIMEOUT)
    plain = socket.create_connection((address, port), TIMEOUT)
    if scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    else:
        connection.sock = plain
    return connection
