"""Pictures on the site: which files there are, what of them is kept, and what a browser is offered."""

from __future__ import annotations

import io
import random
import re
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from newsgen.build.cache import pictures as picture_cache
from newsgen.build.cache.rows import CHECKSUM
from newsgen.content import images
from newsgen.core.model import PictureFile
from newsgen.preview.session import Session
from newsgen.render import pictures
from oracle import START
from site_test import SITE_YAML, Built, SiteTest

GPS = 0x8825


@lru_cache
def photo(seed: int = 1, size: tuple[int, int] = (1600, 1200), form: str = "JPEG", orientation: int = 1) -> bytes:
    """A phone photo: coarse noise, so that it looks like one to an encoder; with a place and on its side where asked."""
    dice = random.Random(seed)
    image = Image.frombytes("RGB", (48, 36), dice.randbytes(48 * 36 * 3)).resize(size, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(GPS)[1] = "N"
    target = io.BytesIO()
    image.save(target, form, quality=90, **({"exif": exif} if form == "JPEG" else {}))
    return target.getvalue()


def opened(path: Path) -> Image.Image:
    """A published picture."""
    return Image.open(io.BytesIO(path.read_bytes()))


def media(built: Built) -> dict[str, tuple[str, tuple[int, int]]]:
    """The published pictures: what follows the digest -> format and size."""
    found = {}
    for address in sorted(built.addresses()):
        if address.startswith("media/"):
            image = opened(built.out / address)
            assert not image.info.keys() & {"exif", "icc_profile", "xmp", "comment"}, address
            found[re.sub(r".*[0-9a-f]{10}\.", "", address)] = image.format or "", image.size
    return found


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is encoded, one by one: the path of the picture and the form."""
    found: list[str] = []
    publish = images.published

    def noted(data: bytes, seen: images.Probe, forms: list[images.Form]) -> list[bytes]:
        found.extend(f"{width}{suffix}" for width, suffix in forms)
        return publish(data, seen, forms)

    monkeypatch.setattr(images, "published", noted)
    monkeypatch.setattr("newsgen.build.workers.ENOUGH", 10_000)  # here, not in another process
    return found


def test_a_photo_in_a_text_is_published_in_the_widths_of_a_text(site: SiteTest) -> None:
    built = site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    assert media(built) == {
        "480.webp": ("WEBP", (480, 360)),
        "720.webp": ("WEBP", (720, 540)),
        "960.webp": ("WEBP", (960, 720)),
        "1440.webp": ("WEBP", (1440, 1080)),
        "960.jpg": ("JPEG", (960, 720)),
        "jpg": ("JPEG", (1600, 1200)),
        "share.jpg": ("JPEG", (1200, 630)),
        "24.webp": ("WEBP", (24, 18)),
    }


def test_a_browser_is_offered_all_of_them_with_their_widths_and_the_room_that_there_is(site: SiteTest) -> None:
    built = site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    page = built.text("meetings/2024/0313-a.html")
    (source,) = re.findall(r'<picture><source type="image/webp" srcset="([^"]*)" sizes="([^"]*)">', page)
    assert re.findall(r"(\d+)\.webp (\d+)w", source[0]) == [(width, width) for width in ("480", "720", "960", "1440")]
    assert source[1] == "(max-width: 767px) min(100vw - 34px, 720px), 720px"
    assert re.search(r'<img alt="会场" src="[^"]*\.960\.jpg" width="1600" height="1200" fetchpriority="high">', page)


def test_all_but_the_first_photo_wait_until_they_come_near(site: SiteTest) -> None:
    for number in (1, 2, 3):
        site.write(f"content/meetings/{number}.jpg", photo(number, (400, 300)))
    built = site.article("meetings/a.md", "![一](1.jpg)\n\n![二](2.jpg)\n\n![三](3.jpg)\n").built()
    images = re.findall(r"<img [^>]*media/[^>]*>", built.text("meetings/2024/0313-a.html"))
    assert ['loading="lazy"' in image for image in images] == [False, True, True]


@pytest.mark.parametrize("pinned", ["", "是"])
def test_the_first_photo_of_a_list_does_not_wait(site: SiteTest, pinned: str) -> None:
    site.section("meetings", "会议动态", "kind: 图文\n")
    for number in (1, 2, 3):
        site.write(f"content/meetings/{number}.jpg", photo(number, (400, 300)))
        top = {"pinned": pinned} if pinned and number == 2 else {}
        site.article(f"meetings/a{number}.md", f"![图]({number}.jpg)\n", date=f"2024-03-0{number}", **top)
    listing = site.built().text("meetings/index.html")
    images = re.findall(r"<picture>.*?<img ([^>]*)>", listing)
    assert ['loading="lazy"' in image for image in images] == [False, True, True]
    assert 'fetchpriority="high"' in images[0]


def test_a_small_photo_is_never_enlarged(site: SiteTest) -> None:
    built = (
        site.write("content/meetings/a.jpg", photo(size=(300, 200)))
        .article("meetings/a.md", "![会场](a.jpg)\n")
        .built()
    )
    assert media(built) == {
        "300.webp": ("WEBP", (300, 200)),
        "jpg": ("JPEG", (300, 200)),
        "share.jpg": ("JPEG", (1200, 630)),
        "24.webp": ("WEBP", (24, 16)),
    }


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_on_its_side_is_upright_in_every_width(site: SiteTest, orientation: int) -> None:
    data = photo(size=(1200, 900), orientation=orientation)
    built = site.write("content/meetings/a.jpg", data).article("meetings/a.md", "![会场](a.jpg)\n").built()
    across, down = (900, 1200) if orientation >= 5 else (1200, 900)
    sizes = {size for name, (_, size) in media(built).items() if name not in ("share.jpg", "24.webp")}
    assert all(abs(width * down - height * across) <= down for width, height in sizes), sizes
    assert max(sizes) == (across, down)


def test_a_photo_that_was_saved_as_png_becomes_jpeg_and_webp(site: SiteTest) -> None:
    dice = random.Random(1)
    image = Image.frombytes("RGB", (1200, 900), dice.randbytes(1200 * 900 * 3)).resize(
        (1100, 825), Image.Resampling.BOX
    )
    target = io.BytesIO()
    image.convert("RGBA").save(target, "PNG")
    built = site.write("content/meetings/a.png", target.getvalue()).article("meetings/a.md", "![会场](a.png)\n").built()
    assert media(built)["jpg"] == ("JPEG", (1100, 825))
    assert media(built)["480.webp"][0] == "WEBP"


def test_a_drawing_stays_without_losses_in_every_width(site: SiteTest) -> None:
    image = Image.new("RGB", (1000, 600), "white")
    for number in range(40):
        image.paste((number * 6, 80, 160), (number * 25, 0, number * 25 + 12, 600))
    target = io.BytesIO()
    image.save(target, "PNG")
    built = site.write("content/meetings/a.png", target.getvalue()).article("meetings/a.md", "![图](a.png)\n").built()
    found = {address: built.out / address for address in built.addresses() if address.startswith("media/")}
    (png,) = (path for address, path in found.items() if address.endswith(".png"))
    (same,) = (path for address, path in found.items() if address.endswith("1000.webp"))
    assert opened(png).convert("RGB").tobytes() == opened(same).convert("RGB").tobytes() == image.tobytes()
    assert [address for address in found if address.endswith(".jpg") and ".share." not in address] == []


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_stays_one(site: SiteTest, form: str) -> None:
    frames = [Image.new("RGB", (1200, 800), colour) for colour in ("red", "lime", "blue")]
    target = io.BytesIO()
    frames[0].save(target, form, save_all=True, append_images=frames[1:], duration=200, loop=0)
    name = f"a.{form.lower()}"
    built = (
        site.write(f"content/meetings/{name}", target.getvalue()).article("meetings/a.md", f"![图]({name})\n").built()
    )
    found = media(built)
    assert found == {
        "960.webp": ("WEBP", (960, 640)),
        "gif": ("GIF", (1200, 800)),
        "share.jpg": ("JPEG", (1200, 630)),
    }
    for path in (path for path in (built.out / "media").iterdir() if "share" not in path.name):
        assert getattr(opened(path), "n_frames", 1) == 3
        assert opened(path).info["loop"] == 0


def test_thumbnails_cards_and_slides_have_widths_of_their_own(site: SiteTest) -> None:
    site.section("photos", "图片", "kind: 图文\n")
    site.write("content/photos/a.jpg", photo()).article("photos/a.md", "正文。\n", cover="a.jpg")
    built = site.built()
    assert set(media(built)) == {
        *("240.webp", "480.webp", "480.jpg"),  # of the list
        *("720.webp", "960.webp", "1440.webp", "960.jpg"),  # of the slide on the home page
        *("jpg", "share.jpg", "24.webp"),
    }
    assert "240w" in built.text("photos/index.html")
    assert "1440w" in built.text("index.html")


def test_the_widths_are_those_of_site_yaml(site: SiteTest) -> None:
    site.write("site.yaml", f"{SITE_YAML}photos:\n  article: 300、600\n")
    built = site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    assert {"300.webp", "600.webp", "600.jpg"} <= set(media(built))


def test_what_is_offered_is_there_and_what_is_there_is_offered(site: SiteTest) -> None:
    site.section("photos", "图片", "kind: 图文\n")
    for number in range(3):
        site.write(f"content/photos/{number}.jpg", photo(number, (1000 + 300 * number, 700)))
        site.article(f"photos/{number}.md", f"![会场]({number}.jpg)\n", title=f"第{number}篇")
    built = site.built()
    pages = "".join(built.text(address) for address in built.addresses() if address.endswith(".html"))
    offered = {f"media/{name}" for name in re.findall(r"media/([\w.-]+)", pages)}
    there = {address for address in built.addresses() if address.startswith("media/")}
    assert offered <= there
    assert {address for address in there - offered if re.search(r"\.\d+\.\w+$", address)} == set()


@pytest.mark.parametrize("size", [(800, 600), (600, 900), (1600, 400), (200, 100)])
def test_beside_a_link_the_whole_photo_is_shown_on_a_ground_of_its_own_colours(
    site: SiteTest, size: tuple[int, int]
) -> None:
    data = photo(size=size)
    built = site.write("content/meetings/a.jpg", data).article("meetings/a.md", "![会场](a.jpg)\n").built()
    page = built.text("meetings/2024/0313-a.html")
    (address,) = re.findall(r'"og:image" content="https://sm.example.edu.cn/dqgz/(media/[^"]*)"', page)
    assert '"og:image:width" content="1200"' in page
    assert '"og:image:height" content="630"' in page
    image = opened(built.out / address).convert("RGB")
    assert image.size == (1200, 630)
    scale = min(1, 1200 / size[0], 630 / size[1])
    across, down = round(size[0] * scale), round(size[1] * scale)
    left, top = (1200 - across) // 2, (630 - down) // 2
    inside = image.crop((left, top, left + across, top + down))
    original = Image.open(io.BytesIO(data)).convert("RGB").resize((across, down), Image.Resampling.LANCZOS)
    difference = ImageStat.Stat(ImageChops.difference(inside, original)).mean
    assert max(difference) < 16, difference


# ---------------------------------------------------------------- kept


def test_a_caption_that_is_touched_encodes_nothing(site: SiteTest, encoded: list[str]) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    encoded.clear()
    built = site.article("meetings/a.md", "![会场全景](a.jpg)\n").built()
    assert built.document["rendered"] == 1
    assert encoded == []


def test_a_photo_that_is_replaced_is_encoded_and_the_pages_that_show_it_rendered(
    site: SiteTest, encoded: list[str]
) -> None:
    site.write("content/meetings/a.jpg", photo(1)).article("meetings/a.md", "![会场](a.jpg)\n")
    site.write("content/meetings/b.jpg", photo(2)).article("meetings/b.md", "![会场](b.jpg)\n", title="另一篇").built()
    before = set(encoded)
    encoded.clear()
    built = site.write("content/meetings/a.jpg", photo(3)).built()
    assert sorted(encoded) == sorted(before)
    assert built.document["deleted"] == len(before)
    assert "meetings/2024/0313-b.html" in built.addresses()


def test_a_photo_that_is_deleted_leaves_nothing(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    built = site.remove("content/meetings/a.jpg").article("meetings/a.md", "正文。\n").built()
    assert media(built) == {}
    assert list((site.root / ".newsgen" / "pictures").iterdir()) == []


def test_a_lost_output_folder_is_filled_from_what_was_kept(site: SiteTest, encoded: list[str]) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    encoded.clear()
    other = site.built("-o", str(site.root / "other"))
    assert encoded == []
    assert len(media(other)) == 8


def test_a_site_that_is_verified_has_each_file_of_a_photo_encoded_once(site: SiteTest, encoded: list[str]) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    before = sorted(encoded)
    encoded.clear()
    site.built("--verify", "100%")
    assert sorted(encoded) == before


def test_what_is_kept_can_be_deleted_or_damaged_and_the_site_is_the_same(site: SiteTest, encoded: list[str]) -> None:
    built = site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    before = {path.name: path.read_bytes() for path in (built.out / "media").iterdir()}
    kept = sorted((site.root / ".newsgen" / "pictures").iterdir())
    kept[0].write_bytes(kept[0].read_bytes()[:-9])
    kept[1].unlink()
    kept[2].write_bytes(kept[3].read_bytes())
    encoded.clear()
    again = site.built("-o", str(site.root / "other"))
    assert {path.name: path.read_bytes() for path in (again.out / "media").iterdir()} == before
    assert len(encoded) == 3


def test_a_width_that_no_place_has_any_more_is_swept(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    site.write(
        "site.yaml", f"{SITE_YAML}photos:\n  article: 700\n  slides: 700\n  cards: 700\n  thumbnails: 700\n"
    ).built()
    names = {path.name.rpartition("-")[2] for path in (site.root / ".newsgen" / "pictures").iterdir()}
    assert names == {"700.webp", "1600.jpg", "700.jpg", "1200.share.jpg", "24.webp"}


@pytest.mark.parametrize("size", [(2400, 1600), (1600, 1200), (1280, 853)])
def test_every_file_depends_on_the_photo_and_its_own_width_alone(size: tuple[int, int]) -> None:
    data = photo(size=size)
    seen = images.probe(data)
    small: list[images.Form] = [(width, ".webp") for width in (240, 480, 720, 960, 24)]
    forms: list[images.Form] = [
        (seen.width, ".jpg"),
        (1200, ".share.jpg"),
        (960, ".jpg"),
        (seen.width, ".webp"),
        *small,
    ]
    together = dict(zip(forms, images.published(data, seen, forms), strict=True))
    for form in forms:
        assert images.published(data, seen, [form]) == [together[form]], form


def test_a_photo_that_is_cut_is_told_and_nothing_is_replaced(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    result = site.write("content/meetings/a.jpg", photo(2)[:90_000]).build()
    assert result.code == 1
    assert result.said("error") == ["image.damaged content/meetings/a.jpg:1"]
    assert len(media(result)) == 8


def test_pictures_are_encoded_where_their_source_is_read_once(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def noted(path: Path, most: int) -> bytes:
        read.append(path)
        return path.read_bytes()[:most]

    monkeypatch.setattr(pictures, "read_file", noted)
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n").built()
    assert len(read) == 1


def test_other_widths_render_the_pages_that_show_a_photo_and_no_others(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n")
    site.article("meetings/b.md", "见[照片](a.jpg)。\n", title="另一篇")
    before = pages(site.built())
    built = site.write("site.yaml", f"{SITE_YAML}photos:\n  article: 700\n").built()
    after = pages(built)
    assert {path for path in after if after[path] != before[path]} == {"meetings/2024/0313-a.html"}
    rendered = len([path for path in built.addresses() if ".700." in path]) + 1
    assert built.document["rendered"] == rendered


def pages(built: Built) -> dict[str, str]:
    """The pages of a built site."""
    return {path: built.text(path) for path in built.addresses() if path.endswith(".html")}


def test_a_scan_of_several_pages_is_told(site: SiteTest) -> None:
    target = io.BytesIO()
    pages = [Image.new("RGB", (300, 200), colour) for colour in ("red", "green", "blue")]
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    site.write("content/meetings/a.tif", target.getvalue()).article("meetings/a.md", "![扫描件](a.tif)\n")
    said = site.built().stderr
    assert "a.tif 有 3 页，网页上只显示第 1 页" in said
    assert "存成 PDF" in said


def test_the_preview_makes_the_file_on_screen_first_and_the_others_afterwards(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n")
    session = Session(site.root, lambda: START)
    files = [path for path in session.look().outputs if path.startswith("media/")]
    cache, folder = session._pictures, site.root / ".newsgen" / "pictures"
    assert cache._afterwards is not None
    asked = min(files)
    data = session.rendered(asked).data
    assert data
    cache._afterwards.submit(lambda: None).result()  # what was to be done before is done
    kept = {path.name.rpartition("-")[2]: path.read_bytes()[CHECKSUM:] for path in folder.iterdir()}
    assert len(kept) == len(files) > 2
    session.close()
    built = site.built()
    assert sorted(kept.values()) == sorted((built.out / path).read_bytes() for path in files)
    assert data == (built.out / asked).read_bytes()


def test_a_photo_that_is_replaced_meanwhile_disturbs_no_preview(site: SiteTest) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n")
    session = Session(site.root, lambda: START)
    asked = min(path for path in session.look().outputs if path.startswith("media/"))
    (file,) = (value for value in session.version.outputs[asked].values().values() if isinstance(value, PictureFile))
    site.write("content/meetings/a.jpg", photo(2))
    session._pictures._complete(file)
    assert not list((site.root / ".newsgen").glob("pictures/*"))
    session.close()


def test_a_site_whose_drive_is_pulled_out_meanwhile_is_not_made_anew(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("content/meetings/a.jpg", photo()).article("meetings/a.md", "![会场](a.jpg)\n")
    session = Session(site.root, lambda: START)
    asked = min(path for path in session.look().outputs if path.startswith("media/"))
    (file,) = (value for value in session.version.outputs[asked].values().values() if isinstance(value, PictureFile))
    site.root.rename(site.root.with_name("pulled out"))
    monkeypatch.setattr(picture_cache, "encoded", lambda root, picture, others: [b"x"] * len(others))
    session._pictures._complete(file)
    assert not site.root.exists()
    site.root.with_name("pulled out").rename(site.root)
    session.close()
