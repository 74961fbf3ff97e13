"""Releases signed by an SSH key: who may sign is written in the site, and what others have signed is not trusted."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from publish_helpers import Publishing, target_on
from servers import make_key
from site_test import SiteTest


@pytest.fixture(params=["folder", "folder-flat"])
def published(
    request: pytest.FixtureRequest, site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Publishing:
    """A site whose releases 王 signs."""
    site.article("meetings/a.md", title="第一篇")
    made = Publishing(site, target_on(None, request.param, tmp_path), capsys)
    make_key(tmp_path / "wang")
    site.write("signers", f"王 {(tmp_path / 'wang.pub').read_text('utf-8')}")
    made.settings(f"  sign: {{signers: signers, key: {tmp_path / 'wang'}}}\n")
    return made


def records(published: Publishing) -> Path:
    return published.target.folder / ".newsgen" / "records"


def test_who_signed_is_told(published: Publishing) -> None:
    release = published.published().document["release"]
    found = published.run("verify")
    assert (found.code, found.document["signed_by"]) == (0, "王")
    assert (records(published) / f"{release}.sig").read_text("ascii").startswith("-----BEGIN SSH SIGNATURE-----")


def test_a_signature_can_be_checked_without_newsgen(published: Publishing) -> None:
    release = published.published().document["release"]
    command = ["ssh-keygen", "-Y", "verify", "-n", "newsgen-release", "-I", "王", "-f", "signers"]
    done = subprocess.run(
        [*command, "-s", str(records(published) / f"{release}.sig")],
        input=(records(published) / f"{release}.json").read_bytes(),
        capture_output=True,
        cwd=published.site.root,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((records(published) / f"{release}.json").read_bytes())
    lists = "".join(
        (published.target.folder / ".newsgen" / "lists" / name).read_text("ascii") for name in record["lists"]
    )
    checked = subprocess.run(["sha256sum", "-c"], input=lists.encode(), cwd=published.target.docroot, check=False)
    assert checked.returncode == 0


def test_a_key_from_a_variable_signs(published: Publishing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY", (tmp_path / "wang").read_text("utf-8"))
    published.settings("  sign: {signers: signers, key_env: SIGNING_KEY}\n")
    published.published()
    assert published.run("verify").document["signed_by"] == "王"


def test_a_machine_without_the_key_checks_all_the_same(published: Publishing) -> None:
    published.published()
    published.settings("  sign: {signers: signers}\n")
    assert published.run("verify").document["signed_by"] == "王"


@pytest.mark.parametrize("what", ["unsigned", "stranger", "altered"])
def test_a_record_that_nobody_signed_who_may_is_found_and_not_gone_back_to(
    published: Publishing, tmp_path: Path, what: str
) -> None:
    first = published.published().document["release"]
    published.site.article("meetings/b.md", title="第二篇")
    second = published.published().document["release"]
    for release in (first, second):
        record, signature = records(published) / f"{release}.json", records(published) / f"{release}.sig"
        if what == "unsigned":
            signature.unlink()
        elif what == "altered":
            record.write_bytes(record.read_bytes().replace(b'"builder": "', b'"builder": "x'))
        else:
            make_key(tmp_path / release)
            signature.unlink()
            sign = [
                "ssh-keygen",
                "-q",
                "-Y",
                "sign",
                "-n",
                "newsgen-release",
                "-f",
                str(tmp_path / release),
                str(record),
            ]
            subprocess.run(sign, check=True, capture_output=True)
            shutil.move(f"{record}.sig", signature)
    found = published.run("verify")
    assert (found.code, found.document["signed_by"], found.codes()) == (1, None, ["verify.signature"])
    back = published.run("rollback")
    assert (back.code, back.codes()) == (1, ["verify.signature"])
    assert published.published().document["published"] is True
    assert published.run("verify").document["signed_by"] == "王"


def test_assets_of_a_release_that_nobody_signed_are_not_carried_into_a_signed_one(published: Publishing) -> None:
    published.settings()
    published.site.write("theme/evil.js", "evil()\n")
    published.published()
    (evil,) = (path for path in published.built() if path.startswith("assets/evil."))
    published.settings(f"  sign: {{signers: signers, key: {published.site.root.parent / 'wang'}}}\n")
    published.site.remove("theme/evil.js")
    assert published.published().document["carried"] == []
    assert evil not in published.target.served()


def test_a_list_that_was_altered_is_found(published: Publishing) -> None:
    published.published()
    shutil.rmtree(published.site.root / ".newsgen" / "published")
    (path,) = (published.target.folder / ".newsgen" / "lists").iterdir()
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    found = published.run("verify")
    assert (found.code, found.codes()) == (1, ["publish.damaged-record"])


def test_the_commit_is_recorded(published: Publishing) -> None:
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(published.site.root), *words], check=True)
    published.site.write(".git/info/exclude", "public/\n.newsgen/\n")
    published.published()
    commit = subprocess.run(
        ["git", "-C", str(published.site.root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (release,) = published.run("releases").document["releases"]
    assert (release["commit"], release["modified"]) == (commit, False)
    published.site.article("meetings/b.md", title="第二篇")
    published.published()
    assert published.run("releases").document["releases"][-1]["modified"] is True
