"""site.yaml -> Config. Every fault is reported with its line; an unknown key is an error with "did you mean".

The site.yaml of the sample site comments on each key.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from newsgen.config import publish_section
from newsgen.config.check_section import CheckSettings, check_settings
from newsgen.config.model import (
    Attachments,
    Config,
    Credits,
    FooterText,
    FriendlyLink,
    Front,
    Period,
    PhotoWidths,
    Publishing,
    Videos,
)
from newsgen.config.reviews_section import KEYS as REVIEW_KEYS
from newsgen.config.reviews_section import review_policy
from newsgen.config.schema import Reader, SchemaError, folder_url, group, integer, line, mapping, parsed
from newsgen.core.errors import ConfigError, UsageError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Located, Markdown, Moment, changed
from newsgen.core.platform import reason
from newsgen.core.scalars import FieldError, parse_bool, parse_integer, parse_list, parse_moment, parse_url
from newsgen.core.text import decode
from newsgen.core.yaml.nodes import ForbiddenCharacters, Mapping, Node, Sequence, YamlError, items_of

FILE_NAME = "site.yaml"
LIMIT = 2_000_000
LEAST_WIDTH, MOST_WIDTH, MOST_WIDTHS = 80, 2000, 8
"""The limits of a published photo's width in pixels, and the maximum number of widths for one place."""
_WIDTHS = "只写数字，用顿号隔开，例如：480、720、960、1440"


def load(root: Path) -> Config:
    """Read `root`/site.yaml. Raises the errors of read(), and ConfigError with every fault found."""
    return parse_config(read(root))


def read(root: Path) -> bytes:
    """The bytes of `root`/site.yaml.

    Raises UsageError if there is no such file, ConfigError if it cannot be read.
    """
    if not os.path.lexists(root / FILE_NAME):
        raise UsageError(
            f"这个文件夹里没有 {FILE_NAME}：{root}",
            "换到站点文件夹里再运行，或用 -C 指明站点文件夹；要新建站点，用 newsgen init 文件夹名",
            "config.missing",
            FILE_NAME,
        )
    try:
        return read_file(root / FILE_NAME, LIMIT)
    except OSError as error:
        message = f"读不了 {FILE_NAME}：{reason(error)}"
        raise ConfigError([_diagnostic("config.unreadable", message, "检查它是不是一个文件、有没有读取权限")]) from None


def publishing(root: Path) -> Publishing:
    """The section `publish:` of `root`/site.yaml. It is no part of Config, so that a change in it causes no new build.

    Raises the errors of load().
    """
    found: Publishing = _values(read(root)).get("publish", Publishing())
    return found


def checking(data: bytes) -> CheckSettings:
    """The section `check:` in the bytes of a site.yaml; like `publish:` no part of Config. Raises ConfigError."""
    found: CheckSettings = _values(data).get("check", CheckSettings())
    return found


def places(data: bytes) -> dict[str, str]:
    """The values of `output:` and `cache:` in the bytes of a site.yaml, if given. Raises ConfigError."""
    return {key: value for key, value in _values(data).items() if key in PLACES}


def parse_config(data: bytes) -> Config:
    """The Config in the bytes of a site.yaml. Raises ConfigError."""
    values = _values(data)
    for key in ("publish", "check", *PLACES):
        values.pop(key, None)
    own = changed(values.pop("markdown", Markdown()), url=values["url"])
    return Config(**{"source": values["organization"], **values, "markdown": own})


def _values(data: bytes) -> dict[str, Any]:
    """The typed values of all keys. Raises ConfigError."""
    from newsgen.core.yaml.parser import parse

    if not data.strip():
        raise ConfigError([_diagnostic("config.empty", f"{FILE_NAME} 是空的", f"至少写这四行：\n{_EXAMPLE}")])
    text, diagnostics = decode(data)
    if text is None or diagnostics:
        raise ConfigError(_undecoded(diagnostic, text) for diagnostic in diagnostics)
    if line_number := publish_section.pasted_key(text):  # before any other message could print a piece of it
        raise ConfigError([_diagnostic("config.private-key", *publish_section.PASTED, line_number)])
    try:
        node = parse(text)
    except (YamlError, ForbiddenCharacters) as error:
        diagnostic = _diagnostic("config.syntax", error.message, error.hint, error.line, error.column)
        raise ConfigError(_full_width_colons(text) or [diagnostic]) from None
    errors: list[SchemaError] = []
    try:
        if not isinstance(node, Mapping):
            raise SchemaError(node, f"{FILE_NAME} 里应是一行一个“键: 值”", f"至少写这四行：\n{_EXAMPLE}")
        values = mapping(node, SITE_KEYS, errors, REQUIRED) | _lines(node)
        errors += _missing(node, values)
    except SchemaError as error:
        errors.append(error)
    if errors:
        errors.sort(key=lambda error: error.node.line)
        raise ConfigError(
            _full_width_colons(text)
            or (_diagnostic("config.value", f.message, f.hint, f.node.line, f.node.column) for f in errors)
        )
    return values


def _undecoded(diagnostic: Diagnostic, text: str | None) -> Diagnostic:
    """The diagnostic of decode() as an error: no encoding is guessed for settings."""
    if diagnostic.code == "file.control":
        message = diagnostic.message.replace("，已经去掉", "")
        return _diagnostic("config.control", message, "把这一行删掉，重新输入一遍", diagnostic.line, diagnostic.column)
    words = diagnostic.message if text is None else "不是 UTF-8 编码"
    hint = f"用记事本打开 {FILE_NAME}，选“文件 → 另存为”，把“编码”选成 UTF-8，再保存"
    return _diagnostic(diagnostic.code, f"读不了 {FILE_NAME}：{words}", hint, diagnostic.line)


def _lines(node: Mapping) -> dict[str, int]:
    """The line numbers of `home` and `institution`: their values are plain texts that are checked later."""
    footer = next((value for key, value in node.entries if key.text == "footer"), None)
    inside = footer.entries if isinstance(footer, Mapping) else ()
    named = ((key, value) for key, value in (*node.entries, *inside) if key.text in ("home", "institution"))
    return {f"{key.text}_line": value.line for key, value in named}


def _full_width_colons(text: str) -> list[Diagnostic]:
    """The diagnostics on known keys with a Chinese colon: YAML reports the line below, or reads the line as a value."""
    lines = enumerate(text.split("\n"), 1)
    found = [(number, line, match) for number, line in lines if (match := _FULL_WIDTH_COLON.match(line))]
    message = "冒号是中文的，要用英文的冒号，后面空一格"
    return [
        _diagnostic("config.colon", message, _with_colon(match[1], line[match.end() :].strip()), number, match.end())
        for number, line, match in found
        if match[1] in KNOWN_KEYS
    ]


def _with_colon(key: str, value: str) -> str:
    """The line as it should be typed; a password or a key is not printed."""
    if key == "password" or publish_section.looks_secret(value):
        return "删去这一行：密码和私钥不能写在 site.yaml 里"
    return f"改成：{key}: {value}"


def _diagnostic(code: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, FILE_NAME, line, column)


def _missing(node: Node, values: dict[str, Any]) -> list[SchemaError]:
    typed = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set()
    return [
        SchemaError(node, f"{FILE_NAME} 缺少 {key}（{what}）", f"加一行 {key}: ，冒号后面写{what}，例如 {example}")
        for key, (what, example) in REQUIRED.items()
        if key not in values and key not in typed
    ]


# ---------------------------------------------------------------- readers of values


def _texts(node: Node, errors: list[SchemaError]) -> tuple[str, ...]:
    return tuple(word for item in items_of(node) for word in parse_list(line(item, errors)))


def _widths(node: Node, errors: list[SchemaError]) -> tuple[int, ...]:
    """Widths in pixels, in any order: `480、960` or a list."""
    try:
        found = sorted({parse_integer(word) for word in _texts(node, errors)})
    except FieldError as error:
        raise SchemaError(node, error.message, _WIDTHS) from None
    wrong = next((width for width in found if not LEAST_WIDTH <= width <= MOST_WIDTH), None)
    if wrong is not None:
        message = f"照片的宽度应在 {LEAST_WIDTH} 到 {MOST_WIDTH} 像素之间，现在是 {wrong}"
        raise SchemaError(node, message, _WIDTHS)
    if len(found) > MOST_WIDTHS:
        raise SchemaError(node, f"照片最多有 {MOST_WIDTHS} 种宽度，现在有 {len(found)} 种", _WIDTHS)
    return tuple(found)


def _folder(node: Node, errors: list[SchemaError]) -> Located:
    """A section named by its folder. Whether it exists is checked later."""
    return Located(line(node, errors).strip("/"), node.line, node.column)


def _folders(node: Node, errors: list[SchemaError]) -> tuple[Located, ...]:
    names = [(item, name) for item in items_of(node) for name in parse_list(line(item, errors))]
    return tuple(Located(name.strip("/"), item.line, item.column) for item, name in names)


def _links(node: Node, errors: list[SchemaError]) -> tuple[FriendlyLink, ...]:
    if not isinstance(node, Sequence):
        raise SchemaError(
            node,
            "links 应是列表，每行一个网站",
            "例如：\nlinks:\n  - {name: 学校主页, url: https://www.example.edu.cn/}",
        )
    return tuple(FriendlyLink(**entry) for entry in map(partial(_link, errors=errors), node.items) if entry)


def _link(node: Node, errors: list[SchemaError]) -> dict[str, Any]:
    entry = mapping(node, {"name": line, "url": _located_url}, errors)
    if len(entry) == 2:
        return entry
    name, url = entry.get("name", "网站的名称"), entry["url"].text if "url" in entry else "网站的网址"
    errors.append(SchemaError(node, "友情链接要有 name 和 url", f"写成：- {{name: {name}, url: {url}}}"))
    return {}


def _located_url(node: Node, errors: list[SchemaError]) -> Located:
    return Located(parsed(parse_url)(node, errors), node.line, node.column)


def _paragraphs(node: Node, errors: list[SchemaError]) -> str:
    choice = {"chinese": "chinese", "中文": "chinese", "standard": "standard", "标准": "standard"}.get(
        line(node, errors)
    )
    if choice is None:
        raise SchemaError(
            node,
            f"paragraphs 不能是 {line(node, errors)}",
            "写 chinese（一个回车就是一段）或 standard（空一行才是一段）",
        )
    return choice


def _periods(node: Node, errors: list[SchemaError]) -> tuple[Period, ...]:
    return tuple(_period(item, errors) for item in items_of(node))


def _period(node: Node, errors: list[SchemaError]) -> Period:
    """A period of one day, or of two days joined by ~ or 至, both included."""
    words = re.split(r"\s*(?:~|～|至|到)\s*", line(node, errors))
    try:
        days = [parse_moment(word) for word in words]
    except FieldError as error:
        raise SchemaError(node, error.message, f"{error.hint}\n几天连在一起，写“第一天 ~ 最后一天”") from None
    if len(days) > 2 or days[-1].at < days[0].at:
        first, last = min(days, key=_at).day, max(days, key=_at).day
        raise SchemaError(
            node, f"看不懂这段日子：{line(node, errors)}", f"先写开始的一天，再写结束的一天：{first} ~ {last}"
        )
    end = days[-1].at if days[-1].to_the_minute else days[-1].at + timedelta(days=1)
    return Period(days[0].at, end)


def _site_file(node: Node, errors: list[SchemaError]) -> Located:
    path = line(node, errors).replace("\\", "/").removeprefix("./")
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise SchemaError(
            node, f"这里要写站点文件夹里的文件：{path}", f"把文件放进站点文件夹，写：{path.rpartition('/')[2]}"
        )
    return Located(path, node.line, node.column)


def _at(moment: Moment) -> datetime:
    return moment.at


def _theme_path(node: Node, errors: list[SchemaError]) -> Located:
    path = line(node, errors).replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        hint = f"把文件放进 theme/ 文件夹，只写文件名：{path.rpartition('/')[2] or '文件名.png'}"
        raise SchemaError(node, f"这里要写 theme/ 里的文件名：{path}", hint)
    return Located(path.removeprefix("theme/"), node.line, node.column)


_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?([A-Za-z_]+)\s*：")

REQUIRED = {
    "title": ("栏目群的名称", "党群工作"),
    "organization": ("单位名称", "管理学院"),
    "url": ("网站将来的地址", "https://sm.example.edu.cn/dqgz/"),
    "home": ("单位主页的地址", "https://sm.example.edu.cn/"),
}

_EXAMPLE = "\n".join(f"{key}: {example}" for key, (_, example) in REQUIRED.items())
_URL = parsed(parse_url)
_FOOTER: dict[str, Reader] = {
    **dict.fromkeys(("address", "postcode", "phone", "email", "icp", "police", "copyright"), line),
    "institution": _URL,
}

PLACES = ("output", "cache")
"""Keys that name folders for the build, and say nothing about the site."""

SITE_KEYS: dict[str, Reader] = {
    "title": line,
    "organization": line,
    "url": folder_url,
    "home": _URL,
    "source": line,
    "description": line,
    "keywords": _texts,
    "site_id_code": line,
    "emblem": _theme_path,
    "footer": group(FooterText, **_FOOTER),
    "links": _links,
    "credits": group(Credits, author=line, photographer=line, editor=line, review=line),
    "front": group(
        Front,
        slides=integer(0, 20),
        headlines=integer(0, 30),
        rows=integer(1, 30),
        blocks=_folders,
        strip=_folder,
        gallery=_folder,
    ),
    "greyscale": _periods,
    "qr": parsed(parse_bool),
    "views": _site_file,
    "output": line,
    "cache": line,
    "photos": group(PhotoWidths, article=_widths, slides=_widths, cards=_widths, thumbnails=_widths),
    "videos": group(Videos, limit=integer(1, 2000)),
    "attachments": group(Attachments, clean=parsed(parse_bool)),
    "markdown": group(Markdown, paragraphs=_paragraphs),
    "publish": publish_section.publishing,
    "check": check_settings,
    "reviews": review_policy,
}

KNOWN_KEYS = frozenset(
    {
        *SITE_KEYS,
        *_FOOTER,
        *["slides", "headlines", "rows", "blocks", "strip", "gallery", "paragraphs", "name"],
        *["article", "cards", "thumbnails", "limit", "clean"],
        *REVIEW_KEYS,
        *publish_section.KEYS,
        *publish_section.TARGET_KEYS,
        *publish_section.SIGNING_KEYS,
    }
)
"""Every key that may stand in site.yaml, at any depth."""
