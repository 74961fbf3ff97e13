"""The check of the live site over HTTP: whether the release is served, and withdrawn addresses are not.

This module changes nothing; go_live.py decides what to do about a mismatch.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from newsgen import __version__
from newsgen.config.model import Ledger
from newsgen.core.model import Diagnostic, Severity
from newsgen.core.platform import reason
from newsgen.core.urls import SERVER_RULES

SIZE = 20
"""The approximate number of files in a sample, besides ALWAYS."""
ALWAYS = ("index.html", "feed.xml", "sitemap.xml", "robots.txt")
WITHDRAWN_AT_ONCE = 200
"""The maximum number of withdrawn addresses that one check requests, the latest first."""
TIMEOUT = 20.0
GONE = (404, 410)
NOWHERE = "newsgen-no-such-page.html"
"""An address that no site has."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The answer of a server: its status and body. Without an answer the status is 0, and the body the reason."""

    status: int
    body: bytes

    @property
    def shown(self) -> str:
        """The status for people."""
        return f"回答 {self.status}" if self.status else f"没有回答（{self.body.decode()}）"


def fetch(url: str) -> HttpAnswer:
    """Ask for a URL as a browser that has nothing in its cache."""
    headers = {
        "User-Agent": f"newsgen/{__version__}",
        "Cache-Control": "no-cache",
        "Accept-Encoding": "identity",
    }
    try:
        with urlopen(Request(url, headers=headers), timeout=TIMEOUT) as response:
            return HttpAnswer(response.status, response.read())
    except HTTPError as error:
        with error:
            return HttpAnswer(error.code, b"")
    except URLError as error:
        return HttpAnswer(0, _reason(error.reason).encode())
    except (OSError, http.client.HTTPException) as error:
        return HttpAnswer(0, _reason(error).encode())


def _reason(error: object) -> str:
    if isinstance(error, ssl.SSLError):
        return f"HTTPS 证书有问题：{_CERTIFICATES.get(getattr(error, 'verify_code', 0), '加密连接建立不起来')}"
    return reason(error) if isinstance(error, OSError) else "网站的回答不是网页（HTTP）"


_CERTIFICATES = {
    9: "还没有到它的生效日期，或者这台电脑的时间不对",
    10: "已经过期，或者这台电脑的时间不对",
    18: "是自己签发的，浏览器不信任",
    19: "是自己签发的，浏览器不信任",
    20: "签发它的机构这台电脑不认识，或者服务器没有给全证书链",
    21: "签发它的机构这台电脑不认识，或者服务器没有给全证书链",
    23: "已经被吊销",
    62: "不是为这个域名签发的",
    64: "不是为这个 IP 地址签发的",
}
"""Messages by OpenSSL's verification error (X509_V_ERR_…)."""


def sample(files: Mapping[str, str], changed: Iterable[str] = (), size: int = SIZE) -> dict[str, str]:
    """The files to request: those of ALWAYS, then some of the changed ones, then some of each suffix.

    The same files give the same sample. SERVER_RULES and 404.html are never in it: they are for the server alone.
    """
    files = {path: digest for path, digest in files.items() if path not in (*SERVER_RULES, "404.html")}
    wanted = [path for path in ALWAYS if path in files]
    fresh = [path for path in changed if path in files]
    wanted += _spread(sorted(fresh), size // 2 or 1)
    by_kind: dict[str, list[str]] = {}
    for path in sorted(files):
        by_kind.setdefault(path.rpartition(".")[2], []).append(path)
    for kind in sorted(by_kind):
        wanted += _spread(by_kind[kind], max(1, size // (2 * len(by_kind))))
    return {path: files[path] for path in dict.fromkeys(wanted)}


def gone(ledger: Ledger, files: Collection[str]) -> tuple[str, ...]:
    """The addresses that must not be served: those of the ledger, the latest first, then its files.

    Files of the ledger that are in `files` of the release are left out: another article may show the same photo.
    """
    pages = reversed(ledger.addresses)
    return (*pages, *(file for file in sorted(ledger.files) if file not in files))


def _spread(paths: list[str], count: int) -> list[str]:
    """At most `count` of the paths, evenly spaced."""
    step = max(1, len(paths) // count)
    return paths[::step][:count]


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """A check of the site at `url`, which ends with `/`. `files` come from sample(), `gone` from gone()."""

    url: str
    files: Mapping[str, str]
    gone: tuple[str, ...] = ()

    def mismatches(self, ask: Callable[[str], HttpAnswer] = fetch) -> Iterator[Diagnostic]:
        """The errors: files that are not served as published, and withdrawn addresses that are still served."""
        for path, digest in self.files.items():
            answer = ask(_page_url(self.url, path))
            if answer.status == 410:  # restored, but the server still has its old rules: see diagnostics()
                continue
            if answer.status != 200:
                yield _diagnostic("answer", f"{path} 应能打开，服务器却{answer.shown}", _SERVER, path)
            elif hashlib.sha256(answer.body).hexdigest() != digest:
                yield _diagnostic("content", f"{path} 打开后不是刚发布的内容", _CACHE, path)
        for address in self.gone[:WITHDRAWN_AT_ONCE]:
            answer = ask(_server_url(self.url, address))
            if answer.status not in GONE:
                yield _diagnostic("withdrawn", f"{address} 应已撤下，服务器却{answer.shown}", _WITHDRAWN, address)

    def diagnostics(self, ask: Callable[[str], HttpAnswer] = fetch) -> Iterator[Diagnostic]:
        """The warnings: faults in the server's setup that do not prevent the release from staying online."""
        if ask(self.url + NOWHERE).status != 404:
            message = "打开一个没有的网址，服务器不回答 404"
            yield _diagnostic("no-404", message, _SETUP, NOWHERE, "warning")
        for path in SERVER_RULES:
            if ask(self.url + path).status == 200:
                message = f"服务器把它自己的规则文件 {path} 也公开了"
                yield _diagnostic("rules-public", message, _SETUP, path, "warning")
        for path in self.files:
            if ask(_page_url(self.url, path)).status == 410:
                message = f"{path} 已经恢复，服务器还回答 410"
                yield _diagnostic("still-410", message, _RELOAD, path, "warning")
        without = [name for name in self.gone[:WITHDRAWN_AT_ONCE] if not name.startswith("media/")]
        late = [name for name in without if ask(_server_url(self.url, name)).status == 404]
        if late:
            message = f"撤下的网址 {late[0]} 回答 404，还不是 410（共 {len(late)} 个）"
            yield _diagnostic("not-410", message, _RELOAD, late[0], "warning")


_RELOAD = "请服务器管理员重新加载一次配置（见 docs/server.md）"
_SETUP = "请服务器管理员照 docs/server.md 设置"
_SERVER = "检查服务器的网站文件夹是不是 current、有没有读取权限（见 docs/server.md）"
_CACHE = "服务器或它前面的缓存（CDN、反向代理）可能还留着旧的；照 docs/server.md 设置缓存"
_WITHDRAWN = "这个网址可能还在别的文件夹里，或在服务器前面的缓存（CDN、反向代理）里；请管理员清掉"


def retry_until_clean(
    check: HttpCheck,
    patience: float,
    ask: Callable[[str], HttpAnswer] = fetch,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Diagnostic, ...]:
    """The mismatches that are left after `patience` seconds: caches of a web server may show old files for a moment."""
    ends, pause = time.monotonic() + patience, 0.1
    while True:
        found = tuple(check.mismatches(ask))
        if not found or time.monotonic() + pause > ends:
            return found
        wait(pause)
        pause = min(pause * 2, 2.0)


def _page_url(url: str, path: str) -> str:
    """The URL at which readers ask for a file: for an index page, that of its folder."""
    address = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
    return url + quote(address, safe="/~")


def _server_url(url: str, address: str) -> str:
    """The URL of an address in the ledger. One that begins with `/` is relative to the host, not to the site."""
    plain = quote(address, safe="/%?=&;+,:@!$'()*~")
    if not address.startswith("/"):
        return url + plain
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{plain}"


def _diagnostic(code: str, message: str, hint: str, path: str, severity: Severity = "error") -> Diagnostic:
    return Diagnostic(f"live.{code}", severity, message, hint, path)
