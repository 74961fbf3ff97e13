"""`views:` of site.yaml: the file in which the administrator of the web server delivers the view counts of pages.

JSON `{"meetings/2024/0313-a.html": 128}` or CSV `meetings/2024/0313-a.html,128`. A page is named by its path below the site,
by its path on the server (`/dqgz/…`) or by its full URL. Rows of one page are added up. docs/server.md describes the
source of the numbers.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from newsgen.config.model import ViewCounts
from newsgen.core.files import is_inside, read_file
from newsgen.core.model import Diagnostic, Located
from newsgen.core.platform import reason
from newsgen.core.scalars import FieldError, parse_integer

MAX_BYTES = 50_000_000
_CODE = "views"
_FORMS = '写成 JSON：{"meetings/2024/0313-a.html": 128}，或 CSV：每行“网址,次数”'

Row = tuple[int, object, object]
"""The line number in the file, the page and its count as typed."""


def read(root: Path, name: str) -> bytes | str:
    """The bytes of the file `name` below the site's root, or the reason (Chinese) why it cannot be read."""
    path = root / name
    try:
        if not is_inside(path, root.resolve()):
            return "它在站点文件夹之外"
        return read_file(path, MAX_BYTES)
    except FileNotFoundError:
        return "还没有这个文件"
    except OSError as error:
        return reason(error)


def parse(delivered: bytes | str | None, file: Located | None, url: str) -> ViewCounts:
    """The counts by address that were `delivered` for the site at `url`; faults in them become diagnostics.

    A missing or damaged file only means that no counts are shown: it must not hold up news.
    """
    if file is None or delivered is None:
        return ViewCounts()
    if isinstance(delivered, str):
        message = f"没有浏览次数：{file.text}，{delivered}；网页上先不显示浏览次数"
        hint = f"让服务器上的任务把它放到 {file.text}；不需要显示浏览次数，就删去 views 这一行"
        diagnostic = Diagnostic(_CODE, "info", message, hint, "site.yaml", file.line, file.column)
        return ViewCounts(file.text, {}, (diagnostic,))
    try:
        rows = list(_rows(_text(delivered), file.text))
    except (ValueError, RecursionError, csv.Error) as error:
        line = getattr(error, "lineno", 1)
        diagnostic = Diagnostic(
            _CODE, "warning", "浏览次数的文件看不懂；网页上先不显示浏览次数", _FORMS, file.text, line
        )
        return ViewCounts(file.text, {}, (diagnostic,))
    return _summed(rows, file.text, url)


def _summed(rows: Iterable[Row], name: str, url: str) -> ViewCounts:
    site = urlsplit(url)
    found: dict[str, int] = {}
    wrong: list[int] = []
    for line, page, count in rows:
        number = _number(count)
        if number is None or not isinstance(page, str):
            wrong.append(line)
            continue
        address = _address(page, site.path)
        found[address] = found.get(address, 0) + number
    diagnostics: tuple[Diagnostic, ...] = ()
    if wrong:
        message = f"有 {len(wrong)} 行看不懂，没有算进浏览次数"
        diagnostics = (Diagnostic(_CODE, "warning", message, _FORMS, name, wrong[0]),)
    return ViewCounts(name, dict(sorted(found.items())), diagnostics)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _rows(text: str, name: str) -> Iterator[Row]:
    is_json = name.lower().endswith(".json") or text.lstrip()[:1] in ("{", "[")
    return _from_json(text) if is_json else _from_csv(text)


def _from_json(text: str) -> Iterator[Row]:
    """An object of pages and counts, or a list of objects with `path` and `views`. Raises ValueError."""
    found = json.loads(text, object_pairs_hook=list)
    if not isinstance(found, list):
        raise ValueError("neither an object nor a list")
    for item in found:
        if isinstance(item, tuple):
            yield 1, item[0], item[1]
        elif isinstance(item, list):
            values: dict[object, object] = dict(pair for pair in item if isinstance(pair, tuple))
            yield 1, values.get("path"), values.get("views", values.get("count"))
        else:
            yield 1, None, None


def _from_csv(text: str) -> Iterator[Row]:
    """The first two cells of each line. A first line without a number is a heading and is skipped."""
    reader = csv.reader(text.splitlines())
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or (reader.line_num == 1 and _number("".join(cells[1:2])) is None):
            continue
        yield reader.line_num, cells[0], cells[1] if len(cells) > 1 else None


def _number(count: object) -> int | None:
    if isinstance(count, bool) or not isinstance(count, int | str):
        return None
    try:
        number = parse_integer(str(count))
    except FieldError:
        return None
    return number if number >= 0 else None


def _address(page: str, site_path: str) -> str:
    """The address below the site of the page that a row names."""
    path = unquote(urlsplit(page).path if "://" in page[:8] else page.partition("?")[0].partition("#")[0])
    path = path.strip()
    if path.startswith(site_path):
        path = path[len(site_path) :]
    path = path.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path
