"""The store, `.newsgen/store.db`: parsed files by content hash, and records by name.

SQLite in WAL mode: each write is whole or not at all, and two builds at once do no harm. All of it may be lost at any
time, and all of it is checked: every value carries a checksum over its key and bytes, and is decoded as the type that
it must have. A store that is damaged, or of another format or version of newsgen, is emptied, with a diagnostic.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from newsgen.build.cache.rows import CorruptRecord, checked, row_of, runs_nothing
from newsgen.core.files import FileRefused, check_regular
from newsgen.core.model import Body, Diagnostic, Document
from newsgen.core.platform import is_link, reason, unlink

FOLDER = ".newsgen"
NAME = "store.db"
SUFFIXES = ("", "-wal", "-shm")
"""Suffixes of the store's files: its own, SQLite's log and index."""
FORMAT = 1
"""To be raised when a value in the store changes its fields or its meaning."""
PAGE = 32768
"""Bytes of a page of the file: most bodies fit into one (with SQLite's usual 4096 a write takes 1.6 times as long)."""
LOT = 200
"""Parsed files in one transaction, about 10 ms. For small ones SQLite uses the same small WAL file again."""
SLACK, SPARE = 0.25, 500
"""Parsed files that sweep() leaves though their files are gone: a share of the others, and this many."""
TIMEOUT = 20.0
"""Seconds to wait for another build that is writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS documents (key BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS bodies (key BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, data BLOB NOT NULL);
"""
TABLES = frozenset({"documents", "bodies", "records"})
_REFUSALS = frozenset(
    [
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
    ]
)
"""SQLite's codes for a store that cannot be used here and now; its content may be sound."""

Answer = TypeVar("Answer")
Rows = Sequence[tuple[bytes, ...]]
_encode = msgspec.msgpack.Encoder().encode
_document = msgspec.msgpack.Decoder(Document).decode
_body = msgspec.msgpack.Decoder(Body).decode


class Store:
    """The store of the site at `root`, for builds of one `environment` (core.digest.environment()), in `folder` or else
    in `.newsgen/`.

    It never raises: a store that cannot be used answers as an empty one does, and `diagnostics` says so once.
    """

    def __init__(self, root: Path, environment: str, folder: Path | None = None) -> None:
        self.path = (folder or root / FOLDER) / NAME
        self.diagnostics: list[Diagnostic] = []
        self.environment = environment
        self._identity = _encode((FORMAT, environment))
        self._connection: sqlite3.Connection | None = None
        self._usable = True

    @property
    def is_usable(self) -> bool:
        """Whether what was written can be read again, as far as is known."""
        return self._usable

    @property
    def folder(self) -> Path | None:
        """The folder of the store, where other things are kept as well; None where nothing is kept."""
        return self.path.parent if self._usable else None

    @classmethod
    def disabled(cls) -> Store:
        """A store that is empty and stays empty."""
        store = cls(Path(), "")
        store._usable = False
        return store

    def close(self) -> None:
        """Close the file; the next access opens it again. Must be called before a process is forked."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def documents(self) -> dict[str, Document]:
        """All parsed files by digest."""
        found = self._values("documents", None, _document, runs_nothing)
        return {document.digest: document for document in found.values()}

    def document(self, digest: str) -> Document | None:
        """The document `digest`; None where the store does not have it."""
        key = bytes.fromhex(digest)
        return self._values("documents", [key], _document, runs_nothing).get(key)

    def body(self, digest: str) -> Body | None:
        """The body of the document `digest`, as far as its page shows it; None where the store does not have it."""
        key = bytes.fromhex(digest)
        return self._values("bodies", [key], _body).get(key)

    def record(self, name: str, form: Any) -> Any:
        """The record `name`, which must be of the type `form`; None where the store does not have it."""
        return self._values("records", [_key(name)], msgspec.msgpack.Decoder(form).decode).get(_key(name))

    def cached(self, name: str, key: str, form: Any, make: Callable[[], Any]) -> Any:
        """A value of the type `form` that is made of what has the digest `key`: that of the record, or else made and kept."""
        found = self.record(name, tuple[str, form])
        if found is None or found[0] != key:
            found = key, make()
            self.write_records({name: found})
        return found[1]

    def safe_record(self, name: str, form: Any) -> Any:
        """The record `name` as in record(), for addresses on pages: None also where one of them may run a script."""
        return self.safe_records([name], form).get(name)

    def safe_records(self, names: Iterable[str], form: Any) -> dict[str, Any]:
        """Several records as in safe_record(), by name; those that the store does not have are left out."""
        found = self._values("records", map(_key, names), msgspec.msgpack.Decoder(form).decode, runs_nothing)
        return {_name(key): value for key, value in found.items()}

    def _values(
        self,
        table: str,
        keys: Iterable[bytes] | None,
        decode: Callable[[memoryview], Answer],
        is_safe: Callable[[object], bool] = lambda _: True,
    ) -> dict[bytes, Answer]:
        """The safe values of a table under these keys, or under all."""
        select = f"SELECT key, data FROM {table}"

        def read(connection: sqlite3.Connection) -> dict[bytes, Answer]:
            rows: Iterable[tuple[bytes, bytes]] = (
                connection.execute(select)
                if keys is None
                else (row for key in sorted(keys) for row in connection.execute(f"{select} WHERE key = ?", (key,)))
            )
            return {key: decode(checked(key, data)) for key, data in rows if is_safe(data)}

        return self._ask(read, {})

    def write_parsed(self, documents: Sequence[Document], bodies: Mapping[str, Body]) -> None:
        """Add parsed files, with those of their bodies that are in `bodies`. Of a body, only what its page shows is kept: with
        its plain text it would be twice as large.
        """
        rows = [row_of(bytes.fromhex(item.digest), item) for item in documents]
        found = ((item.digest, bodies[item.digest]) for item in documents if item.digest in bodies)
        large = [row_of(bytes.fromhex(digest), Body(body.chunks, body.references)) for digest, body in found]
        self._write(
            ("INSERT OR REPLACE INTO documents VALUES (?, ?)", rows),
            ("INSERT OR REPLACE INTO bodies VALUES (?, ?)", large),
        )

    def write_records(self, records: Mapping[str, object]) -> None:
        """Write records, all or none."""
        rows = [row_of(_key(name), value) for name, value in records.items()]
        self._write(("INSERT OR REPLACE INTO records VALUES (?, ?)", rows))

    def names(self, prefix: str) -> frozenset[str]:
        """The names of all records that begin with `prefix`."""
        first = _key(prefix)

        def read(connection: sqlite3.Connection) -> frozenset[str]:
            rows = connection.execute("SELECT key FROM records WHERE key >= ?", (first,))
            return frozenset(_name(key) for (key,) in rows if key.startswith(first))

        return self._ask(read, frozenset())

    def forget_records(self, names: Iterable[str]) -> None:
        """Drop records."""
        self._write(("DELETE FROM records WHERE key = ?", sorted((_key(name),) for name in names)))

    def sweep(self, digests: Collection[str]) -> None:
        """Drop parsed files whose digest is none of `digests`, once there are many of them."""
        if self._ask(_count, 0) <= len(digests) * (1 + SLACK) + SPARE:
            return
        kept = set(map(bytes.fromhex, digests))
        nothing: list[tuple[bytes]] = []
        gone = [row for row in self._ask(_keys, nothing) if row[0] not in kept]
        for start in range(0, len(gone), LOT):
            lot = gone[start : start + LOT]
            self._write(("DELETE FROM documents WHERE key = ?", lot), ("DELETE FROM bodies WHERE key = ?", lot))

    def settle(self) -> None:
        """Move what SQLite has in its log into the file, as close() does: a process that has nothing else to do."""
        self._ask(lambda connection: connection.execute("PRAGMA wal_checkpoint").fetchone(), None)

    def empty(self) -> None:
        """Drop everything, so that nothing is used which an earlier build, or somebody else, has left."""
        self._ask(lambda connection: _transaction(connection, self._renew), None)

    def _write(self, *statements: tuple[str, Rows]) -> None:
        """Run each statement for its rows, all in one transaction."""

        def write(connection: sqlite3.Connection) -> None:
            for statement, rows in statements:
                connection.executemany(statement, rows)

        self._ask(lambda connection: _transaction(connection, write), None)

    # ------------------------------------------------------------ opening, and what can go wrong

    def _ask(self, action: Callable[[sqlite3.Connection], Answer], otherwise: Answer) -> Answer:
        """The result of `action`; `otherwise` where the store cannot be used."""
        if not self._usable:
            return otherwise
        try:
            if self._connection is None:
                self._connection = self._opened()
            return action(self._connection)
        except _FAULTS as error:
            self._disable(error)
            return otherwise

    def _opened(self) -> sqlite3.Connection:
        """A connection to a store of our own format and environment; another one's is emptied first."""
        self.path.parent.mkdir(exist_ok=True)
        self._refuse_links()
        connection = sqlite3.connect(self.path, timeout=TIMEOUT, isolation_level=None)
        try:
            self._refuse_others(connection)
            connection.execute(f"PRAGMA page_size = {PAGE}")  # counts only while the file is new
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # the checksums find what a power failure destroys
            connection.executescript(_TABLES)
            self._initialise(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _initialise(self, connection: sqlite3.Connection) -> None:
        """Empty a store of another format or environment, and write its identity."""
        found = connection.execute("SELECT data FROM records WHERE key = ?", (b"",)).fetchone()
        if found and found[0] == self._identity:
            return
        _transaction(connection, self._renew)
        if found:
            self._note("store.renewed", "newsgen 或它用到的程序库换了版本", "这一次全部重新处理，不用管它")

    def _renew(self, connection: sqlite3.Connection) -> None:
        for table in sorted(TABLES):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?)", (b"", self._identity))

    def _refuse_links(self) -> None:
        """Raises FileRefused where the store, or a file of SQLite beside it, is a link, a pipe or a device: data would
        be written elsewhere.
        """
        if is_link(self.path.parent):
            raise FileRefused(f"{self.path.parent.name} 文件夹是快捷方式（符号链接）", self.path.parent)
        for suffix in (*SUFFIXES, "-journal"):
            check_regular(self.path.with_name(NAME + suffix))

    def _refuse_others(self, connection: sqlite3.Connection) -> None:
        """Raises FileRefused for the database of another program."""
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not names <= TABLES:
            raise FileRefused(f"{NAME} 是别的程序的数据库", self.path)

    def _disable(self, error: Exception) -> None:
        """Go on without a store. One that is damaged is deleted, so that the next build begins a new one."""
        self._usable = False
        self.close()
        if isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSALS:
            self._note("store.unusable", f"用不了上次生成的记录：{_reason(error)}", "网页照样正确，只是慢一些")
            return
        for suffix in SUFFIXES:
            try:
                unlink(self.path.with_name(NAME + suffix), missing_ok=True)
            except OSError:  # another build has it open (Windows): it will find the damage itself
                break
        self._note("store.damaged", "上次生成的记录坏了，已经丢掉", "这一次全部重新处理，不用管它")

    def _note(self, code: str, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, "info", message, hint, f"{FOLDER}/{NAME}"))


_REASONS: Mapping[int, str] = {
    **dict.fromkeys((sqlite3.SQLITE_FULL, -errno.ENOSPC, -errno.EDQUOT), "磁盘满了，请腾出一些空间"),
    **dict.fromkeys((sqlite3.SQLITE_READONLY, -errno.EROFS, -errno.EACCES, -errno.EPERM), f"{FOLDER} 文件夹不能写"),
    **dict.fromkeys((sqlite3.SQLITE_CANTOPEN, -errno.EEXIST, -errno.ENOTDIR), f"打不开 {FOLDER} 里的文件"),
    **dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), "别的 newsgen 一直在用它"),
    **dict.fromkeys((sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH), "没有权限"),
}
"""The reason why a store cannot be used, in Chinese: by SQLite's code, and by errno as a negative number."""


def _reason(error: Exception) -> str:
    code = -(error.errno or 0) if isinstance(error, OSError) else getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _REASONS.get(code) or (reason(error) if isinstance(error, OSError) else f"SQLite 报错，编号 {code}")


_FAULTS = (sqlite3.Error, msgspec.MsgspecError, UnicodeDecodeError, CorruptRecord, OSError)
"""All errors of a store; sqlite3 raises UnicodeDecodeError where its message holds bytes of a damaged file."""


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _name(key: bytes) -> str:
    return key.decode("utf-8", "surrogateescape")


def _count(connection: sqlite3.Connection) -> int:
    """The number of bodies, which is read from their index alone. Nearly every document has one."""
    (found,) = connection.execute("SELECT count(*) FROM bodies").fetchone()
    return int(found)


def _keys(connection: sqlite3.Connection) -> list[tuple[bytes]]:
    return connection.execute("SELECT key FROM documents UNION SELECT key FROM bodies").fetchall()


def _transaction(connection: sqlite3.Connection, write: Callable[[sqlite3.Connection], object]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        write(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
