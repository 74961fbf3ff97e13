"""A guard against input on which newsgen would hang."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

MINUTE = 60.0  # seconds of the processor: linear work on these inputs takes a few at most, quadratic work many minutes


@contextmanager
def without_hanging() -> Iterator[None]:
    """Fail if what runs inside hangs. The bound is so wide that a slow machine never decides."""
    start = time.process_time()
    yield
    assert time.process_time() - start < MINUTE
