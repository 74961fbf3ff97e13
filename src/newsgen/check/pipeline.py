"""`newsgen check`: the rules over the files of a site, and the diagnostics of a build.

The findings of a file are stored with its stamp and digest, and with the digest of the vocabulary: an unchanged file is
not read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.file_diagnostics import diagnostics_of_files
from newsgen.build.locations import open_store
from newsgen.check.article_check import unknown_rule, with_settings
from newsgen.check.external_links import INSIDE, LinkAnswer, ask_all
from newsgen.check.file_check import CheckedFile, checked_files
from newsgen.check.finding import Finding, finding_of
from newsgen.check.rules.links import TypedLink, is_asked, link_findings, links_in
from newsgen.check.rules.registry import RULES
from newsgen.check.rules.reviews import proof_findings, review_findings
from newsgen.check.selection import CheckRequest, files_to_look_at, selected
from newsgen.check.site_check_cache import cached_site_check
from newsgen.check.site_sources import SiteSources
from newsgen.check.verified_signatures import VerifiedSignatures
from newsgen.check.vocabulary import Vocabulary
from newsgen.config import withdrawals
from newsgen.config.check_section import CheckSettings
from newsgen.config.model import Config
from newsgen.config.site_yaml import FILE_NAME, checking, read
from newsgen.content.scan import MOST_READ, ScannedFile, scan
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import NewsgenError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Progress, Record, changed
from newsgen.core.platform import processors
from newsgen.core.stamps import UNTRUSTED
from newsgen.core.text import decode
from newsgen.signoff.standing import Standing

RECORD, ANSWERS = "findings", "link-answers"


class CheckResult(Record, frozen=True):
    """The findings, sorted by path and line. `files` is the number of articles checked, `read` the number of files that
    were read again.

    `public` are the paths of all files that readers may see, empty unless the whole site was checked.
    """

    findings: tuple[Finding, ...]
    files: int
    read: int
    public: frozenset[str] = frozenset()

    def has(self, *severities: str) -> bool:
        """Whether there is a finding of one of these severities."""
        return any(finding.severity in severities for finding in self.findings)


def check_site(request: CheckRequest, progress: Progress) -> CheckResult:
    """Check articles and attachments and, if the request is for everything, the site as a whole.

    Raises UsageError for a name outside content/ or an unknown revision, ConfigError for a faulty site.yaml, lexicon or
    roster, ContentError for a file edited meanwhile.
    """
    site_yaml = read(request.root)
    with closing(open_store(request.root, site_yaml)) as store:
        state = BuildState(request.root, store)  # reads the clock before any file is looked at
        settings = store.cached("check-settings", digest_bytes(site_yaml), CheckSettings, lambda: checking(site_yaml))
        vocabulary = Vocabulary.load(request.root, settings, store)
        scan_result = files_to_look_at(request)
        chosen = selected(request, scan_result.found)
        known = _known(store, vocabulary)
        stale = [item for item in chosen if item.path not in known or known[item.path].stamp != item.stamp]
        fresh = {item.path: item for item in _checked(request, stale, known, vocabulary, progress)}
        if not request.files:
            _save(state, store, vocabulary, {**known, **fresh}, scan_result.found, bool(fresh))
        found = [finding for item in chosen for finding in (fresh.get(item.path) or known[item.path]).findings]
        diagnostics, public = tuple[Diagnostic, ...](), frozenset[str]()
        if request.is_whole_site:
            sources = SiteSources(request.root, site_yaml, withdrawals.read(request.root), settings, scan_result)
            site = cached_site_check(sources, request.now, state, store, request.jobs)
            found += site.findings
            diagnostics, public = site.diagnostics, site.public
            standings: Mapping[str, Standing] = site.standings
        else:
            config = state.config(site_yaml, None)
            texts = [item for item in chosen if item.is_text]
            diagnostics = tuple(diagnostics_of_files(request.root, config.markdown, store, texts))
            standings = _standings(request.root, config, frozenset(item.path for item in texts))
        found += review_findings(standings)
        found += proof_findings(standings, vocabulary.people, VerifiedSignatures(store).holds)
        if request.external:
            url = state.config(site_yaml, None).url
            found += _external(request, chosen, url, settings, store, progress)
    findings = (*with_settings(found, settings), *map(finding_of, diagnostics), *_unknown_rules(settings))
    ordered = sorted(dict.fromkeys(findings), key=lambda item: (item.path, item.line, item.column, item.code))
    return CheckResult(tuple(ordered), sum(item.is_text for item in chosen), len(stale), public)


# ---------------------------------------------------------------- results of earlier checks


def _known(store: Store, vocabulary: Vocabulary) -> dict[str, CheckedFile]:
    """The files with the findings of the last check, by path; none if the vocabulary has changed since."""
    kept: tuple[str, list[CheckedFile]] | None = store.record(RECORD, tuple[str, list[CheckedFile]])
    return {item.path: item for item in kept[1]} if kept and kept[0] == vocabulary.digest else {}


def _save(
    state: BuildState,
    store: Store,
    vocabulary: Vocabulary,
    files: Mapping[str, CheckedFile],
    found: Sequence[ScannedFile],
    is_new: bool,
) -> None:
    """Save the findings of files that still exist. A stamp that is not trustworthy is replaced by UNTRUSTED."""
    names = {item.path for item in found}
    if is_new or not files.keys() <= names:
        lasting = (item for path, item in files.items() if path in names)
        kept = [item if state.is_trustworthy([item.stamp]) else changed(item, stamp=UNTRUSTED) for item in lasting]
        store.write_records({RECORD: (vocabulary.digest, kept)})


# ---------------------------------------------------------------- checking files


def _checked(
    request: CheckRequest,
    stale: Sequence[ScannedFile],
    known: Mapping[str, CheckedFile],
    vocabulary: Vocabulary,
    progress: Progress,
) -> Iterator[CheckedFile]:
    """Check files; one with the same bytes as at the last check is not checked again."""
    tasks = [(item, known.get(item.path)) for item in stale]
    with progress("检查", len(stale)) as step:
        yield from checked_files(request.root, vocabulary, tasks, request.jobs or processors(), step)


def _external(
    request: CheckRequest,
    chosen: Sequence[ScannedFile],
    own: str,
    settings: CheckSettings,
    store: Store,
    progress: Progress,
) -> Iterator[Finding]:
    """Request the external links, and store the answers."""
    links = [link for item in chosen if item.is_text for link in _links(request.root, item)]
    asked = [link for link in links if is_asked(link, own)]
    kept: list[LinkAnswer] = store.record(ANSWERS, list[LinkAnswer]) or []
    with progress("打开链接", len(asked)):
        known = {item.address: item for item in kept}
        answers = ask_all([link.address for link in asked], known, settings.allow, request.now)
    lasting = {
        address: answer for address, answer in answers.items() if answer.problem != INSIDE
    }  # the host may be allowed next time
    store.write_records({ANSWERS: list((known | lasting).values())})
    return link_findings(asked, answers)


def _links(root: Path, item: ScannedFile) -> Iterator[TypedLink]:
    try:
        text, _ = decode(read_file(root / item.real, MOST_READ))
    except OSError:
        return iter(())
    return links_in(item.path, text or "")


def _standings(root: Path, config: Config, paths: Collection[str]) -> dict[str, Standing]:
    """The standings of some articles; a file with errors has none."""
    if config.reviews is None:
        return {}
    from newsgen.signoff.article import reviewed  # imports the parser, which a check of the whole site may not need

    files = scan(root).found
    found: dict[str, Standing] = {}
    for item in files:
        if item.path in paths and not item.is_section:
            with suppress(NewsgenError):
                article = reviewed(root, item, config, files)
                found |= {item.path: article.standing} if article else {}
    return found


def _unknown_rules(settings: CheckSettings) -> Iterator[Finding]:
    codes = {rule.code for rule in RULES}
    named = [(code, setting.rule) for code, setting in settings.rules.items()]
    named += [(code, item.path) for item in settings.exceptions for code in item.codes]
    for code, place in named:
        if code not in codes:
            yield changed(unknown_rule(code, codes), path=FILE_NAME, line=place.line, column=place.column, found=code)
