"""`make audit`: Lighthouse's scores of pages with photos on a phone, what they weigh before and after scrolling, on a phone
and on a desktop, and whether they jump.

The photos are made here, 4000×3000 pixels of soft shapes under grain, which an encoder finds as hard as a phone's.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from browser import NOW, chromium
from newsgen.cli import run
from site_test import SITE_YAML

PAGES = {
    "home": "index.html",
    "list with thumbnails": "photos/index.html",
    "article with 8 photos": "photos/2024/0313-eight.html",
    "photo essay": "photos/2024/0314-essay.html",
}
SCREENS = {"375 px, DPR 2": (375, 2), "1280 px": (1280, 1)}
LIGHTHOUSE = Path(__file__).parents[1] / "build" / "audit" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
COMPRESSED = (".html", ".css", ".js", ".svg", ".xml")
SIZE = (4000, 3000)
SHIFTS = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 300);
})"""


def photo(seed: int) -> bytes:
    """A photo as large as a phone's."""
    dice = random.Random(seed)
    shapes, grain = (
        Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3)).resize(SIZE, Image.Resampling.BICUBIC)
        for size in ((80, 60), (1000, 750))
    )
    target = io.BytesIO()
    Image.blend(shapes, grain, 0.08).save(target, "JPEG", quality=92)
    return target.getvalue()


def written(root: Path) -> Path:
    """A site with an article of eight photos, an essay of twelve, and a list that shows both."""
    folder = root / "content" / "photos"
    folder.mkdir(parents=True)
    (root / "site.yaml").write_text(f"{SITE_YAML}front:\n  gallery: photos\n", "utf-8")
    (folder / "_index.md").write_text("---\ntitle: 图片新闻\nkind: 图文\n---\n", "utf-8")
    for number in range(12):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    text = "会议要求各支部会后及时传达学习，抓好落实。" * 8
    eight = "".join(f"{text}\n\n![会场]({number}.jpg)\n\n" for number in range(8))
    essay = "".join(f"![活动]({number}.jpg)\n" for number in reversed(range(12)))
    for name, day, body in (("eight", 13, eight), ("essay", 14, essay)):
        matter = f"title: 照片\ndate: 2024-03-{day}\nslug: {name}\n"
        (folder / f"{name}.md").write_text(f"---\n{matter}---\n\n{body}", "utf-8")
    assert run(["build", "-C", str(root), "--now", NOW]) == 0
    return root / "public"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files as the server of docs/server.md sends them: texts compressed."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        if path.suffix in COMPRESSED:
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is read."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def measured(browser: Browser, url: str, width: int, ratio: int) -> tuple[int, int, float]:
    """Bytes before and after scrolling, and how much the page jumped."""
    context = browser.new_context(viewport={"width": width, "height": 800}, device_scale_factor=ratio)
    page = context.new_page()
    got: list[int] = []
    page.on("response", lambda response: got.append(int(response.headers.get("content-length", "0"))))
    page.goto(url, wait_until="networkidle")
    before = sum(got)
    for place in range(0, page.evaluate("() => document.body.scrollHeight"), 300):
        page.evaluate(f"() => scrollTo(0, {place})")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_load_state("networkidle")
    shift: float = page.evaluate(SHIFTS)
    after = sum(got)
    context.close()
    return before, after, shift


def scores(url: str) -> str:
    """Lighthouse's scores of a page as a phone with a simulated network sees it."""
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--chrome-flags=--headless=new --no-sandbox"]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or shutil.which("google-chrome") or ""}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(found.stdout)
    shown = (f"{name} {round(100 * report['categories'][name]['score'])}" for name in CATEGORIES)
    paint, blocked = (
        report["audits"][name]["displayValue"].replace("\xa0", " ")
        for name in ("largest-contentful-paint", "total-blocking-time")
    )
    lost = [name for name, audit in report["audits"].items() if audit["score"] == 0 and name in _weighed(report)]
    return f"{', '.join(shown)}; largest paint {paint}, blocked {blocked}{'; lost: ' + ', '.join(sorted(lost)) if lost else ''}"


def _weighed(report: dict[str, Any]) -> set[str]:
    """The audits that count for a score."""
    rows = (row for category in report["categories"].values() for row in category["auditRefs"])
    return {row["id"] for row in rows if row["weight"]}


def main() -> None:
    """Print Lighthouse's scores for each page, and a line for each page and screen."""
    with tempfile.TemporaryDirectory() as folder, served(written(Path(folder))) as url, chromium() as browser:
        for name, address in PAGES.items():
            sys.stdout.write(f"{name}: {scores(url + address)}\n")
            sys.stdout.flush()
        for name, address in PAGES.items():
            for screen, (width, ratio) in SCREENS.items():
                before, after, shift = measured(browser, url + address, width, ratio)
                line = f"{name}, {screen}: {before // 1024} KB, scrolled {after // 1024} KB, shift {shift:.3f}\n"
                sys.stdout.write(line)
                sys.stdout.flush()


if __name__ == "__main__":
    main()
