"""What earlier builds found out, kept in `.newsgen/store.db`: parsed files by content hash, and records by name.

SQLite in WAL mode: each write is whole or not at all, and two builds at once do no harm. All of it can be lost at any
time, and nothing in it is believed unseen: every value carries a checksum over its key and bytes, and is decoded as the
type that it must have. A store that is damaged, or was made by another format or version of newsgen, is emptied, and
that is told in one line.
"""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from newsgen.core.platform import reason, unlink
from newsgen.model import Body, Diagnostic, Document

FOLDER = ".newsgen"
NAME = "store.db"
FORMAT = 1
"""To be raised when a value in the store changes its fields or its meaning."""
PAGE = 32768
"""Bytes of a page of the file: most bodies fit into one (with SQLite's usual 4096 a write takes 1.6 times as long)."""
LOT = 200
"""Parsed files in one transaction, about 10 ms. What is committed in small lots stays in one small WAL file, which is used
again and again."""
PATIENCE = 20.0
"""Seconds to wait for another build that is writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS documents (key BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (key BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, data BLOB NOT NULL);
"""
_REFUSALS = frozenset(
    [
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
    ]
)
"""What says that the store cannot be used here and now, and nothing about what is in it."""

Answer = TypeVar("Answer")
Item = TypeVar("Item")
Rows = Sequence[tuple[bytes, ...]]
_encode = msgspec.msgpack.Encoder().encode
_document = msgspec.msgpack.Decoder(Document).decode
_body = msgspec.msgpack.Decoder(Body).decode


class Store:
    """The store of the site at `root`, for builds of one `environment` (fingerprint.environment); `folder` is where it lies
    when not in `.newsgen/`.

    It never raises: a store that cannot be used answers as an empty one does, and `remarks` says so once.
    """

    def __init__(self, root: Path, environment: str, folder: Path | None = None) -> None:
        self.path = (folder or root / FOLDER) / NAME
        self.remarks: list[Diagnostic] = []
        self.environment = environment
        self._identity = _encode((FORMAT, environment))
        self._connection: sqlite3.Connection | None = None
        self._usable = True

    @property
    def is_usable(self) -> bool:
        """Whether what was written can be read again, as far as is known."""
        return self._usable

    @classmethod
    def none(cls) -> Store:
        """A store that knows nothing and keeps nothing."""
        store = cls(Path(), "")
        store._usable = False
        return store

    def close(self) -> None:
        """Let go of the file; the next access opens it again. To be called before a process is forked."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def settle(self) -> None:
        """Move what was written from the log into the file, as SQLite does when the last one closes it: 10 ms."""
        self._ask(lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone(), None)

    def documents(self) -> dict[str, Document]:
        """All parsed files by digest."""

        def read(connection: sqlite3.Connection) -> dict[str, Document]:
            rows = connection.execute("SELECT key, data FROM documents")
            found = (_document(_checked(key, data)) for key, data in rows)
            return {document.digest: document for document in found}

        return self._ask(read, {})

    def document(self, digest: str) -> Document | None:
        """The document `digest`; None where it is not here."""
        key = bytes.fromhex(digest)

        def read(connection: sqlite3.Connection) -> Document | None:
            row = connection.execute("SELECT data FROM documents WHERE key = ?", (key,)).fetchone()
            return _document(_checked(key, row[0])) if row else None

        return self._ask(read, None)

    def body(self, digest: str) -> Body | None:
        """The body of the document `digest`; None where it is not here."""
        key = bytes.fromhex(digest)

        def read(connection: sqlite3.Connection) -> Body | None:
            row = connection.execute("SELECT data FROM bodies WHERE key = ?", (key,)).fetchone()
            return _body(_checked(key, row[0])) if row else None

        return self._ask(read, None)

    def record(self, name: str, form: Any) -> Any:
        """The record `name`, which must be of the type `form`; None where it is not here."""
        key = name.encode("utf-8", "surrogateescape")

        def read(connection: sqlite3.Connection) -> Answer | None:
            row = connection.execute("SELECT data FROM records WHERE key = ?", (key,)).fetchone()
            return msgspec.msgpack.decode(_checked(key, row[0]), type=form) if row else None

        return self._ask(read, None)

    def write_parsed(self, documents: Iterable[Document], bodies: Mapping[str, Body]) -> Iterator[None]:
        """Add parsed files with those of their bodies that are given, a lot at each step."""
        # In the order of the keys, as they will lie in the file: half the time of writing them as they come.
        for lot in _lots(sorted(documents, key=attrgetter("digest"))):
            rows = [_row(bytes.fromhex(item.digest), item) for item in lot]
            large = [
                _row(row[0], bodies[item.digest]) for row, item in zip(rows, lot, strict=True) if item.digest in bodies
            ]
            self._write(
                ("INSERT OR REPLACE INTO documents VALUES (?, ?)", rows),
                ("INSERT OR REPLACE INTO bodies VALUES (?, ?)", large),
            )
            yield

    def write_records(self, records: Mapping[str, object]) -> None:
        """Put records in place, all or none."""
        rows = [_row(name.encode("utf-8", "surrogateescape"), value) for name, value in records.items()]
        self._write(("INSERT OR REPLACE INTO records VALUES (?, ?)", rows))

    def names(self, prefix: str) -> frozenset[str]:
        """The names of all records that begin so."""
        first = prefix.encode("utf-8", "surrogateescape")

        def read(connection: sqlite3.Connection) -> frozenset[str]:
            rows = connection.execute("SELECT key FROM records WHERE key >= ?", (first,))
            return frozenset(key.decode("utf-8", "surrogateescape") for (key,) in rows if key.startswith(first))

        return self._ask(read, frozenset())

    def forget_records(self, names: Iterable[str]) -> None:
        """Drop records."""
        keys = [(name.encode("utf-8", "surrogateescape"),) for name in names]
        self._write(("DELETE FROM records WHERE key = ?", keys))

    def forget(self, digests: Iterable[str]) -> None:
        """Drop parsed files that no file stands for any more."""
        keys = [(bytes.fromhex(digest),) for digest in digests]
        self._write(("DELETE FROM documents WHERE key = ?", keys), ("DELETE FROM bodies WHERE key = ?", keys))

    def _write(self, *statements: tuple[str, Rows]) -> None:
        """Run each statement for its rows, all in one transaction."""

        def write(connection: sqlite3.Connection) -> None:
            for statement, rows in statements:
                connection.executemany(statement, rows)

        self._ask(lambda connection: _transaction(connection, write), None)

    # ------------------------------------------------------------ opening, and what can go wrong

    def _ask(self, action: Callable[[sqlite3.Connection], Answer], otherwise: Answer) -> Answer:
        """What `action` finds; `otherwise` where the store cannot be used."""
        if not self._usable:
            return otherwise
        try:
            if self._connection is None:
                self._connection = self._opened()
            return action(self._connection)
        except _FAULTS as error:
            self._give_up(error)
            return otherwise

    def _opened(self) -> sqlite3.Connection:
        """A connection to a store of our own format and environment; another one's is emptied first."""
        self.path.parent.mkdir(exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            connection.execute(f"PRAGMA page_size = {PAGE}")  # has a say only while the file is new
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # what the power takes away is found by the checksums
            connection.executescript(_TABLES)
            self._claim(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _claim(self, connection: sqlite3.Connection) -> None:
        """Make the store ours."""
        found = connection.execute("SELECT data FROM records WHERE key = ?", (b"",)).fetchone()
        if found and found[0] == self._identity:
            return

        def renew(connection: sqlite3.Connection) -> None:
            for table in ("documents", "bodies", "records"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?)", (b"", self._identity))

        _transaction(connection, renew)
        if found:
            self._note("store.renewed", "newsgen 或它用到的程序库换了版本", "这一次全部重新处理，不用管它")

    def _give_up(self, error: Exception) -> None:
        """Go on without a store. One that is damaged is deleted, so that the next build begins a new one."""
        self._usable = False
        self.close()
        if isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSALS:
            self._note("store.unusable", f"用不了上次生成的记录：{_reason(error)}", "网页照样正确，只是慢一些")
            return
        for suffix in ("", "-wal", "-shm"):
            try:
                unlink(self.path.with_name(NAME + suffix), missing_ok=True)
            except OSError:  # another build has it open (Windows): it will find the damage itself
                break
        self._note("store.damaged", "上次生成的记录坏了，已经丢掉", "这一次全部重新处理，不用管它")

    def _note(self, code: str, message: str, hint: str) -> None:
        self.remarks.append(Diagnostic(code, "info", message, hint, f"{FOLDER}/{NAME}"))


class _Damage(Exception):
    """A value that is not what was written."""


_REASONS: Mapping[int, str] = {
    **dict.fromkeys((sqlite3.SQLITE_FULL, -errno.ENOSPC, -errno.EDQUOT), "磁盘满了，请腾出一些空间"),
    **dict.fromkeys((sqlite3.SQLITE_READONLY, -errno.EROFS, -errno.EACCES, -errno.EPERM), f"{FOLDER} 文件夹不能写"),
    **dict.fromkeys((sqlite3.SQLITE_CANTOPEN, -errno.EEXIST, -errno.ENOTDIR), f"打不开 {FOLDER} 里的文件"),
    **dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), "别的 newsgen 一直在用它"),
    **dict.fromkeys((sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH), "没有权限"),
}
"""Why a store refuses, in people's words: by SQLite's code, and by errno as a negative number."""


def _reason(error: Exception) -> str:
    code = -(error.errno or 0) if isinstance(error, OSError) else getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _REASONS.get(code) or (reason(error) if isinstance(error, OSError) else f"SQLite 报错，编号 {code}")


_FAULTS = (sqlite3.Error, msgspec.MsgspecError, UnicodeDecodeError, _Damage, OSError)
"""All that may be wrong with a store; sqlite3 cannot even tell it where its words hold bytes of a damaged file."""


def _lots(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while lot := list(islice(rest, LOT)):
        yield lot


def _row(key: bytes, value: Any) -> tuple[bytes, bytes]:
    data = _encode(value)
    return key, zlib.crc32(data, zlib.crc32(key)).to_bytes(4, "big") + data


def _checked(key: object, data: object) -> memoryview:
    """The value's bytes. Raises _Damage where they are not those that were written under this key."""
    if not (isinstance(key, bytes) and isinstance(data, bytes)):  # damage may change the type as well
        raise _Damage
    value = memoryview(data)[4:]
    if zlib.crc32(value, zlib.crc32(key)) != int.from_bytes(data[:4], "big"):
        raise _Damage
    return value


def _transaction(connection: sqlite3.Connection, write: Callable[[sqlite3.Connection], object]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        write(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
