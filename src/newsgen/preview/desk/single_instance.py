"""The desk that is running for a site, so that a second start opens it instead of another one."""

from __future__ import annotations

import http.client
import json
import socket
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from newsgen.build.cache.store import FOLDER
from newsgen.build.output.lock import locked
from newsgen.core.files import read_file, write_private
from newsgen.core.model import Record
from newsgen.preview.desk.access_token import is_private, token_of, unwritable

FILE = "desk.json"
LOCK = "desk.lock"
PORT_FILE = "desk-port"
USUAL_PORT = 8000
START = 15.0
"""Most seconds to wait until a desk that is starting answers."""
PAUSE = 0.1
"""Seconds between two checks whether it answers."""
PATIENCE = 2.0
"""Seconds within which a running desk answers."""
PAGE = "/.newsgen/desk/"
PING = f"{PAGE}ping"


class RunningDesk(Record, frozen=True, array_like=False):
    """A running desk. `address` opens it and includes the token, if any; `instance` is its answer to a ping."""

    address: str
    host: str
    port: int
    pid: int
    instance: str
    is_tls: bool = False


def running(root: Path) -> RunningDesk | None:
    """The desk that is running for the site at `root`; None where the last one has ended, however it ended."""
    try:
        found = msgspec.json.decode(read_file(root / FOLDER / FILE, 10_000, follow=False), type=RunningDesk)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if not _is_own(found, root):
        return None
    connection = _connection(found)
    try:
        connection.request("GET", PING)
        return found if connection.getresponse().read(200).decode("ascii", "replace") == found.instance else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def last_port(root: Path) -> int:
    """The last port of the site's desk, since its pages may still be open there; USUAL_PORT where there was none."""
    try:
        port = int(read_file(root / FOLDER / PORT_FILE, 20, follow=False))
    except (OSError, ValueError):
        return USUAL_PORT
    return port if 0 < port < 65536 else USUAL_PORT


def _is_own(found: RunningDesk, root: Path) -> bool:
    """Whether desk.json was written by a desk of this machine. A site from elsewhere may have one with another address."""
    path = root / FOLDER / FILE
    try:
        address = urlsplit(found.address)
        names = {address.hostname, found.host if found.host not in ("0.0.0.0", "::", "") else address.hostname}
        is_plain = address.scheme == ("https" if found.is_tls else "http") and address.port == found.port
        return (
            is_private(path)
            and is_plain
            and address.path == PAGE
            and address.query in ("", f"token={token_of(root)}")
            and all(name is not None and _is_this_machine(name) for name in names)
        )
    except (OSError, ValueError):
        return False


def _is_this_machine(name: str) -> bool:
    """Whether a host name is one of this machine: a socket can be bound to it."""
    family, kind, protocol, _, address = socket.getaddrinfo(name, 0, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def _connection(found: RunningDesk) -> http.client.HTTPConnection:
    """A connection to a desk on this machine. Its certificate is not checked: it is for names that others use."""
    host = "127.0.0.1" if found.host in ("0.0.0.0", "::", "") else found.host
    if not found.is_tls:
        return http.client.HTTPConnection(host, found.port, timeout=PATIENCE)
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # no secret is sent to it
    return http.client.HTTPSConnection(host, found.port, timeout=PATIENCE, context=context)


@contextmanager
def one_desk(root: Path) -> Iterator[RunningDesk | None]:
    """Give the running desk of the site at `root`; None where there is none, and then no other starts during the block.

    Of two starts at once, only the first makes a desk; the second waits until it answers. Raises HostError.
    """
    with ExitStack() as stack:
        try:
            is_first = stack.enter_context(locked(root / FOLDER / LOCK))
        except OSError as error:
            raise unwritable(LOCK, error) from None
        yield running(root) if is_first else _starting(root)


def open_running(desk: RunningDesk, opens: bool, say: Callable[[str], None]) -> None:
    """Say where a desk is running, and open it in the browser if that is wanted."""
    say(f"写稿台已经开着：{desk.address}")
    if opens:
        webbrowser.open(desk.address)


def _starting(root: Path) -> RunningDesk | None:
    """The desk that another process is starting, or has started; None where it does not answer, and where nothing can be
    locked on this drive.
    """
    ends = time.monotonic() + START
    while (found := running(root)) is None and time.monotonic() < ends:
        time.sleep(PAUSE)
    return found


@contextmanager
def announced(root: Path, desk: RunningDesk) -> Iterator[None]:
    """Announce this desk to other starts, in desk.json, as long as the block runs. Raises HostError."""
    path = root / FOLDER / FILE
    try:
        path.parent.mkdir(exist_ok=True)
        write_private(path, msgspec.json.encode(desk))
        write_private(path.with_name(PORT_FILE), str(desk.port).encode())
    except OSError as error:
        raise unwritable(FILE, error) from None
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if json.loads(path.read_text("utf-8")).get("instance") == desk.instance:
                path.unlink()
