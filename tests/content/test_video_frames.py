"""The first frame of a video, by a program in ffmpeg's place: how it is asked, and what becomes of its answer."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from newsgen.content import video_frames
from newsgen.content.video_frames import first_frame
from site_test import Built, SiteTest, tree

VIDEO = b"\0\0\0\x18ftypmp42" + bytes(100)
PAGE = "meetings/2024/0313-a.html"
SCRIPT = f"""#!{sys.executable}
import json, pathlib, sys, time
here = pathlib.Path(__file__).parent
(here / "asked.json").write_text(json.dumps(sys.argv[1:]))
exec((here / "deed.py").read_text())
sys.stdout.buffer.write((here / "frame").read_bytes())
"""
Install = Callable[..., Path]


def frame(width: int = 96, height: int = 54) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "#2060c0").save(target, "BMP")
    return target.getvalue()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a program in ffmpeg's place that does what is asked for and writes `answer`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def installed(answer: bytes, deed: str = "") -> Path:
        (folder / "frame").write_bytes(answer)
        (folder / "deed.py").write_text(deed, "utf-8")
        (folder / "ffmpeg").write_text(SCRIPT, "utf-8")
        (folder / "ffmpeg").chmod(0o755)
        return folder

    return installed


@pytest.fixture
def video(site: SiteTest) -> SiteTest:
    """An article with a video."""
    return site.write("content/meetings/会议.mp4", VIDEO).article("meetings/a.md", "![录像](会议.mp4)\n")


def posters(built: Built) -> list[str]:
    return sorted(address for address in built.addresses() if "poster" in address)


def test_a_player_shows_the_first_frame_until_it_plays_and_paper_shows_it_too(
    video: SiteTest, install: Install
) -> None:
    install(frame())
    built = video.built("--strict")
    (address,) = posters(built)
    page = built.text(PAGE)
    assert f' poster="../../{address}" width="96" height="54"></video>' in page
    assert f'<img class="still" alt="" src="../../{address}" width="96" height="54" loading="lazy"></span>' in page
    with Image.open(built.out / address) as image:
        assert (image.format, image.size) == ("JPEG", (96, 54))
        pixel = image.convert("RGB").getpixel((48, 27))
    assert isinstance(pixel, tuple)
    assert all(abs(found - wanted) < 4 for found, wanted in zip(pixel, (0x20, 0x60, 0xC0), strict=True))
    assert video.built("--verify", "100%").document["rendered"] == 0


@pytest.mark.usefixtures("install")
def test_without_ffmpeg_the_player_is_plain(video: SiteTest) -> None:
    built = video.built("--strict")
    assert posters(built) == []
    assert 'poster="' not in built.text(PAGE)
    assert "still" not in built.text(PAGE)


def test_ffmpeg_that_comes_or_goes_is_noticed_though_no_source_has_changed(video: SiteTest, install: Install) -> None:
    plain = tree(video.at_rest().built().out)
    assert video.built().document["rendered"] == 0
    folder = install(frame())
    with_poster = video.built()
    assert with_poster.document["rendered"] == 2
    assert tree(with_poster.out) == tree(video.built("-o", str(video.root.with_name("fresh"))).out)
    assert tree(with_poster.out) != plain
    (folder / "ffmpeg").unlink()
    assert tree(video.built().out) == plain


@pytest.mark.parametrize(
    ("answer", "deed"),
    [(b"", ""), (b"no picture", ""), (frame(), "sys.exit(1)"), (frame()[:200], ""), (frame(), "time.sleep(60)")],
    ids=["nothing", "nonsense", "failed", "half", "hanging"],
)
def test_a_video_of_which_ffmpeg_makes_nothing_has_a_plain_player(
    video: SiteTest, install: Install, monkeypatch: pytest.MonkeyPatch, answer: bytes, deed: str
) -> None:
    monkeypatch.setattr(video_frames, "LIMIT", 0.5 if "sleep" in deed else 60)
    install(answer, deed)
    built = video.built("--strict")
    assert posters(built) == []
    assert 'poster="' not in built.text(PAGE)


def test_a_frame_that_cannot_be_taken_any_more_is_a_plain_ground(video: SiteTest, install: Install) -> None:
    folder = install(frame())
    video.at_rest().built()
    (folder / "deed.py").write_text("sys.exit(1)", "utf-8")
    built = video.built()
    (address,) = posters(built)
    (built.out / address).unlink()
    with Image.open(video.built().out / address) as image:
        assert image.size == (96, 54)
        assert max(image.convert("L").tobytes()) < 40


def test_ffmpeg_may_read_that_one_file_alone_in_the_format_of_its_suffix(tmp_path: Path, install: Install) -> None:
    folder = install(frame())
    for name, format in (("-a b.mp4", "mov"), ("c.WEBM", "matroska")):
        (tmp_path / name).write_bytes(VIDEO)
        assert first_frame(tmp_path / name)
        asked = json.loads((folder / "asked.json").read_text("utf-8"))
        at = asked.index("-i")
        assert asked[at - 6 : at] == ["-protocol_whitelist", "file", "-max_pixels", "60000000", "-f", format]
        assert asked[at + 1] == f"file:{tmp_path / name}"


def test_a_program_in_the_working_folder_is_not_run(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install(frame())
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    assert first_frame(tmp_path / "a.mp4") is None
    assert not (folder / "asked.json").exists()


def test_a_poster_that_was_typed_stays(video: SiteTest, install: Install) -> None:
    install(frame())
    target = io.BytesIO()
    Image.new("RGB", (60, 40)).save(target, "JPEG")
    video.write("content/meetings/p.jpg", target.getvalue())
    video.article("meetings/a.md", '<video src="会议.mp4" poster="p.jpg"></video>\n')
    (player,) = [line for line in video.built().text(PAGE).splitlines() if "<video" in line]
    assert player.count("poster=") == 1
    assert "media/p-" in player
