"""Access to a desk on a network: people sign in with a password, and people.yaml gives them a role.

Sessions are only in memory. A restart, a new password, or the removal of the name from the password file ends them.
"""

from __future__ import annotations

import secrets
import time
import unicodedata
from html import escape
from math import ceil
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

from newsgen.config.people import PEOPLE, ROLES, Person, Role
from newsgen.config.site_yaml import checking, read
from newsgen.core.errors import NewsgenError
from newsgen.preview.app import Hosts
from newsgen.preview.desk.access import Access, AccessRequest, Refusal, User
from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.throttle import Clock, Throttle

LASTS, IDLE = 12 * 3600.0, 4 * 3600.0
"""Most seconds that a session lasts, and that it may be unused."""
MOST_SESSIONS = 1000
MOST_FORM = 4_000
"""Most bytes of the form."""


class _SignedIn(NamedTuple):
    """A session: the person, the hash of the password that was used, and the times of its beginning and its last use."""

    name: str
    kept: str
    began: float
    used: float


class PasswordAccess(Access):
    """The access to a desk of people who sign in."""

    def __init__(
        self, root: Path, passwords: PasswordFile, hosts: Hosts, port: int, is_tls: bool, clock: Clock = time.monotonic
    ) -> None:
        super().__init__(secrets.token_urlsafe(32), hosts, port, User("", "writer"), is_tls)
        self.signs_in = True
        self._passwords, self._clock = passwords, clock
        self._roster = Roster(root)
        self._sessions: dict[str, _SignedIn] = {}
        self._throttle = Throttle(clock)

    def user(self, request: AccessRequest) -> User | None:
        """The user who sends a request: the person of its session, with the role that people.yaml gives today."""
        token = self.cookie_of(request)
        session = self._sessions.get(token or "")
        now = self._clock()
        if token is None or session is None:
            return None
        is_over = now - session.began > LASTS or now - session.used > IDLE
        if is_over or self._passwords.known_hash_of(session.name) != session.kept:
            del self._sessions[token]
            return None
        self._sessions[token] = session._replace(used=now)
        return User(session.name, self._roster.role_of(session.name, request.day))

    def cookie_for(self, token: str, request: AccessRequest) -> str | None:
        """None: no token in an address opens this desk."""
        return None

    def knows(self, name: str) -> bool:
        """Whether somebody of this name has a password."""
        return self._passwords.known_hash_of(name) is not None

    def sign_in(self, form: bytes, request: AccessRequest) -> tuple[str, str] | Refusal:
        """The name and the Set-Cookie header of a new session for the right password, else the refusal. Slow (scrypt)."""
        name = name_in(form)
        wait = self._throttle.wait(name, request.address)
        if wait:
            return Refusal(429, "wait", f"{wait.why}，请等 {ceil(wait.seconds)} 秒再试")
        kept = self._passwords.hash_of(name)
        if not self._passwords.fits(name, _field(form, "password")) or kept is None:
            self._throttle.failed(name, request.address)
            return Refusal(403, "password", "姓名或密码不对", "忘了密码，请网站管理员重新设一个")
        self._throttle.succeeded(name, request.address)
        self.sign_out(request)
        if len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[min(self._sessions, key=lambda item: self._sessions[item].used)]
        token, now = secrets.token_urlsafe(32), self._clock()
        self._sessions[token] = _SignedIn(name, kept, now, now)
        return name, self.set_cookie(token, request)

    def sign_out(self, request: AccessRequest) -> str:
        """End the session of a request; return the Set-Cookie header that removes its cookie."""
        self._sessions.pop(self.cookie_of(request) or "", None)
        return self.set_cookie("", request, "Max-Age=0; ")


def name_in(form: bytes) -> str:
    """The name that was typed into the form."""
    return unicodedata.normalize("NFC", " ".join(_field(form, "name").split()))[:100]


def _field(form: bytes, name: str) -> str:
    try:
        fields = parse_qs(form.decode("utf-8", "replace"), max_num_fields=10, keep_blank_values=True)
    except ValueError:  # more fields than the form has
        return ""
    return fields.get(name, [""])[-1]


class Roster:
    """The roles in people.yaml of the site at `root`. The file is read again when it changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources: tuple[bytes, bytes] | None = None
        self._file = ""
        self._people: tuple[Person, ...] = ()

    def role_of(self, name: str, day: str) -> Role:
        """The highest role of a person on this day; writer where they have none."""
        try:
            self._renew()
        except NewsgenError:  # with a faulty roster all are writers; `newsgen check` reports it
            self._sources, self._people = None, ()
        roles: list[Role] = [item.role for item in self._people if item.role and item.name == name and item.holds(day)]
        return max(roles, key=tuple(ROLES).index, default="writer")

    def _renew(self) -> None:
        settings = read(self._root)
        if self._sources is None or self._sources[0] != settings:
            self._file = checking(settings).people
        people = PEOPLE.read(self._root, self._file)
        if self._sources != (settings, people):
            self._people = PEOPLE.parse(self._file, people)
            self._sources = (settings, people)


def sign_in_page(site: str, refusal: Refusal | None) -> str:
    """The page with the sign-in form, and with the refusal where there was one."""
    fault = f'<p class="fault" role="alert">{escape(refusal.message)}。{escape(refusal.hint)}</p>' if refusal else ""
    return _PAGE.format(site=escape(site), fault=fault)


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 - 写稿台</title>
<link rel="stylesheet" href="client/desk.css">
<link rel="stylesheet" href="client/hand_over.css">
</head>
<body class="sign-in">
<main>
<h1>写稿台</h1>
<p>{site}</p>
{fault}<form method="post" action="sign-in">
<p class="field"><label for="name">姓名</label> <input id="name" name="name" value="" autocomplete="username" required autofocus></p>
<p class="field"><label for="password">密码</label> <input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button class="main">登录</button></p>
</form>
</main>
</body>
</html>
"""
