"""`newsgen serve`: a free port, the messages for the terminal, and a server that ends with Ctrl-C.

The server is uvicorn: it answers 1.5 times as many requests as hypercorn and starts sooner. aiohttp is as fast, but takes
twice as long to start. The standard library's server starts soonest, but answers 22 requests a second on one connection.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import uvicorn

from newsgen.config.site_yaml import FILE_NAME
from newsgen.core.errors import HostError, UsageError
from newsgen.core.platform import MODERN, Console, new_event_loop
from newsgen.pages.qrcode import qr_lines
from newsgen.preview.app import Hosts, PreviewApp
from newsgen.preview.loop import Preview
from newsgen.preview.protocol import TimedProtocol

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = 50
"""Number of ports that are tried, one after another."""
GRACE = 2
"""Seconds that running answers have to finish when the server stops."""
CLOSING = 5
"""Seconds that answers which were cut off after GRACE have to close their files."""

BUSY = frozenset({errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1), errno.EACCES})

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BindAddress:
    """The host and port to listen at, as typed."""

    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOCAL


def serve(root: Path, bind: BindAddress, opens: bool, say: Say, console: Console = MODERN) -> None:
    """Serve the preview of the site at `root` until Ctrl-C. `say` prints a line on `console`.

    Raises HostError where no port is free, UsageError for a host that is not this machine's.
    """
    listening = listen(bind)
    with listening:
        preview = Preview(root)
        server = Served(preview, listening, bind)
        with interruptible(server.stop):
            for line in greeting(bind, server.address, server.port, console):
                say(line)
            run(server, server.address if opens else None, say)
        say("预览已结束。")


def run(server: Served, opened: str | None, say: Say) -> None:
    """Run a preview with its server until it is stopped; `opened` is the address to open in the browser, if any."""
    preview = server.preview
    root = preview.session.root
    if not (root / FILE_NAME).exists():
        say(f"这里还没有网站：{root} 里没有 {FILE_NAME}。多半是文件夹不对：用 -C 指明网站的文件夹，再运行一次。")
    preview.open()
    if opened:
        Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
    if preview.polls:
        say(f"{preview.polls}，所以每隔一会儿自己去看一遍文件；保存以后要稍等一下。")
    try:
        server.run()
    finally:
        preview.close()


@contextmanager
def interruptible(stop: Callable[[], None], signals: Iterable[signal.Signals] = (signal.SIGINT,)) -> Iterator[None]:
    """Make Ctrl-C (or other `signals`) only call `stop` during the block, also before the server runs and while it ends."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Certificate(NamedTuple):
    """The files of a certificate and its private key, in PEM."""

    file: Path
    key: Path


class Served:
    """A preview with its server. `made` makes the web application. With a `certificate` the server speaks TLS.

    `names` are further host names of the machine; the first of them, if any, is used in `address`.
    """

    def __init__(
        self,
        preview: Preview,
        listening: socket.socket,
        bind: BindAddress,
        made: Callable[[Preview, Hosts], PreviewApp] = PreviewApp,
        certificate: Certificate | None = None,
        names: Iterable[str] = (),
    ) -> None:
        self.preview = preview
        self.port: int = listening.getsockname()[1]
        shown = next(iter(names), _shown_host(bind))
        self.address = f"{'https' if certificate else 'http'}://{shown}:{self.port}/"
        self._listening = listening
        self._site = made(preview, hosts(bind, names))
        config = uvicorn.Config(
            self._site.application,
            http=TimedProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            backlog=100,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            ssl_certfile=certificate.file if certificate else None,
            ssl_keyfile=certificate.key if certificate else None,
        )
        self._server = _Server(config, self._site.end_streams)

    def run(self) -> None:
        """Answer requests until stop(), or Ctrl-C."""
        # These logs would only report requests that are not HTTP, files replaced while they are sent, and (asyncio on
        # Windows) connections reset before they were accepted. Errors of newsgen itself are shown in the page.
        for name in ("uvicorn.error", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(self._server.serve([self._listening]))

    def stop(self) -> None:
        """Tell the server to end soon. May be called from any thread."""
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """A server that first ends the streams of events, then waits for answers, then aborts the connections that are left."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)
        # uvicorn has cancelled the answers that are left, but their sockets are open, and their files until each has ended.
        while left := list(self.server_state.connections):
            for connection in left:
                connection.transport.abort()
            await asyncio.sleep(0)
        if answers := list(self.server_state.tasks):
            await asyncio.wait(answers, timeout=CLOSING)


# ---------------------------------------------------------------- addresses


def listen(bind: BindAddress) -> socket.socket:
    """A listening socket at the first free port from `bind.port` on; for 0, at any free port.

    Raises HostError where there is none, UsageError for a host that is not this machine's.
    """
    try:
        family, *_, target = socket.getaddrinfo(bind.host, bind.port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise UsageError(f"不认识这个主机名：{bind.host}", "例如：--host 0.0.0.0，让办公室里的手机也能打开") from None
    for port in range(bind.port, min(bind.port + PORTS, 65536)) if bind.port else (0,):
        listening = socket.socket(family)
        try:
            if sys.platform == "win32":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((target[0], port, *target[2:]))
            listening.listen(128)
        except OSError as error:
            listening.close()
            if error.errno not in BUSY:
                message = f"这台电脑没有 {bind.host} 这个地址"
                raise UsageError(message, "要让办公室里的手机打开，用 --host 0.0.0.0") from None
            continue
        return listening
    last = bind.port + PORTS - 1
    raise HostError(f"端口 {bind.port} 到 {last} 都被占用了", "用 --port 换一个，例如：--port 9000")


def hosts(bind: BindAddress, others: Iterable[str] = ()) -> Hosts:
    """A function that tells whether a host name is one of this machine's: its own names and `others`.

    On an office network it accepts every IP address as well: DNS rebinding works only through names.
    """
    names = {*LOCAL, bind.host.lower(), *(name.lower() for name in others)}
    if not bind.is_local:
        own = socket.gethostname().lower()
        names |= {own, f"{own}.local", own.partition(".")[0]}

    def is_ours(host: str) -> bool:
        return host in names or (not bind.is_local and _is_number(host))

    return is_ours


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _shown_host(bind: BindAddress) -> str:
    host = _office_address(bind.host) if bind.host in ("0.0.0.0", "::", "") else bind.host
    return f"[{host}]" if ":" in host else host


def _office_address(host: str) -> str:
    """The address of this machine on the office network, 127.0.0.1 without one. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("2001:db8::1", 9) if ":" in host else ("192.0.2.1", 9))  # RFC 3849, RFC 5737: unused
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def greeting(bind: BindAddress, address: str, port: int, console: Console = MODERN) -> Iterator[str]:
    """The lines to print at the start, with a QR code where the console can draw one."""
    if bind.port not in (0, port):
        yield f"端口 {bind.port} 被别的程序占用，改用 {port}。"
    yield f"预览：{address}"
    if not bind.is_local:
        symbol = qr_lines(address, console.narrow_blocks) if console.has_colours else []
        yield from symbol
        way = "扫上面的二维码" if symbol else "打开上面的网址"
        yield f"办公室里的手机{way}就能看到。同一网络里的人都能看到草稿，用完请按 Ctrl-C 关掉。"
    yield "写好保存，浏览器里马上就变。要结束，按 Ctrl-C。"
