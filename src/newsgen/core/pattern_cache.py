"""A cache of compiled regular expressions, beside the bytecode of this package: it saves each command 0.15 s.

Python keeps the bytecode of modules, but each process compiles their several hundred patterns anew. `re` asks its
compiler for every pattern that it has not seen yet; here the compiled form is looked up instead. A pattern is found by
its text and flags, so that an edited one is another one. The file belongs to one Python, and holds only what was equal
to what `re` itself had made. It is trusted as bytecode is, and must never be read from anywhere else.

Only patterns of modules and classes are saved: those made in functions may hold words of a site.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

# Not pathlib: what this module imports has its patterns compiled.
PLACE = f"{os.path.dirname(__file__)}/__pycache__/patterns.{sys.implementation.cache_tag}.bin"  # noqa: PTH120
ENOUGH = 20
"""Patterns that a process had to compile for itself, from which on it saves them for others: 10 ms."""
CO_OPTIMIZED = 0x1
"""The flag of a function's code (`inspect.CO_OPTIMIZED`)."""
MOST = 3_000
"""Patterns in the file; beyond that, those of other processes are dropped."""

_Key = tuple[bool, Any, int]
"""Whether a pattern is text, its source and its flags. The first keeps `a` and `b"a"` from being compared."""
_Form = tuple[int, bytes, int, dict[str, int], tuple[Any, ...]]
"""What the engine makes a pattern of: flags, code, the number of groups, the groups by name and the names by group."""

_compiler: Any = sys.modules.get("re._compiler")
_compile: Any = getattr(_compiler, "compile", None)
_known: dict[_Key, _Form] = {}
_missed: list[_Key] = []


def install() -> None:
    """Let `re` look up compiled patterns in this process. A Python whose `re` is built otherwise goes without."""
    if _compile is not None:
        _known.update(_load())
        _compiler.compile = _looked_up


def save() -> None:
    """Save the patterns that this process had to compile, where they are many and Python saves bytecode here."""
    if len(_missed) < ENOUGH or sys.dont_write_bytecode or sys.pycache_prefix:
        return
    others = _known if len(_known) + len(_missed) <= MOST else {}
    new = f"{PLACE}.{os.getpid()}"
    with suppress(OSError):
        data = marshal.dumps((sys.version, {**others, **dict(_forms(_missed))}))
        with open(new, "xb") as file:  # noqa: PTH123
            file.write(zlib.crc32(data).to_bytes(4, "big") + data)
        os.replace(new, PLACE)


def _load() -> dict[_Key, _Form]:
    """The patterns in the file; none where it is missing, damaged, or of another Python."""
    try:
        with open(PLACE, "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return {}
    if zlib.crc32(data[4:]).to_bytes(4, "big") != data[:4]:
        return {}
    version, forms = marshal.loads(data[4:])
    return forms if version == sys.version else {}


def _looked_up(pattern: Any, flags: int = 0) -> Any:
    """The compiled pattern, as `re._compiler.compile` gives it."""
    if not isinstance(pattern, str | bytes) or flags & (re.DEBUG | re.LOCALE):
        return _compile(pattern, flags)
    key = isinstance(pattern, str), pattern, int(flags)
    form = _known.get(key)
    if form is not None:
        return _from(pattern, form)
    if not sys._getframe(3).f_code.co_flags & CO_OPTIMIZED:  # who called re.compile() is no function
        _missed.append(key)
    return _compile(pattern, flags)


def _forms(keys: Iterable[_Key]) -> Iterator[tuple[_Key, _Form]]:
    """The form of each pattern; one that does not give an equal pattern is left out."""
    for key in keys:
        _, pattern, flags = key
        with suppress(AttributeError, OverflowError, TypeError, ValueError, RuntimeError):  # another engine
            form = _form_of(pattern, flags)
            if _from(pattern, form) == _compile(pattern, flags):
                yield key, form


def _form_of(pattern: Any, flags: int) -> _Form:
    parsed = _compiler._parser.parse(pattern, flags)
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, group in state.groupdict.items():
        names[group] = name
    code = array("I", _compiler._code(parsed, flags)).tobytes()
    return int(flags | state.flags), code, state.groups - 1, dict(state.groupdict), tuple(names)


def _from(pattern: Any, form: _Form) -> Any:
    flags, code, groups, numbers, names = form
    return _compiler._sre.compile(pattern, flags, memoryview(code).cast("I").tolist(), groups, numbers, names)
