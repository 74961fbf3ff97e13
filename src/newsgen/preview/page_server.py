"""A server on 127.0.0.1 that gives the pages of a session to a browser without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import unquote, urlsplit

from newsgen.core.media_types import media_type
from newsgen.preview.session import Session

Change = Callable[[bytes], bytes]
"""A function that changes the HTML of a page before it is sent."""


@contextmanager
def serving(session: Session, page: Change, extra: dict[str, bytes]) -> Iterator[str]:
    """The address, ending in `/`, at which the outputs of a session are served while the block runs.

    `page` changes each HTML page of the session; `extra` are more pages by path, sent as they are.
    """
    lock = Lock()  # a session is not safe for several threads at once

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            with lock:
                data = extra.get(path) or _data(session, path)
            if data is None:
                self.send_error(404)
                return
            if path.endswith(".html") and path not in extra:
                data = page(data)
            self.send_response(200)
            self.send_header("Content-Type", media_type(path))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            """Log nothing: nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _data(session: Session, path: str) -> bytes | None:
    """The bytes of the output at `path`; None where there is no such output, or it cannot be rendered."""
    if path not in session.version.outputs:
        return None
    file = session.file(path)
    return file.read_bytes() if file else session.rendered(path).data or None
