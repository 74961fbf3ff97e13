"""The addresses in a text as typed, each with its line and column, and what is wrong with them at sight."""

from __future__ import annotations

import html
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from newsgen.content.markdown import photo_marks
from newsgen.content.markdown.bare_links import bare_addresses
from newsgen.content.markdown.preprocess.lines import FILLER, Line, without_code
from newsgen.content.markdown.sanitize import SCHEMES
from newsgen.core.model import Diagnostic, Severity
from newsgen.core.own_addresses import own_address
from newsgen.core.patterns import lazy_pattern

_INLINE = lazy_pattern(
    r"\]\(\s*(?:<(?P<angle>[^<>]*)>"
    r"|(?P<plain>(?:[^()\s\"']|\s(?!\s*[\"'])|(?<![\s(])[\"']|\((?:[^()]|\([^()]*\))*\)){0,2000}))"
)
"""An address, without the title that may follow it: a blank and a quote."""
_DEFINITION = lazy_pattern(r"\[[^\[\]^][^\[\]]*\]:[ \t]*(?:<(?P<angle>[^<>]*)>|(?P<url>[^\s>]+))")
_AUTOLINK = lazy_pattern(r"(?<!\]\()<(https?:[^<>]+)>", re.IGNORECASE)
_MAY_NAME = lazy_pattern(r"\]\(|\]:|<|://")
_NO_BARE = lazy_pattern(rf"{_INLINE.pattern}|<[^<>]*>|^\[[^\[\]^][^\[\]]*\]:[ \t]*\S+")
"""What may hold an address that is typed otherwise."""
_ATTRIBUTE = lazy_pattern(
    r"(?<!\S)(?P<name>href|src|poster)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"'<>]*))", re.IGNORECASE
)
_BARE_ATTRIBUTE = lazy_pattern(
    r"<(?:a|img)(?=\s)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\s(?P<name>href|src)(?=[\s/>])(?!\s*=)", re.IGNORECASE
)
_PLAYER = lazy_pattern(r"<(?:video|audio|source)\b", re.IGNORECASE)
_NO_SOURCE = lazy_pattern(
    r"<(?P<name>img)(?=[\s/>])(?!(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\ssrc[\s=/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.IGNORECASE,
)
"""A picture that names no file at all."""
_NOTHING = lazy_pattern(r"(?:https?:[/\\\s]*(?:[?#:.@].*)?|//+|(?:mailto|tel):\s*)", re.IGNORECASE)
"""Addresses that lead nowhere: a scheme without a host."""
_MISSPELT = lazy_pattern(r"(https?):(?!//[^\s/\\])[\s/\\]*(\S+)", re.IGNORECASE)
"""An address without just two slashes before its host: some browsers look for it on the site itself."""
_SPLIT_HOST = lazy_pattern(r"https?://[A-Za-z0-9.-]+(?:\s+[/?#]|(?<=\.)\s+[A-Za-z0-9])[!-~]*", re.IGNORECASE)
"""A blank inside a host's name or right behind it, where the address goes on."""
_WIDE_DOT = lazy_pattern(r"(?<=[A-Za-z0-9])[。．](?=[A-Za-z0-9])")
"""A full stop of a Chinese input method inside a host's name."""
_WIDE_HOST = lazy_pattern(r"https?://(?:[A-Za-z0-9.-]+[。．])+[A-Za-z0-9-]+(?=[:/?#]|$)", re.IGNORECASE)
_INVISIBLE = lazy_pattern("[\\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff]+")
_ESCAPE = lazy_pattern(r"\\([!-/:-@\[-`{-~])")
_SCHEME = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]*):")
_OWN_MACHINE = lazy_pattern(r"https?://(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)", re.IGNORECASE)
_LOCAL = lazy_pattern(r"[A-Za-z]:[\\/]|file:|\\\\", re.IGNORECASE)
_PICTURE = lazy_pattern(r"\.(?:jpe?g|png|gif|webp|bmp|heic|heif|avif|svg)$", re.IGNORECASE)
_HOST = lazy_pattern(r"https?://[^/?#\s]+", re.IGNORECASE)
_LONE_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_URL_CHARACTERS = "%/:?#@!$&'()*+,;=~-._"
_NOTE = lazy_pattern(
    r"(?P<host>https?://[^\s/?#（），。、；！《》“”]+)[\s（），。、；！《》“”].*"
    r"|(?P<url>https?://[^\s（(]+)\s+(?:（[^（）]*）|\([^()]*\))",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """An address as typed: `text` is what was written, `image` whether it stands for a picture, `played` for video or sound."""

    text: str
    image: bool
    line: int
    column: int
    played: bool = False


def typed(prose: Sequence[Line], raw: Sequence[Line]) -> list[Address]:
    """All addresses of links, images, definitions and raw HTML, in the order of the text."""
    found = [address for line in prose for address in _in_prose(line)]
    found += [address for line in raw for address in _in_html(line, line.text)]
    return sorted(found, key=lambda address: (address.line, address.column))


def _in_prose(line: Line) -> Iterator[Address]:
    mark = photo_marks.reference_of(line.text)
    if mark:
        yield Address(mark, True, line.number, line.column)
    if not _MAY_NAME.search(line.text):
        return
    text = without_code(line.text)
    for match in _INLINE.finditer(text):
        group = "angle" if match["angle"] is not None else "plain"
        address = match[group].strip()
        if not address and match.end() == len(text):  # it goes on in the next line, if at all
            continue
        yield Address(address, _is_image(text, match.start()), line.number, line.column + match.start(group))
    definition = _DEFINITION.match(text)
    if definition:
        group = "url" if definition["url"] else "angle"
        url = definition[group]
        yield Address(url, bool(_PICTURE.search(url)), line.number, line.column + definition.start(group))
    for match in _AUTOLINK.finditer(text):
        yield Address(match[1], False, line.number, line.column + match.start(1))
    for start, address in bare_addresses(_NO_BARE.sub(_filled, text)):
        yield Address(address, False, line.number, line.column + start)
    yield from _in_html(line, text)


def _filled(match: re.Match[str]) -> str:
    return FILLER * len(match[0])


def _is_image(text: str, bracket: int) -> bool:
    """Whether the `]` at `bracket` closes an `![`."""
    depth = 0
    for index in range(bracket, max(-1, bracket - 500), -1):
        depth += {"]": 1, "[": -1}.get(text[index], 0)
        if depth == 0:
            return text[index - 1 : index] == "!"
    return False


def _in_html(line: Line, text: str) -> Iterator[Address]:
    if "<" not in text and "=" not in text:
        return
    for match in _ATTRIBUTE.finditer(text):
        group = next(name for name in "abc" if match[name] is not None)
        is_shown = match["name"].lower() != "href"
        image, played = is_shown and "<img" in text.lower(), is_shown and bool(_PLAYER.search(text))
        yield Address(html.unescape(match[group]), image, line.number, line.column + match.start(group), played)
    for pattern in (_BARE_ATTRIBUTE, _NO_SOURCE):
        for match in pattern.finditer(text):
            yield Address("", match["name"].lower() != "href", line.number, line.column + match.start("name"))


class Positions:
    """The places where addresses were typed: asked in the order of the page, the same address goes on to its next place."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        self._places: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        for address in addresses:
            text = _ESCAPE.sub(r"\1", address.text)
            for name in {canonical(text), canonical(html.unescape(text))}:
                self._places[name].append((address.line, address.column))

    def next(self, value: str, otherwise: int) -> tuple[int, int]:
        """(line, column) of the next place where `value` was typed, or (`otherwise`, 1) where it cannot be found."""
        places = self._places.get(canonical(value))
        if not places:
            return otherwise, 1
        return places.popleft() if len(places) > 1 else places[0]


def canonical(value: str) -> str:
    """An address with its percent signs decoded and `/` for `\\`."""
    return unquote(value).replace("\\", "/").strip()


def scheme(value: str) -> str:
    """The scheme of an absolute URL in lower case, or nothing. Invisible characters in front of it or in it hide none:
    browsers skip some of them, and what skips others may come."""
    value = value.strip()
    match = _SCHEME.match(value if value.isprintable() else "".join(filter(str.isprintable, value)).lstrip())
    return match[1].lower() if match else ""


def diagnostics_of(addresses: Iterable[Address], url: str) -> Iterator[Diagnostic]:
    """The diagnostics on addresses that need no other file; `url` is the site's own."""
    for address in addresses:
        verdict = _verdict(address, url)
        if verdict:
            yield Diagnostic(*verdict, line=address.line, column=address.column)


def web_address(value: str) -> str:
    """An absolute URL as pages hold it: blanks and characters that are not ASCII have percent signs (RFC 3986)."""
    host = _HOST.match(value)
    if host is None:
        return value
    rest = _LONE_PERCENT.sub("%25", value[host.end() :].rstrip())
    path, mark, fragment = quote(rest, safe=_URL_CHARACTERS).partition("#")
    return host[0] + path + mark + fragment.replace("#", "%23")


def without_note(value: str) -> str:
    """A URL without the Chinese note typed behind it: `https://d.cn （说明）` -> `https://d.cn`."""
    match = _NOTE.fullmatch(value.strip())
    return match["host"] or match["url"] if match else value


def _leads_nowhere(text: str) -> bool:
    """Whether an address is empty, for all that a reader can see, or names no host."""
    seen = _INVISIBLE.sub("", unquote(html.unescape(text)))
    return seen == "" or _NOTHING.fullmatch(seen) is not None


def _senseless(text: str, image: bool) -> tuple[str, Severity, str, str]:
    what = f"只写了 {text}，没有写完" if text else "是空的"
    if image:
        return "image.empty", "error", f"图片的文件名{what}", "括号里写照片的文件名：![说明](照片.jpg)；没有照片就删去"
    hint = "括号里写网址或文件名：[文字](https://www.moe.gov.cn/)；不要链接，就只写文字"
    return "link.empty", "error", f"链接的网址{what}", hint


def _is_below(url: str, text: str) -> bool:
    own = own_address(url, text) if url else None
    return own is not None and own.path is not None


def _verdict(address: Address, url: str) -> tuple[str, Severity, str, str] | None:
    """(code, severity, message, hint), or None where nothing is wrong."""
    text, kind = address.text.strip(), "image" if address.image else "link"
    visible = "".join(filter(str.isprintable, text))
    shown = visible if len(visible) <= 60 else visible[:57] + "…"
    if _LOCAL.match(text):
        hint = "把文件复制到文章旁边，只写文件名，例如 " + (text.replace("\\", "/").rpartition("/")[2] or "文件名")
        return f"{kind}.local", "error", f"这是您电脑里的地址，别人打不开：{shown}", hint
    if _OWN_MACHINE.match(text):
        hint = "本站的文章写它的文件名；别的网站写它公开的网址"
        return f"{kind}.local", "warning", f"这是预览或您电脑里的网址，别人打不开：{shown}", hint
    if _leads_nowhere(text):
        return _senseless(shown, address.image)
    misspelt = _MISSPELT.fullmatch(text)
    if misspelt and not own_address(url, text):
        hint = f"冒号后面是两条斜杠，没有空格，写成：{misspelt[1].lower()}://{misspelt[2]}"
        return "link.broken", "error", f"网址写得不对：{shown}", hint
    if _SPLIT_HOST.fullmatch(text):
        return "link.broken", "error", f"网址里有空格：{shown}", f"写成：{''.join(text.split())}"
    host = _WIDE_HOST.match(text)
    if host:
        right = _WIDE_DOT.sub(".", host[0]) + text[host.end() :]
        return "link.broken", "error", f"网址里的点用了全角：{shown}", f"写成：{right}"
    name = scheme(html.unescape(text))
    if name == "data":
        return (
            "image.data",
            "error",
            "照片被直接粘贴进了正文（data: 开头的一长串字符）",
            "请把照片存成文件，放在文章旁边，写 ![说明](照片.jpg)",
        )
    if without_note(text) != text:
        url = without_note(text)
        hint = f"括号里只写网址：({url})，说明写在括号外面"
        return f"{kind}.note", "warning", f"网址后面跟着说明，说明已经去掉：{shown}", hint
    if name in ("http", "https") and address.image and not _is_below(url, text):
        return (
            "image.external",
            "warning",
            f"图片在别的网站上，读者看不到（网页只显示本站的图片）：{shown}",
            "把图片下载下来，放在文章旁边，写 ![说明](照片.jpg)",
        )
    if name in ("http", "https") and address.played and not _is_below(url, text):
        return (
            "media.external",
            "warning",
            f"视频或声音在别的网站上，网页上放不出来：{shown}",
            f"写成链接：[观看视频]({text})；或者下载下来，放在文章旁边，写 ![说明](视频.mp4)",
        )
    if name and name not in SCHEMES:
        return (
            f"{kind}.scheme",
            "warning",
            f"网页上不能用 {name}: 开头的地址，已经去掉：{shown}",
            "用 https:// 开头的网址，或文件名",
        )
    if text.lower().startswith("www."):
        return f"{kind}.www", "warning", f"网址前面少了 https://：{shown}", f"写成：https://{text}"
    return None
