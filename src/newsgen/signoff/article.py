"""One article as its reviewers see it: its version on the disk, its standing, its files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsgen.config.model import Config
from newsgen.config.reviews_section import ReviewPolicy
from newsgen.config.site_yaml import load as load_config
from newsgen.content.approval import ApprovalFacts, MediaFiles, facts_of, files_of, version_digest
from newsgen.content.document import parse
from newsgen.content.frontmatter import read_article
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER, MOST_READ, ScannedFile, scan
from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import digest_file, read_file
from newsgen.core.model import Body, Document, FrontMatter, changed
from newsgen.core.platform import reason
from newsgen.core.text import SOFT_BREAK, decode, did_you_mean
from newsgen.signoff.kept_versions import KeptFile
from newsgen.signoff.standing import Standing, Subject, applies, standing_of
from newsgen.signoff.visible_versions import section_folders, section_of


@dataclass(frozen=True, slots=True)
class ReviewedArticle:
    """An article that has to be approved. `real` is the path to open its file by, `data` are the bytes of the file.

    `files` are its photos and attachments, as a kept version would name them, with the paths by which they are opened.
    """

    path: str
    real: str
    data: bytes
    document: Document
    parsed_body: Body
    policy: ReviewPolicy
    standing: Standing
    files: tuple[tuple[KeptFile, str], ...]

    @property
    def matter(self) -> FrontMatter:
        """The front matter."""
        assert isinstance(self.document.matter, FrontMatter), "a faulty file has no standing"
        return self.document.matter

    @property
    def subject(self) -> Subject:
        """The subject of a signature."""
        return Subject(self.standing.section, self.matter.author, self.standing.digest)

    @property
    def body(self) -> str:
        """The Markdown text."""
        text = decode(self.data, SOFT_BREAK)[0] or ""
        return read_article(text)[1]


def read_reviewed(root: Path, typed: str) -> ReviewedArticle:
    """The article whose file or folder the user typed.

    Raises UsageError if there is none or it needs no approval; ConfigError, ContentError, HostError.
    """
    config = load_config(root)
    found = scan(root).found
    item = _chosen(root, typed, found)
    article = reviewed(root, item, config, found)
    if article is None:
        hint = "哪些文章要审，写在 site.yaml 的 reviews: 里；写法见 docs/reviews.md"
        raise UsageError(f"{item.path} 不用审签", hint, "review.exempt")
    return article


def _chosen(root: Path, typed: str, found: Sequence[ScannedFile]) -> ScannedFile:
    plain = unicodedata.normalize("NFC", typed.strip().replace("\\", "/")).removeprefix("./").rstrip("/")
    here = Path(plain).absolute()
    names = [plain, f"{FOLDER}/{plain}", *([here.relative_to(root).as_posix()] if here.is_relative_to(root) else [])]
    articles = {item.path: item for item in found if item.is_text and not item.is_section}
    for name in names:
        for path in (name, f"{name}/{BUNDLE_FILE}"):
            if path in articles:
                return articles[path]
    guess = did_you_mean(plain, list(articles)[:5000])
    hint = f"是不是想写 {guess} ？" if guess else "写文章的文件，从 content/ 写起"
    raise UsageError(f"没有这篇文章：{typed}", hint, "review.article")


def reviewed(root: Path, item: ScannedFile, config: Config, found: Iterable[ScannedFile]) -> ReviewedArticle | None:
    """The article in the file `item`, one of the `found` files; None if it needs no approval.

    Raises ContentError, HostError.
    """
    policy = config.reviews
    if policy is None:
        return None
    try:
        data = read_file(root / item.real, MOST_READ)
    except OSError as error:
        raise HostError(f"读不了 {item.path}：{reason(error)}", "检查文件的权限", path=item.path) from None
    document, parsed_body = parse(data, config.markdown)
    facts = facts_of(document)
    if facts is None:
        errors = (diagnostic for diagnostic in document.diagnostics if diagnostic.severity == "error")
        raise ContentError(changed(diagnostic, path=item.path) for diagnostic in errors)
    section = section_of(item.path, section_folders(other.path for other in found if other.is_text))
    if not applies(policy, section, facts):
        return None
    files = tuple(_files(root, item.path, facts, found))
    version = version_digest(facts.content, (file.digest for file, _ in files))
    standing = standing_of(policy, Subject(section, facts.authors, version), facts.decisions)
    return ReviewedArticle(item.path, item.real, data, document, parsed_body or Body(()), policy, standing, files)


def _files(root: Path, path: str, facts: ApprovalFacts, found: Iterable[ScannedFile]) -> Iterable[tuple[KeptFile, str]]:
    others = {other.path: other for other in found if not other.is_text}
    for named in files_of(path, facts, MediaFiles.at(others)):
        item = others[named.path]
        try:
            digest = digest_file(root / item.real, MOST_BYTES)
        except OSError as error:
            raise HostError(f"读不了 {item.path}：{reason(error)}", "检查文件的权限", path=item.path) from None
        yield KeptFile(named.typed, digest, item.path.rpartition("/")[2]), item.real
