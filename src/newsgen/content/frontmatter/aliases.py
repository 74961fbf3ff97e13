"""`aliases:` (旧地址): old addresses of an article, each in the one form in which it is compared and written.

Two kinds: a path of the server (`/info/1023/4567.htm`), to which its rules answer, and a path below the site
(`hyjl/old.html`, `hyjl/`), at which a page leads on.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from newsgen.content.frontmatter.converters import Converted, error_at, quote_width, scalars_of
from newsgen.core.model import Diagnostic, Located
from newsgen.core.scalars import FieldError
from newsgen.core.text import is_device
from newsgen.core.yaml.nodes import Node

_CODE = "front-matter.aliases"
_SERVER_PATH = re.compile(r"/[A-Za-z0-9._~/%?=&:+,-]*")
_SITE_PATH = re.compile(r"(?:[A-Za-z0-9._~-]+/)*(?:[A-Za-z0-9._~-]+\.html?)?")
_FORBIDDEN = re.compile(r"%2f|%5c|%0|%1|%7f|%25", re.IGNORECASE)
_PLAIN_ESCAPE = re.compile(r"%(2d|2e|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])", re.IGNORECASE)
_MAX_LENGTH, _MAX_PART = 500, 100


def old_addresses(code: str, node: Node) -> Converted:
    """A converter for `aliases`."""
    try:
        typed = [(scalar, item) for scalar in scalars_of(node) for item in re.finditer(r"[^,，、;；\s]+", scalar.text)]
    except FieldError as error:
        return None, (error_at(code, error, node),)
    places = (Located(item[0], s.line, s.column + item.start() + quote_width(s)) for s, item in typed)
    results = [_alias(place) for place in places]
    aliases = {alias.text: alias for alias, _ in results if alias}
    return tuple(aliases.values()), tuple(diagnostic for _, diagnostic in results if diagnostic)


def _alias(found: Located) -> tuple[Located | None, Diagnostic | None]:
    """One old address; a whole one copied from the browser stands for its path, with a warning."""
    text, diagnostic = found.text, None
    if re.match(r"https?://", text, re.IGNORECASE):
        text = _path_of(text)
        message, hint = "旧地址只需要域名后面的部分，已按此处理", f"改成：{text}"
        diagnostic = Diagnostic(_CODE, "warning", message, hint, "", found.line, found.column)
    path = normal_path(text)
    if path is not None:
        return Located(path, found.line, found.column), diagnostic
    message = f"旧地址「{found.text[:80]}」不能用"
    return None, Diagnostic(_CODE, "error", message, _better(text), "", found.line, found.column)


def _path_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def normal_path(text: str) -> str | None:
    """The address in its one form: `/` for `\\`, no empty or `.` part, letters and digits not percent-encoded.

    None for what leads upwards, out of the site, to its root, or to a name that Windows keeps for a device.
    """
    path, _, query = text.replace("\\", "/").partition("?")
    if path.startswith("//") or _FORBIDDEN.search(path):
        return None
    path = _PLAIN_ESCAPE.sub(lambda match: chr(int(match[1], 16)), path)
    end = "/" if path.endswith(("/", "/.")) else ""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    is_server = path.startswith("/")
    path = f"{'/' * is_server}{'/'.join(parts)}{end}"
    whole = f"{path}?{query}" if query else path
    form = _SERVER_PATH if is_server else _SITE_PATH
    if not parts or ".." in parts or not form.fullmatch(whole) or len(whole) > _MAX_LENGTH:
        return None
    is_short = all(len(part) <= _MAX_PART for part in parts)
    return whole if is_short and (is_server or all(map(_is_file_name, parts))) else None


def _is_file_name(part: str) -> bool:
    """Whether a part of an address can be the name of a file on every system."""
    return part[0] != "." and part[-1] != "." and not is_device(part)


def _better(text: str) -> str:
    """The hint for an old address that cannot be used."""
    plain = unquote(text).replace("\\", "/").partition("?")[0]
    device = next((part for part in plain.split("/") if is_device(part)), None)
    if device and not text.startswith("/"):
        return f"Windows 上不能有叫 {device} 的文件；旧网站在服务器的根上，就从 / 写起：/{plain}"
    for guess in (f"{text}.html", f"/{text}"):
        if normal_path(guess) and not text.startswith("/"):
            return f"是原网站的路径，就从 / 写起；是本站里的网页，末尾写 .html 或 /。改成：{guess}"
    return "从浏览器地址栏复制旧网页的地址，去掉域名，从 / 写起；本站里的旧地址写成“文件夹/名称.html”"
