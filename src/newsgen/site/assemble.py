"""Content at one moment -> Site: what is public, at which address, and where links lead.

Everything that depends on more than one file is decided here: visibility, order, sections, addresses, the targets of
links. Errors are diagnostics with the file and line that the author can correct.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from newsgen.config.model import Config
from newsgen.content.approval import KEPT, SHOWN_FILES
from newsgen.content.load import Content, Source
from newsgen.content.media import Media, in_widths
from newsgen.content.scan import FOLDER
from newsgen.core.model import Diagnostic, Download, FrontMatter, Located, Picture, SectionMatter, changed
from newsgen.core.text import did_you_mean
from newsgen.core.urls import article_address, article_slug, ascii_slug
from newsgen.site.accidental_copies import copy_diagnostics
from newsgen.site.conflicts import AddressedArticle, address_conflicts, term_conflicts, withdrawn_again
from newsgen.site.links import (
    Destination,
    Destinations,
    Resolved,
    Target,
    address_of,
    resolve_address,
    resolve_body,
    resolve_file,
)
from newsgen.site.media_diagnostics import media_diagnostics
from newsgen.site.model import Article, Attachment, Section, Site, Viewpoint
from newsgen.site.outside_links import configured_links, has_redirects_inside, redirected
from newsgen.site.own_links import OwnPages
from newsgen.site.schedule import validity
from newsgen.site.unused import unused_files
from newsgen.site.withdrawn_files import files_shown_again


def assemble(content: Content, media: Media, config: Config, view: Viewpoint) -> Site:
    """The Site as seen from `view`, with the diagnostics that need more than one file."""
    folders, media = _section_folders(content), in_widths(media, config.photos.article)
    prefixes = {path: _prefix(path) for path in folders}
    everything = [item for source in content.sources.values() if (item := _addressed(source, prefixes)) is not None]
    withdrawn = config.ledger.articles
    placed = [item for item in everything if item.source.path not in withdrawn] if withdrawn else everything
    diagnostics: list[Diagnostic] = []
    again = dict(withdrawn_again(everything, config.ledger))
    left_out = {*again, *content.unapproved} if view.leaves_out_copies else set()
    visible = tuple(item for item in placed if view.shows(item.matter) and item.source.path not in left_out)
    indexes = {path: source.path for path, source in folders.items() if source}
    own = OwnPages(config.url, tuple(everything), visible, prefixes, indexes, config.ledger, media, content.files)
    if has_redirects_inside(own):
        own = redirected(_destinations(content, own), diagnostics)
    known, shown = _destinations(content, own), own.shown
    sections = {path: _section(path, folders, known, config, diagnostics) for path in sorted(folders)}
    public = [_shown_article(item, known, view, diagnostics) for item in shown]
    diagnostics += _diagnostics_of_the_unplaced(content, everything, known)
    diagnostics += address_conflicts(placed, prefixes, config.ledger.addresses, urlsplit(config.url).path)
    diagnostics += again.values()
    diagnostics += files_shown_again([*public, *sections.values()], config.ledger)
    diagnostics += term_conflicts(placed)
    diagnostics += copy_diagnostics(placed)
    diagnostics += _front_diagnostics(config, sections)
    diagnostics += _policy_diagnostics(config, sections)
    diagnostics += config.counts.diagnostics
    diagnostics += unused_files(content, media)
    shown_files = media_of([*public, *sections.values()])
    diagnostics += media_diagnostics(shown_files, config.videos.limit)
    diagnostics += (_future(item) for item in shown if view.is_public(item.matter) and _is_ahead(item, view))
    diagnostics += (_empty(item) for item in shown if not _has_content(item))
    dated = sorted((article for article in public if article.matter.kind != "page"), key=lambda article: article.order)
    pages = sorted((article for article in public if article.matter.kind == "page"), key=lambda page: page.address)
    ordered = dict(sorted(sections.items(), key=lambda entry: (entry[1].matter.weight, entry[0])))
    return Site(
        ordered,
        tuple(dated),
        _by_section(dated, ordered),
        tuple(pages),
        shown_files,
        configured_links(config, known, diagnostics),
        validity([item for item in placed if item.source.path not in content.unapproved], config, view),
        tuple(diagnostics),
    )


def _by_section(dated: list[Article], sections: Mapping[str, Section]) -> dict[str, tuple[Article, ...]]:
    """The articles of every section, those of the sections below it included."""
    found: dict[str, list[Article]] = {path: [] for path in sections}
    lists = {path: [found[name] for name in {"", path, *section.trail}] for path, section in sections.items()}
    for article in dated:
        for articles in lists[article.section]:
            articles.append(article)
    return {path: tuple(articles) for path, articles in found.items()}


# ---------------------------------------------------------------- sections and addresses


def _section_folders(content: Content) -> dict[str, Source | None]:
    """Section path -> its `_index.md`; the site itself ("") may do without one."""
    found: dict[str, Source | None] = {"": None}
    for source in content.sources.values():
        if source.is_section:
            found[source.folder.removeprefix(FOLDER).removeprefix("/")] = source
    return found


def _prefix(path: str) -> str:
    """The address folder of a section: each folder name, or a hash where it is not ASCII."""
    names = path.split("/") if path else []
    return "".join(ascii_slug(name, "/".join(names[: depth + 1])) + "/" for depth, name in enumerate(names))


def _addressed(source: Source, prefixes: Mapping[str, str]) -> AddressedArticle | None:
    """The article with its section and address; None for a section or a faulty file."""
    matter, body_summary = source.document.matter, source.document.body_summary
    if not isinstance(matter, FrontMatter) or body_summary is None:
        return None
    folder = source.folder.rpartition("/")[0] if source.is_bundle else source.folder
    section = folder[len(FOLDER) + 1 :]
    while section not in prefixes:
        section = section.rpartition("/")[0]
    slug = article_slug(source.stem, source.path, matter.slug.text if matter.slug else None)
    if matter.date is None or matter.kind == "page":
        plain = changed(matter, date=None) if matter.date else matter
        return AddressedArticle(source, plain, body_summary, section, f"{prefixes[section]}{slug}.html")
    return AddressedArticle(
        source, matter, body_summary, section, article_address(prefixes[section], matter.date, slug)
    )


def _destinations(content: Content, own: OwnPages) -> Destinations:
    """The targets of links. A file with errors is one too, so that links to it are no further errors; so is a withdrawn
    article, whose file may be gone."""
    documents = dict.fromkeys(own.ledger.articles, Destination(None, frozenset(), withdrawn=True))
    folders: dict[str, str] = {}
    for item in own.placed:
        documents.setdefault(item.source.path, Destination(None, item.body_summary.ids))
    for item in own.shown:
        documents[item.source.path] = Destination(item.matter.redirect or item.address, item.body_summary.ids)
    for source in content.sources.values():
        if source.is_section or source.is_bundle:
            folders[source.folder] = source.path
        if source.is_section:
            path = source.folder[len(FOLDER) + 1 :]
            documents[source.path] = Destination(f"{own.prefixes[path]}index.html", _ids(source))
        elif source.path not in documents:
            documents[source.path] = Destination("", _ids(source))
    named = (path for path in content.files if not path.startswith(SHOWN_FILES))
    return Destinations(documents, folders, own.media, (*content.sources, *named), own)


def _ids(source: Source) -> frozenset[str]:
    return source.document.body_summary.ids if source.document.body_summary else frozenset()


def _section(
    path: str, folders: Mapping[str, Source | None], known: Destinations, config: Config, diagnostics: list[Diagnostic]
) -> Section:
    source = folders[path]
    matter = source.document.matter if source else None
    if not isinstance(matter, SectionMatter):
        matter = SectionMatter(path.rpartition("/")[2] or config.title)
    body_summary = source.document.body_summary if source else None
    answers = (
        list(resolve_body(source.folder, source.path, body_summary.references, known))
        if source and body_summary
        else []
    )
    names = path.split("/") if path else []
    above = ("/".join(names[:depth]) for depth in range(1, len(names)))
    return Section(
        path=path,
        prefix=_prefix(path),
        title=matter.title if path else config.title,
        matter=matter,
        digest=source.document.digest if source else None,
        metadata_digest=source.document.metadata_digest if source else None,
        ref=source.ref if source else None,
        body_summary=body_summary,
        targets=_targets(answers, diagnostics),
        trail=tuple(name for name in above if name in folders),
    )


# ---------------------------------------------------------------- articles


def _shown_article(
    item: AddressedArticle, known: Destinations, view: Viewpoint, diagnostics: list[Diagnostic]
) -> Article:
    """The article. Where a kept version stands for its text, nobody can correct a link in it that leads nowhere by now: it is
    text, and no error.
    """
    if not item.source.real.startswith(f"{KEPT}/"):
        return _article(item, known, view, diagnostics)
    own: list[Diagnostic] = []
    article = _article(item, known, view, own)
    for found in own:
        severity = "warning" if found.severity == "error" else found.severity
        message = f"审过的那一版里：{found.message}"
        diagnostics.append(changed(found, severity=severity, message=message, line=1, column=1))
    return article


def _article(item: AddressedArticle, known: Destinations, view: Viewpoint, diagnostics: list[Diagnostic]) -> Article:
    source, matter, references = item.source, item.matter, item.body_summary.references
    targets: tuple[Target, ...] = ()
    if references:
        targets = _targets(list(resolve_body(source.folder, source.path, references, known)), diagnostics)
    if matter.original:
        matter = changed(matter, original=_original(item, matter.original, known, diagnostics))
    until = matter.pinned_until
    return Article(
        ref=source.ref,
        section=item.section,
        address=item.address,
        digest=source.document.digest,
        metadata_digest=source.document.metadata_digest,
        matter=matter,
        body_summary=item.body_summary,
        targets=targets,
        cover=_cover(item, targets, known, diagnostics) if references or matter.cover else None,
        attachments=_attachments(item, known, diagnostics) if matter.attachments else (),
        pinned=matter.pinned and (until is None or view.minute < until.minute),
    )


def _original(item: AddressedArticle, typed: str, known: Destinations, diagnostics: list[Diagnostic]) -> str | None:
    """The address of a reprint's original; None where it is an article of this site that is not public."""
    answer = resolve_address(typed, known)
    if answer.diagnostic:
        diagnostics.append(changed(answer.diagnostic, path=item.source.path, line=item.matter.line("original")))
    return address_of(answer.target)


def _attachments(item: AddressedArticle, known: Destinations, diagnostics: list[Diagnostic]) -> tuple[Attachment, ...]:
    source, entries = item.source, item.matter.attachments
    files = [resolve_file("附件", source.folder, source.path, entry.file, known) for entry in entries]
    return tuple(
        Attachment(entry.name or entry.file.text.rpartition("/")[2], target)
        for entry, target in zip(entries, _targets(files, diagnostics), strict=True)
        if isinstance(target, Picture | Download)
    )


def _cover(
    item: AddressedArticle, targets: tuple[Target, ...], known: Destinations, diagnostics: list[Diagnostic]
) -> Picture | None:
    """The picture that stands for the article: front matter's, else the first image of the body."""
    if item.matter.cover is None:
        images = zip(item.body_summary.references, targets, strict=True)
        first = next((t for reference, t in images if reference.tag == "img" and isinstance(t, Picture)), None)
        return changed(first, widths=()) if first else None
    answer = resolve_file("封面", item.source.folder, item.source.path, item.matter.cover, known)
    (target,) = _targets([answer], diagnostics)
    if isinstance(target, Download):
        cover = item.matter.cover
        diagnostics.append(
            Diagnostic(
                "image.format",
                "error",
                f"封面不是图片：{cover.text}",
                "封面用 JPG 或 PNG",
                item.source.path,
                cover.line,
            )
        )
    return target if isinstance(target, Picture) else None


def _diagnostics_of_the_unplaced(
    content: Content, placed: list[AddressedArticle], known: Destinations
) -> Iterator[Diagnostic]:
    """The diagnostics on links in reports with errors in their front matter: one build reports all errors."""
    done = {item.source.path for item in placed}
    for source in content.sources.values():
        if source.path not in done and not source.is_section and source.document.body_summary:
            references = source.document.body_summary.references
            answers = resolve_body(source.folder, source.path, references, known)
            yield from (answer.diagnostic for answer in answers if answer.diagnostic)


def _targets(answers: list[Resolved], diagnostics: list[Diagnostic]) -> tuple[Target, ...]:
    diagnostics += (answer.diagnostic for answer in answers if answer.diagnostic)
    return tuple(answer.target for answer in answers)


def media_of(owners: Iterable[Article | Section]) -> tuple[Picture | Download, ...]:
    """Every file that something public shows, once, by address."""
    found: dict[str, Picture | Download] = {}
    for owner in owners:
        files: list[object] = list(owner.targets)
        if isinstance(owner, Article):
            files += [owner.cover, *(attachment.file for attachment in owner.attachments)]
        for file in files:
            if isinstance(file, Picture | Download):
                found[file.address] = file
    return tuple(found[address] for address in sorted(found))


# ---------------------------------------------------------------- diagnostics


def _is_ahead(item: AddressedArticle, view: Viewpoint) -> bool:
    return item.matter.date is not None and item.matter.date.minute > view.minute


def _has_content(item: AddressedArticle) -> bool:
    return not item.body_summary.is_empty or bool(item.matter.redirect or item.matter.attachments)


def _empty(item: AddressedArticle) -> Diagnostic:
    is_typed = any(name == "draft" for name, _ in item.matter.lines)
    hint = f"写上正文；还没写完就先{'改草稿这一行' if is_typed else '加一行'}：draft: 是"
    return Diagnostic("body.empty", "warning", "这篇文章没有正文", hint, item.source.path, item.matter.line("title"))


def _future(item: AddressedArticle) -> Diagnostic:
    assert item.matter.date is not None, "asked only of dated articles"
    message = f"日期 {item.matter.date.day} 还没有到，文章现在就会公开"
    is_typed = any(name == "publish_at" for name, _ in item.matter.lines)
    what = "把定时发布改成" if is_typed else "请加一行"
    hint = f"到那天再公开，{what}：publish_at: {item.matter.date.day}"
    return Diagnostic("front-matter.future", "warning", message, hint, item.source.path, item.matter.line("date"))


def _front_diagnostics(config: Config, sections: Mapping[str, Section]) -> Iterator[Diagnostic]:
    """Sections that site.yaml puts on the home page and that do not exist."""
    front = config.front
    names = (*(front.blocks or ()), *filter(None, (front.strip, front.gallery)))
    return _unknown_sections("config.front", "首页要用的栏目", names, sections)


def _policy_diagnostics(config: Config, sections: Mapping[str, Section]) -> Iterator[Diagnostic]:
    """Sections whose reviewers site.yaml names and that do not exist."""
    names = config.reviews.sections if config.reviews else ()
    return _unknown_sections("config.reviews", "reviews 里写的栏目", names, sections)


def _unknown_sections(
    code: str, what: str, names: Iterable[Located], sections: Mapping[str, Section]
) -> Iterator[Diagnostic]:
    for name in names:
        if name.text not in sections:
            guess = did_you_mean(name.text, filter(None, sections))
            hint = f"是不是想写 {guess} ？" if guess else f"栏目有：{'、'.join(filter(None, sections))}"
            message = f"{what} {name.text} 不存在"
            yield Diagnostic(code, "error", message, hint, "site.yaml", name.line, name.column)
