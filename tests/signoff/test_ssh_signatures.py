"""Signatures by SSH keys: who has one signs with it, and nobody else can."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from signed_site import A, SignedSite


def key_pair(folder: Path, name: str) -> tuple[Path, str]:
    """A private key's file, and the public key."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path, path.with_suffix(".pub").read_text("ascii").strip()


@pytest.fixture
def key(signed_site: SignedSite, tmp_path: Path) -> Path:
    """The private key of the last reviewer; an article is signed with it."""
    path, public = key_pair(tmp_path, "sun")
    signed_site.write("people.yaml", f"- {{name: 孙书记, post: 党委书记, from: 2024-06-01, key: {public}}}\n")
    signed_site.article("meetings/b.md", title="第二篇")
    assert approve(signed_site, "初审", "张老师")[0] == 0
    code, signed, said = approve(signed_site, "终审", "孙书记", "--key", str(path))
    assert code == 0, said
    assert signed
    return path


B = "content/meetings/b.md"


def approve(site: SignedSite, stage: str, name: str, *words: str) -> tuple[int, bool, str]:
    now = "2024-06-02 08:00"
    code, document, said = site.sign("approve", B, "--stage", stage, "--by", name, "--now", now, *words)
    return code, bool(document.get("files") and document["files"][0]["signed"]), said


def codes(site: SignedSite) -> list[str]:
    _, document, _ = site.sign("check")
    return [f"{item['code']} {item['path']}" for item in document["findings"] if item["code"].startswith("review.")]


@pytest.mark.usefixtures("key")
def test_a_signature_by_the_persons_key_is_in_order_and_those_before_the_key_are_records(
    signed_site: SignedSite,
) -> None:
    assert codes(signed_site) == []
    assert codes(signed_site) == [], "the second time it is remembered"


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("姓名: 孙书记, 时间: 2024-06-02 08:00", "姓名: 孙书记, 时间: 2024-06-02 08:01"),
        ("姓名: 孙书记, 时间: 2024-06-02 08:00", "姓名: 孙书记, 时间: 2024-06-02 08:00, 文号: OA-1"),
        ("签名: U1NI", "签名: U1NJ"),
        ("签名: ", "签名: 不是签名的字"),
    ],
)
def test_a_signature_of_which_one_letter_was_changed_is_told(signed_site: SignedSite, old: str, new: str) -> None:
    signed_site.edit(old, new, B)
    assert codes(signed_site) == [f"review.key {B}"]


@pytest.mark.usefixtures("key")
def test_a_name_that_somebody_else_wrote_is_told_and_not_published(signed_site: SignedSite, tmp_path: Path) -> None:
    text = (signed_site.root / B).read_text("utf-8")
    signed_site.write(B, text[: text.index(", 签名: ")] + text[text.index("}\n---") :])
    assert codes(signed_site) == [f"review.key {B}"]
    target = f"publish:\n  targets:\n    live: {{kind: folder, path: {tmp_path}/www, http: no}}\n"
    signed_site.write("site.yaml", (signed_site.root / "site.yaml").read_text("utf-8") + target)
    code, document, _ = signed_site.sign("publish", "--now", "2024-06-03")
    assert (code, [item["code"] for item in document["diagnostics"]]) == (1, ["review.key"])
    assert not (tmp_path / "www").exists()


@pytest.mark.usefixtures("key")
def test_a_signature_copied_from_another_article_proves_nothing(signed_site: SignedSite) -> None:
    text = (signed_site.root / B).read_text("utf-8")
    proof = text[text.index(", 签名: ") : text.index("}\n---")]
    digest = (signed_site.root / A).read_text("utf-8").split("版本: ")[1][:40]
    own = f"姓名: 孙书记, 时间: 2024-05-01 08:01, 版本: {digest}"
    signed_site.edit(own, own.replace("2024-05-01", "2024-06-02") + proof)
    assert codes(signed_site) == [f"review.key {A}"]


def test_a_key_of_the_agent_signs(signed_site: SignedSite, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_site.edit("正文。", "改过的正文。", B)
    assert approve(signed_site, "初审", "张老师")[0] == 0
    started = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    agent = dict(part.split("=") for part in started.replace("\n", "").split(";") if "=" in part)
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", agent["SSH_AUTH_SOCK"])
        subprocess.run(["ssh-add", "-q", str(key)], check=True)
        key.unlink()
        code, signed, said = approve(signed_site, "终审", "孙书记")
        assert (code, signed) == (0, True), said
    finally:
        os.kill(int(agent["SSH_AGENT_PID"]), 15)
    assert codes(signed_site) == []


def test_another_persons_key_signs_nothing(signed_site: SignedSite, key: Path, tmp_path: Path) -> None:
    other, _ = key_pair(tmp_path, "zhang")
    before = (signed_site.root / B).read_bytes()
    signed_site.edit("正文。", "改过的正文。", B)
    edited = (signed_site.root / B).read_bytes()
    assert before != edited
    assert approve(signed_site, "初审", "张老师")[0] == 0
    signed = (signed_site.root / B).read_bytes()
    for words in (("--key", str(other)), ()):
        code, _, said = approve(signed_site, "终审", "孙书记", *words)
        assert code == 2
        assert "没有签成" in said
    assert (signed_site.root / B).read_bytes() == signed
    assert approve(signed_site, "终审", "孙书记", "--key", str(key))[0] == 0


def test_a_roster_that_holds_a_private_key_is_refused(signed_site: SignedSite) -> None:
    signed_site.write("people.yaml", "- {name: 孙书记, post: 党委书记, key: -----BEGIN OPENSSH PRIVATE KEY-----}\n")
    code, document, _ = signed_site.sign("check")
    assert (code, document["diagnostics"][0]["path"]) == (2, "people.yaml")
