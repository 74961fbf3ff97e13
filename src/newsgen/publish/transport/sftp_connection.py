"""A connection for SFTP: its event loop in a thread of its own, authentication, and the messages for its errors."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncssh

from newsgen.config.model import Target
from newsgen.publish.transport.errors import TransportError, from_system, from_words
from newsgen.publish.transport.keys import key_path, key_text
from newsgen.publish.transport.sftp_tree import TimedClient

CONNECT = 20
"""Seconds allowed for each of these: to connect, to log in, and to start SFTP."""
KEEPALIVE = 10
"""Seconds of silence after which the server is sent a keepalive; the connection ends after three without an answer."""
CLOSE = 10
"""Seconds that a connection has to close."""
_READ_ONLY = 1
"""The bit ST_RDONLY in the answer of statvfs@openssh.com."""

T = TypeVar("T")

asyncssh.set_log_level("CRITICAL")  # newsgen itself reports errors


class SftpConnection:
    """A connection to a target's server. Coroutines run by wait() use its client `sftp`."""

    def __init__(self, root: Path, target: Target) -> None:
        """Connect. Raises TransportError."""
        self._shown, self._root, self._target, self._is_open = target.shown, root, target, False
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_unheard)
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()
        try:
            self._connection, self.sftp = self.wait(self._connected())
            self._is_open = True
        except (asyncssh.Error, OSError, ValueError) as error:
            self._end()
            raise self.translated(error) from None
        except BaseException:
            self._end()
            raise

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the connection's event loop; return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _connected(self) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
        """Connect to a server whose host key is known, by a private key; passwords are never tried."""
        target, keys = self._target, dict[str, Any]()
        if target.key_env:
            keys = {"client_keys": [asyncssh.import_private_key(key_text(target.key_env))], "agent_path": None}
        elif target.key:
            keys = {"client_keys": [self._file(target.key, "publish.bad-key")]}
        known = {}
        if target.known_hosts:
            known = {"known_hosts": self._file(target.known_hosts, "publish.unknown-host-key")}
        options = asyncssh.SSHClientConnectionOptions(
            username=target.user or (),
            preferred_auth="publickey",
            compression_algs=["zlib@openssh.com", "none"],
            connect_timeout=CONNECT,
            login_timeout=CONNECT,
            keepalive_interval=KEEPALIVE,
            keepalive_count_max=3,
            **known,
            **keys,
        )
        try:
            connection = await asyncssh.connect(target.host, target.port, options=options)
        except (asyncssh.ConnectionLost, ConnectionResetError, BrokenPipeError):
            if await self._has_other_key():
                raise asyncssh.HostKeyNotVerifiable("another kind of host key") from None
            raise
        sftp = await asyncio.wait_for(connection.start_sftp_client(path_errors="surrogateescape"), CONNECT)
        return connection, cast(asyncssh.SFTPClient, TimedClient(sftp))

    async def _has_other_key(self) -> bool:
        """Whether the server has a host key, but none of the kinds in the user's known_hosts.

        A server that has no key of the requested kind closes the connection without an answer.
        """
        target = self._target
        kinds = sorted({kind.decode("ascii") for key in self._known_keys() for kind in key.sig_algorithms})
        if not kinds or await _host_key(target, server_host_key_algs=kinds):
            return False
        return await _host_key(target) is not None

    def _file(self, name: str, code: str) -> str:
        """The path of a file named in site.yaml. Raises TransportError (`code`) if there is none."""
        path = key_path(self._root, name)
        if not path.is_file():
            raise TransportError(code, self._shown, str(path))
        return str(path)

    def close(self) -> None:
        """Close the connection."""
        try:
            self.wait(self._closed())
        finally:
            self._end()

    async def _closed(self) -> None:
        self._connection.close()
        try:
            await asyncio.wait_for(self._connection.wait_closed(), CLOSE)
        except (asyncssh.Error, OSError):  # the server is gone
            self._connection.abort()
            await asyncio.sleep(0)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _live(self) -> None:
        """Run the connection's loop until _end()."""
        self._loop.run_forever()
        self._loop.run_until_complete(_cancelled())

    def translated(self, error: Exception) -> TransportError:
        """The TransportError for an error of asyncssh or of the system."""
        words = str(error)
        match error:
            case asyncssh.HostKeyNotVerifiable():
                return TransportError(f"publish.{'changed' if self._known_keys() else 'unknown'}-host-key", self._shown)
            case asyncssh.KeyExchangeFailed() if "host key" in words.lower():  # the server now has another kind of key
                return TransportError(f"publish.{'changed' if self._known_keys() else 'unknown'}-host-key", self._shown)
            case asyncssh.PermissionDenied():
                return TransportError("publish.denied-key", self._shown)
            case asyncssh.KeyImportError() | asyncssh.KeyEncryptionError():
                return TransportError("publish.bad-key", self._target.key or self._target.key_env or self._shown, words)
            case asyncssh.SFTPPermissionDenied():
                return TransportError("publish.not-permitted", self._shown, words)
            case asyncssh.SFTPFailure():
                return self._failure(words)
            case asyncssh.SFTPConnectionLost() | asyncssh.DisconnectError() | asyncssh.SFTPNoConnection():
                return TransportError("publish.cut", self._shown, words)
            case socket.gaierror():
                return TransportError("publish.no-such-host", self._shown)
            case TimeoutError():
                return TransportError("publish.silent" if self._is_open else "publish.unreachable", self._shown)
            case OSError():
                return from_system(error, self._shown)
            case ValueError() if self._is_open:
                return TransportError("publish.strange-answer", self._shown, words)
        return from_words(words, self._shown)

    def _known_keys(self) -> list[asyncssh.SSHKey]:
        """The keys of this host in the user's known_hosts."""
        target = self._target
        file = key_path(self._root, target.known_hosts or "~/.ssh/known_hosts")
        try:
            return list(asyncssh.read_known_hosts(str(file)).match(target.host, "", target.port)[0])
        except (OSError, ValueError):
            return []

    def _failure(self, words: str) -> TransportError:
        """The TransportError for SFTP's general failure: the state of the disk tells which error it is."""
        try:
            disk = self.wait(self.sftp.statvfs(self._target.path))
        except (asyncssh.Error, OSError):
            return TransportError("publish.failed", self._shown, words)
        if disk.flags & _READ_ONLY:
            return TransportError("publish.read-only", self._shown)
        return TransportError(
            "publish.failed" if disk.bavail and disk.favail else "publish.no-space", self._shown, words
        )


async def _host_key(target: Target, **options: Any) -> asyncssh.SSHKey | None:
    """The host key that a server shows before login; None if it shows none."""
    try:
        asked = asyncssh.get_server_host_key(target.host, target.port, **options)
        return await asyncio.wait_for(asked, CONNECT)
    except (asyncssh.Error, OSError):
        return None


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Ignore errors of asyncssh's own tasks when a connection is lost: the current operation raises one, too."""


async def _cancelled() -> None:
    """Cancel all tasks of this loop."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
