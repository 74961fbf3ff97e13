"""Who may use the desk, and from where.

A token that nobody can guess stands in the address that newsgen opens. It becomes a cookie at once, which other sites cannot
send along (SameSite). Each request must name this machine as its Host, so that no stranger's name leads here (DNS
rebinding); each that writes must come from a page of the desk (Origin), so that no page that is open elsewhere can write.
"""

from __future__ import annotations

import hmac
import os
import secrets
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Literal, NamedTuple

from newsgen.build.cache.store import FOLDER
from newsgen.core.errors import HostError
from newsgen.core.files import read_file, write_private
from newsgen.core.platform import reason
from newsgen.preview.app import Hosts, host_of

SECRET = "desk-secret"
_BYTES = 32
READING = frozenset({"GET", "HEAD"})
Role = Literal["writer", "reviewer", "keeper"]
ROLES: dict[Role, str] = {"writer": "撰稿", "reviewer": "审稿", "keeper": "值守"}


class User(NamedTuple):
    """Who sits at the desk: the name that is kept with each version, and what the person may do."""

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether the person may do what takes at least this role."""
        order = tuple(ROLES)
        return order.index(self.role) >= order.index(least)


class Refusal(NamedTuple):
    """Why a request is not answered: an HTTP status, a code, and what to do instead, in Chinese."""

    status: int
    code: str
    message: str
    hint: str = ""


class Asked(NamedTuple):
    """What of a request decides whether it is answered; `origin` and `fetch_site` are "" where the browser sent none."""

    method: str
    host: str
    origin: str
    fetch_site: str
    cookies: str


class Access:
    """The access to the desk of one person at their own computer."""

    def __init__(self, secret: str, hosts: Hosts, port: int, user: User) -> None:
        self.token = secret
        self._hosts, self._cookie, self._user = hosts, f"newsgen-desk-{port}", user

    def refusal(self, asked: Asked) -> Refusal | None:
        """Why a request is not answered; None: it is."""
        if not self._hosts(host_of(asked.host)):
            return Refusal(421, "host", "这个地址不是写稿台的地址", "请用双击「写稿」时打开的那个网址")
        if asked.method not in READING:
            own = (f"http://{asked.host}", f"https://{asked.host}")
            if asked.origin not in own or asked.fetch_site not in ("", "same-origin"):
                return Refusal(403, "origin", "这个请求不是从写稿台的网页里发出的，没有照办", "请在写稿台里操作")
        if self.user(asked) is None:
            return Refusal(401, "session", "写稿台还不认识这个浏览器", "请双击「写稿」，用它打开的网页")
        return None

    def user(self, asked: Asked) -> User | None:
        """Who sends a request, as its cookie tells; None: nobody that is known."""
        try:
            found = SimpleCookie(asked.cookies).get(self._cookie)
        except CookieError:
            return None
        is_known = found is not None and hmac.compare_digest(found.value.encode(), self._value().encode())
        return self._user if is_known else None

    def is_ours(self, host: str) -> bool:
        """Whether a Host header, without its port, names us."""
        return self._hosts(host)

    def cookie_for(self, token: str, asked: Asked) -> str | None:
        """The Set-Cookie header for who knows the token; None for a wrong one, and for a host that is not ours."""
        if not self._hosts(host_of(asked.host)) or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return f"{self._cookie}={self._value()}; Path=/; HttpOnly; SameSite=Strict"

    def _value(self) -> str:
        """The value of the cookie: the same after a restart, so that a page that is still open goes on."""
        return hmac.new(self.token.encode(), b"session", "sha256").hexdigest()


def kept_secret(root: Path) -> str:
    """The secret of the desk of a site, made on first use and readable by its owner alone. Raises HostError."""
    path = root / FOLDER / SECRET
    try:
        return _read(path) or _made(path)
    except OSError as error:
        hint = "检查磁盘空间，和站点文件夹的写入权限"
        raise HostError(f"写不了 {FOLDER}/{SECRET}：{reason(error)}", hint) from None


def _read(path: Path) -> str:
    """The secret in a file; "" where there is none of our own."""
    try:
        text = read_file(path, 200, follow=False).decode("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    is_private = os.name == "nt" or (path.stat().st_uid == os.getuid() and not path.stat().st_mode & 0o077)
    return text if len(text) >= _BYTES and is_private else ""


def _made(path: Path) -> str:
    secret = secrets.token_urlsafe(_BYTES)
    path.parent.mkdir(exist_ok=True)
    write_private(path, secret.encode("ascii"))
    return secret
