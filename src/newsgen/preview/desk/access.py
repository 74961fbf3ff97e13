"""Access to the desk: who may use it, and from where.

A token that nobody can guess stands in the address that newsgen opens. It becomes a cookie at once, which other sites cannot
send along (SameSite). Each request must name this machine as its Host, so that no stranger's name leads here (DNS
rebinding); each that writes must come from a page of the desk (Origin), so that no page that is open elsewhere can write.
"""

from __future__ import annotations

import hmac
from typing import NamedTuple

from starlette.requests import cookie_parser

from newsgen.config.people import ROLES, Role
from newsgen.preview.app import Hosts, host_of

READING = frozenset({"GET", "HEAD"})
NEEDS: dict[str, Role] = {
    "sign": "reviewer",
    "receive": "keeper",
    "receive/confirm": "keeper",
    "publish": "keeper",
}
"""What of the API takes more than a writer, by its path, whatever the method. All else is for all who may use the desk."""


class User(NamedTuple):
    """The user of the desk: the name that is kept with each version, and the role."""

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether the person may do what takes at least this role."""
        order = tuple(ROLES)
        return order.index(self.role) >= order.index(least)


class Refusal(NamedTuple):
    """The refusal of a request: an HTTP status, a code, and what to do instead, in Chinese."""

    status: int
    code: str
    message: str
    hint: str = ""


FOREIGN_PAGE = Refusal(403, "origin", "这个请求不是从写稿台的网页里发出的，没有照办", "请在写稿台里操作")


class AccessRequest(NamedTuple):
    """The parts of a request by which access is decided; `origin` and `fetch_site` are "" where the browser sent none.

    `address` is that of the machine which asks, `day` is today.
    """

    method: str
    host: str
    origin: str
    fetch_site: str
    cookies: str
    address: str = ""
    day: str = ""


class Access:
    """The access to the desk of one person at their own computer.

    A cookie knows no ports: who may run a server of their own on this machine and gets the person to open it reads the
    cookie. On a machine that several people use at once, a desk takes passwords and a certificate.
    """

    signs_in = False
    """Whether people sign in with a password."""

    def __init__(self, token: str, hosts: Hosts, port: int, user: User, is_tls: bool = False) -> None:
        self.token = token
        self._hosts, self._user = hosts, user
        self._scheme = "https" if is_tls else "http"
        self._cookie = f"{'__Host-' if is_tls else ''}newsgen-desk-{port}"  # RFC 6265bis: nobody else can set this one

    def refusal(self, request: AccessRequest, is_api: bool = False) -> Refusal | None:
        """The refusal of a request; None: it is answered. The API answers no page of elsewhere, whatever it asks."""
        if not self._hosts(host_of(request.host)):
            return Refusal(421, "host", "这个地址不是写稿台的地址", "请用双击“写稿”时打开的那个网址")
        is_writing = request.method not in READING
        if (is_writing and not self.is_own_page(request)) or (
            is_api and request.fetch_site not in ("", "same-origin", "none")
        ):
            return FOREIGN_PAGE
        if self.user(request) is None:
            hint = "请重新登录" if self.signs_in else "请双击“写稿”，用它打开的网页"
            return Refusal(401, "session", "写稿台还不认识这个浏览器", hint)
        return None

    def is_own_page(self, request: AccessRequest) -> bool:
        """Whether a page of the desk sends a request, as the browser says."""
        own = {f"{scheme}://{request.host}" for scheme in (self._scheme, "https")}  # a proxy may have the certificate
        return request.origin in own and request.fetch_site in ("", "same-origin")

    def user(self, request: AccessRequest) -> User | None:
        """The user who sends a request, by its cookie; None: nobody that is known."""
        found = self.cookie_of(request)
        is_known = found is not None and hmac.compare_digest(found.encode(), self._value().encode())
        return self._user if is_known else None

    def is_ours(self, host: str) -> bool:
        """Whether a Host header, without its port, names us."""
        return self._hosts(host)

    def cookie_for(self, token: str, request: AccessRequest) -> str | None:
        """The Set-Cookie header for who knows the token; None for a wrong one, and for a host that is not ours."""
        if not self._hosts(host_of(request.host)) or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return self.set_cookie(self._value(), request)

    def cookie_of(self, request: AccessRequest) -> str | None:
        """The value of our cookie in a request."""
        return cookie_parser(request.cookies).get(self._cookie)  # whatever the cookies of other programs look like

    def set_cookie(self, value: str, request: AccessRequest, more: str = "") -> str:
        """The Set-Cookie header of a value. Behind a proxy that has the certificate, only the page knows that it came over TLS."""
        secure = "Secure; " if self._scheme == "https" or request.origin.startswith("https://") else ""
        return f"{self._cookie}={value}; Path=/; {more}{secure}HttpOnly; SameSite=Strict"

    def _value(self) -> str:
        """The value of the cookie: the same after a restart, so that a page that is still open goes on."""
        return hmac.new(self.token.encode(), b"session", "sha256").hexdigest()
