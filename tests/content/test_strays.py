"""Links, pipes and files without end among the sources: nothing from outside is published, and nothing is waited for."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.content.scan import DEEPEST, MOST_LINKED, scan
from preview_helpers import previewed
from site_test import NOW, SiteTest, photo, tree

SECRET = "机密：不要发布"
HEAD = "---\ntitle: 一篇报道\ndate: 2024-03-13\n"


@pytest.fixture
def safe(site: SiteTest) -> SiteTest:
    """A site with something beside content/, theme/ and templates/ that nobody may see."""
    site.article("meetings/a.md").write("secret.txt", SECRET).write(".git/config", SECRET)
    site.write("keys/secret.md", f"{HEAD}---\n\n{SECRET}\n").write("keys/photo.jpg", photo())
    site.write("content/.hidden/secret.txt", SECRET).write("content/meetings/real.txt", "给读者的")
    return site


def link(path: str, target: str) -> Callable[[SiteTest], SiteTest]:
    """A step: put a link there."""

    def put(site: SiteTest) -> SiteTest:
        place = site.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(target.replace("ROOT", str(site.root)))
        return site

    return put


def naming(target: str, key: str = "附件") -> Callable[[SiteTest], SiteTest]:
    """A step: a report that names a file."""
    picture = f"![]({target})\n\n" if target.endswith(".jpg") else ""
    text = f"{HEAD}{key}: {target}\n---\n\n{picture}[一]({target})\n"
    return lambda site: site.write("content/meetings/b.md", text)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("content/meetings/s.txt", "../../.git/config"),
        ("content/meetings/s.txt", "ROOT/secret.txt"),
        ("content/meetings/s.txt", "/etc/passwd"),
        ("content/meetings/s.txt", "../../site.yaml"),
        ("content/meetings/s.txt", "../.hidden/secret.txt"),
        ("content/meetings/s.txt", "missing.txt"),
        ("content/meetings/s.txt", "s.txt"),
        ("content/meetings/s.txt", "a.md"),
        ("content/meetings/s.jpg", "../../keys/photo.jpg"),
        ("content/meetings/s.md", "../../keys/secret.md"),
        ("content/meetings/_index.md", "../../keys/secret.md"),
        ("content/meetings/more", "../../keys"),
        ("content/meetings/more", "../.."),
        ("content/notices", "../keys"),
    ],
)
def test_a_link_out_of_content_is_told_and_publishes_nothing(safe: SiteTest, path: str, target: str) -> None:
    before = tree(safe.built().out)
    built = link(path, target)(naming("s.txt")(safe)).build()
    assert built.code == 1
    assert f"content.outside {path}:1" in built.said("error")
    assert tree(built.out) == before
    with previewed(safe.root) as preview:
        assert any(error.path == path for error in preview.session.version.errors)
        assert preview.session.version.outputs == {}


def test_a_link_to_a_link_is_judged_by_where_it_ends(safe: SiteTest) -> None:
    link("content/meetings/one.txt", "two.txt")(safe)
    link("content/meetings/two.txt", "../../secret.txt")(safe)
    assert set(safe.build().said("error")) == {
        "content.outside content/meetings/one.txt:1",
        "content.outside content/meetings/two.txt:1",
    }
    link("content/meetings/two.txt", "real.txt")(safe)
    published = tree(naming("one.txt")(safe).built().out)
    assert "给读者的".encode() in published.values()


def test_a_folder_that_is_a_link_to_elsewhere_is_told(safe: SiteTest) -> None:
    for folder in ("content", "theme", "templates"):
        if (safe.root / folder).exists():
            (safe.root / folder).rename(safe.root / f"{folder}-of-others")
        else:
            safe.write(f"{folder}-of-others/x.html", SECRET)
        link(folder, f"{folder}-of-others")(safe)
        built = safe.build()
        assert built.code == 1
        assert f"{folder}:1" in " ".join(built.said("error"))
        (safe.root / folder).unlink()
        if folder == "content":
            (safe.root / f"{folder}-of-others").rename(safe.root / folder)
    safe.built()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("theme/s.txt", "../.git/config"),
        ("theme/s.css", "/etc/passwd"),
        ("theme/sub", "../keys"),
        ("theme/sub", "."),
        ("theme/s.txt", "missing.txt"),
        ("templates/x.html", "/etc/passwd"),
        ("templates/x.html", "../secret.txt"),
        ("templates/x.html", "missing.html"),
    ],
)
def test_a_link_out_of_theme_or_templates_is_told(safe: SiteTest, path: str, target: str) -> None:
    built = link(path, target)(safe).build()
    assert built.code == 1
    (told,) = [item for item in built.document["diagnostics"] if item["severity"] == "error"]
    assert told["path"] == path
    assert "复制到这里" in told["hint"]


def test_a_link_within_theme_or_templates_is_followed(safe: SiteTest) -> None:
    safe.write("theme/real.txt", "x").write("templates/_real.html", "x")
    link("theme/again.txt", "real.txt")(safe)
    link("templates/_again.html", "_real.html")(safe)
    assert len([name for name in safe.built().addresses() if "again" in name]) == 1


# ------------------------------------------------------------ names


@pytest.mark.parametrize(
    "name",
    [
        "x.a:b",
        "x.a\tb",
        "x.a\nb",
        "x.a\\b",
        "x.\x7f",
        "x.\u202ea",
        "x.a b",
        "x.图",
        "con.css",
        "AUX.png",
        "nul",
        "x?.png",
        "x.a%b",
    ],
)
def test_a_theme_file_whose_name_is_none_everywhere_is_told_and_the_site_can_be_built_without(
    site: SiteTest, name: str
) -> None:
    before = tree(site.article("meetings/a.md").built().out)
    site.write(f"theme/{name}", "x")
    built = site.build()
    (told,) = [item for item in built.document["diagnostics"] if item["severity"] == "error"]
    assert told["code"] == "theme.file"
    assert told["path"].isprintable()
    assert "换一个名字" in told["hint"]
    site.remove(f"theme/{name}")
    assert tree(site.built().out) == before


@pytest.mark.parametrize("folder", ["content/meetings", "theme", "templates"])
def test_a_name_in_another_encoding_is_told(site: SiteTest, folder: str) -> None:
    site.article("meetings/a.md").write(f"{folder}/x", "x")
    os.rename(site.root / folder / "x", os.fsencode(site.root / folder) + b"/\xb5\xb3\xbd\xa8.html")  # noqa: PTH104
    built = site.build()
    assert built.code == 1
    assert f"{folder}/\\udcb5" in built.said("error")[0]


def test_a_name_that_is_a_device_on_windows_is_told(site: SiteTest) -> None:
    built = site.article("meetings/con.md").article("meetings/auxiliary.md", date="2024-03-14").built()
    assert built.said() == ["content.name content/meetings/con.md:1"]
    assert "con-1.md" in built.document["diagnostics"][0]["hint"]


# ------------------------------------------------------------ no end


def test_folders_that_lead_to_one_another_end_soon(site: SiteTest) -> None:
    names = [f"f{number}" for number in range(20)]
    for name in names:
        site.section(name, name).article(f"{name}/a.md")
    for name in names:
        for other in names:
            link(f"content/{name}/to-{other}", f"../{other}")(site)
    found = scan(site.root)
    assert {item.code for item in found.diagnostics} == {"content.loop"}
    assert len(found.diagnostics) <= len(names) ** 2 + 1
    assert len(found.found) <= 2 * (len(names) + MOST_LINKED) + 2


def test_folders_within_folders_are_told_where_they_become_too_many(site: SiteTest) -> None:
    deepest = "/".join("d" for _ in range(900))
    descriptor = os.open(site.root / "content/meetings", os.O_RDONLY)
    for _ in deepest.split("/"):
        os.mkdir("d", dir_fd=descriptor)
        inner = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    built = site.build()
    assert built.code == 1
    assert built.said() == [f"content.depth content/meetings/{'/'.join('d' * (DEEPEST - 1))}:1"]
    subprocess.run(["rm", "-rf", site.root / "content/meetings/d"], check=True)


@pytest.mark.parametrize("folder", ["public", "theme", "templates"])
def test_deep_folders_elsewhere_do_no_harm(site: SiteTest, folder: str) -> None:
    site.article("meetings/a.md").built()
    (site.root / folder / "/".join("d" * 900)).mkdir(parents=True)
    site.article("meetings/a.md", "别的。\n").built()


@pytest.mark.long
@pytest.mark.parametrize("path", ["site.yaml", "withdrawn.yaml", "content/meetings/x.md", "content/meetings/x.pdf",
                                  "theme/x.css", "theme/x.png", "templates/x.html", "public/.newsgen.json"])  # fmt: skip
def test_a_pipe_is_not_waited_for(site: SiteTest, path: str) -> None:
    site.article("meetings/a.md").built()
    place = site.root / path
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(site.root), "--now", NOW]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert path.rpartition("/")[2] in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if path.startswith("content/") else 2 if "/." in path or "/" not in path else 1)


def sparse(path: Path, size: int) -> None:
    """A file of this size that takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


@pytest.mark.parametrize("path", ["content/meetings/x.md", "content/meetings/b.pdf", "content/meetings/b.jpg",
                                  "theme/x.bin", "templates/x.html", "site.yaml", "withdrawn.yaml"])  # fmt: skip
def test_a_file_that_claims_a_terabyte_is_refused_with_its_size(site: SiteTest, path: str) -> None:
    site.article("meetings/a.md").built()
    naming(path.rpartition("/")[2])(site)
    sparse(site.root / path, 1 << 40)
    built = site.build()
    assert built.code in (1, 2)
    told = " ".join(item["message"] for item in built.document["diagnostics"])
    assert "1099511.6 MB" in told if path.endswith(".md") else "1099.5 GB" in told


@pytest.mark.long
def test_a_video_is_published_without_being_held_in_memory(site: SiteTest) -> None:
    sparse(site.root / "content/meetings/v.mp4", 600_000_000)
    site.write("content/meetings/a.md", f"{HEAD}附件: v.mp4\n---\n\n正文。\n")
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(site.root), "--now", NOW, "--jobs", "1"]

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (400_000_000, 400_000_000))

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, preexec_fn=limited)
    assert done.returncode == 0, done.stderr
    (video,) = (site.root / "public/media").iterdir()
    assert video.stat().st_size == 600_000_000
    video.unlink()
    (site.root / "content/meetings/v.mp4").unlink()
