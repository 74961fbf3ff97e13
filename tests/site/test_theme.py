"""site/theme/: the files of theme/ at their addresses, and the texts of templates/, as somebody handed them over."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.site.theme import assets, templates


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A site's own theme/, with a font."""
    return put(tmp_path / "theme", "fonts/宋体.woff2", b"font").parent.parent


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def told(own: Path) -> Diagnostic:
    with pytest.raises(ContentError) as caught:
        assets.load(own.parent / "no-defaults", own)
    (found,) = caught.value.diagnostics
    assert (found.code, found.severity) == ("theme.file", "error")
    assert found.hint
    return found


@pytest.mark.parametrize(
    "typed", ["url(宋体.woff2)", "url( '宋体.woff2' )", 'URL("./宋体.woff2?v=1#iefix")', "url(../fonts/宋体.woff2)"]
)
def test_a_style_sheet_names_the_published_file(own: Path, typed: str) -> None:
    put(own, "fonts/own.css", f"a {{ src: {typed} }}".encode())
    found = assets.load(own.parent / "no-defaults", own)
    font = found["fonts/宋体.woff2"]
    assert font.address.startswith("assets/")
    assert font.address.endswith(f".{digest_bytes(b'font')[:10]}.woff2")
    assert font.address.isascii()
    assert found["fonts/own.css"].data.decode() == f'a {{ src: url("{font.address.removeprefix("assets/")}") }}'


@pytest.mark.parametrize(
    "typed", ["url(data:font/woff2;base64,AA)", "url(https://a.cn/x.woff2)", "url(/x.png)", "url(#a)"]
)
def test_what_a_style_sheet_names_elsewhere_stays_as_it_was_typed(own: Path, typed: str) -> None:
    put(own, "own.css", f"a {{ src: {typed} }}".encode())
    assert assets.load(own.parent / "no-defaults", own)["own.css"].data.decode() == f"a {{ src: {typed} }}"


def test_an_own_file_stands_for_the_default_of_its_name(tmp_path: Path, own: Path) -> None:
    put(tmp_path / "defaults", "style.css", b"a {}")
    put(tmp_path / "defaults", "site.js", b"1")
    put(tmp_path / "defaults", "._style.css", b"left by macOS")
    put(own, "style.css", b"b {}")
    put(own, "greyscale.css", b"c {}")
    found = assets.load(tmp_path / "defaults", own)
    assert {name: asset.data for name, asset in found.items()} == {
        "style.css": b"b {}",
        "site.js": b"1",
        "greyscale.css": b"c {}",
        "fonts/宋体.woff2": b"font",
    }
    assert found["greyscale.css"].address == "assets/greyscale.css"


def test_drafts_and_leftovers_are_not_published(own: Path) -> None:
    for name in ("_draft.css", "_old/a.css", "style.css~", "~$a.png", "a.css.swp", ".hidden.css"):
        put(own, name, b"x")
    assert assets.load(own.parent / "no-defaults", own).keys() == {"fonts/宋体.woff2"}


def test_a_fault_of_a_style_sheet_is_told_at_its_line(own: Path) -> None:
    put(own, "a.css", "a {}\nb { background: url(没有.png) }".encode())
    found = told(own)
    assert (found.path, found.line, found.message) == ("theme/a.css", 2, "样式表用到的文件不存在：没有.png")
    put(own, "a.css", b"a {}\n\n@IMPORT url( 'b.css' );")
    put(own, "b.css", b"")
    found = told(own)
    assert (found.path, found.line) == ("theme/a.css", 3)
    assert "@import 引用 b.css" in found.message


@pytest.mark.parametrize("name", ["con.png", "a.p-g", "a.名", "a.12345678901234567", "a\x07.png", "a:b.png", "a?.png"])
def test_a_name_that_no_published_file_can_have_is_told(own: Path, name: str) -> None:
    put(own, name, b"x")
    assert told(own).message.startswith("theme 里的文件不能叫这个名字：")


def test_links_lead_to_files_of_the_theme_alone(tmp_path: Path, own: Path) -> None:
    put(tmp_path, "elsewhere/secret.png", b"x")
    (own / "same.woff2").symlink_to("fonts/宋体.woff2")
    assert assets.load(own.parent / "no-defaults", own)["same.woff2"].data == b"font"
    (own / "a.png").symlink_to(tmp_path / "elsewhere/secret.png")
    assert told(own).path == "theme/a.png"
    (own / "a.png").unlink()
    (tmp_path / "linked").symlink_to(own)
    assert told(tmp_path / "linked").path == "theme"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    put(tmp_path, "theme", b"x")
    assert told(tmp_path / "theme").message == "读不了 theme 文件夹：路径里有一段不是文件夹"


# ---------------------------------------------------------------- templates


def test_templates_are_read_in_utf_8_with_any_line_ends(tmp_path: Path) -> None:
    put(tmp_path, "a.html", "\ufeff甲\r\n乙\r丙\n".encode())
    put(tmp_path, "partials/b.xml", b"x")
    put(tmp_path, "notes.docx", b"x")
    assert dict(templates.read(tmp_path)) == {"a.html": "甲\n乙\n丙\n", "partials/b.xml": "x"}


def test_a_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for name, data, code in (("a.html", "甲".encode("gbk"), "encoding"), ("b\x07.html", b"x", "name")):
        path = put(tmp_path / code, name, data)
        with pytest.raises(ContentError) as caught:
            list(templates.read(path.parent))
        assert [found.code for found in caught.value.diagnostics] == [f"template.{code}"]
    (tmp_path / "folder/a.html").mkdir(parents=True)
    (tmp_path / "link").mkdir()
    (tmp_path / "link/a.html").symlink_to(tmp_path / "encoding/a.html")
    with pytest.raises(ContentError) as caught:
        list(templates.read(tmp_path / "link"))
    assert [found.code for found in caught.value.diagnostics] == ["template.outside"]
    assert list(templates.read(tmp_path / "folder")) == []
