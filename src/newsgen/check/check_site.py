"""`newsgen check`: the articles of a site judged by the rules, and the site as a build would judge it.

What was found in a file is kept in the store under the digest of its bytes and the rule set, with the file's stamp: what
has not changed is not read again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from newsgen.build.all_articles import diagnostics_of_site
from newsgen.build.cache.state import BuildState
from newsgen.build.locations import open_store
from newsgen.check.article_check import findings_of, unknown_rule, with_settings
from newsgen.check.finding import Finding
from newsgen.check.fix import Correction, corrected
from newsgen.check.rules.registry import RULES
from newsgen.config.check_section import CheckSettings
from newsgen.config.site_yaml import FILE_NAME, checking, read
from newsgen.content.scan import FOLDER, MOST_READ, ScannedFile, scan
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import HostError, UsageError
from newsgen.core.files import read_file, write_whole
from newsgen.core.git import git
from newsgen.core.model import Diagnostic, Progress, Record, changed
from newsgen.core.platform import reason
from newsgen.core.stamps import NEVER, Stamp

PARALLEL = 200
"""So many files are worth the start of worker processes."""
BATCH = 50


class CheckRequest(Record, frozen=True):
    """What to check: the `files` named on the command line (none: the whole site), or those changed since a git revision."""

    root: Path
    now: datetime
    files: tuple[str, ...] = ()
    since: str | None = None
    jobs: int | None = None


class CheckedFile(Record, frozen=True):
    """A file as it was judged; `digest` is that of its bytes."""

    path: str
    stamp: Stamp
    digest: str
    findings: tuple[Finding, ...]


class CheckResult(Record, frozen=True):
    """All findings by path and line; how many files were looked at, and how many of these had to be read."""

    findings: tuple[Finding, ...]
    files: int
    read: int

    def has(self, *severities: str) -> bool:
        """Whether there is a finding of one of these severities."""
        return any(finding.severity in severities for finding in self.findings)


def check_site(request: CheckRequest, progress: Progress) -> CheckResult:
    """Judge articles, and, where no file is named, the site as a whole.

    Raises UsageError for a file that is no article, ConfigError for a faulty site.yaml.
    """
    settings_bytes = read(request.root)
    settings = checking(settings_bytes)
    with closing(open_store(request.root, settings_bytes)) as store:
        state = BuildState(request.root, store)
        seen = [item for item in scan(request.root).found if item.is_text]
        chosen = _chosen(request, seen)
        known = {item.path: item for item in store.record("findings", list[CheckedFile]) or ()}
        fresh = {path: item for path, item in known.items()}
        stale = [item for item in chosen if not _is_known(item, known)]
        for checked in _judged(request, stale, known, progress):
            fresh[checked.path] = checked
        names = {item.path for item in seen}
        if stale or not fresh.keys() <= names:
            kept = (
                changed(item, stamp=item.stamp if state.is_settled([item.stamp]) else NEVER) for item in fresh.values()
            )
            store.write_records({"findings": [item for item in kept if item.path in names]})
        found = [finding for item in chosen for finding in fresh[item.path].findings]
        said = [
            *_of_diagnostics(
                diagnostics_of_site(
                    request.root,
                    request.now,
                    settings_bytes,
                    store,
                    {item.path for item in chosen} if request.files or request.since else None,
                )
            )
        ]
    findings = (*with_settings(found, settings.rules), *said, *_unknown_rules(settings))
    ordered = tuple(sorted(dict.fromkeys(findings), key=lambda item: (item.path, item.line, item.column, item.code)))
    return CheckResult(ordered, len(chosen), len(stale))


def _chosen(request: CheckRequest, seen: Sequence[ScannedFile]) -> list[ScannedFile]:
    """The files that were asked for."""
    by_path = {item.path: item for item in seen}
    if request.since:
        return [by_path[path] for path in _changed_since(request.root, request.since) if path in by_path]
    if not request.files:
        return list(seen)
    chosen = dict[str, ScannedFile]()
    for name in request.files:
        path = os.path.relpath(Path(name).absolute(), request.root).replace(os.sep, "/")
        inside = {
            item.path: item for item in seen if item.path == path or item.path.startswith(f"{path}/") or path == "."
        }
        if not inside:
            inside = {item.path: item for item in seen if item.path == name.replace("\\", "/")}
        if not inside:
            raise UsageError(
                f"{name} 不是 {FOLDER} 里的文章", f"写 {FOLDER} 里的 .md 文件或文件夹，例如：{FOLDER}/meetings"
            )
        chosen |= inside
    return list(chosen.values())


def _changed_since(root: Path, revision: str) -> list[str]:
    """The files of content/ that differ from a git revision, untracked ones included. Raises UsageError."""
    if not git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"):
        raise UsageError(f"git 里没有这个版本：{revision}", "例如：--since HEAD~1，或者分支、标签的名字")
    options = ("--relative", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff", "--no-textconv")
    listed = git(root, "diff", *options, revision, "--", FOLDER)
    new = git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", FOLDER)
    return [path.decode("utf-8", "surrogateescape") for path in (*listed.split(b"\0"), *new.split(b"\0")) if path]


def _is_known(item: ScannedFile, known: Mapping[str, CheckedFile]) -> bool:
    before = known.get(item.path)
    return before is not None and before.stamp == item.stamp


def _judged(
    request: CheckRequest, stale: Sequence[ScannedFile], known: Mapping[str, CheckedFile], progress: Progress
) -> Iterator[CheckedFile]:
    """The stale files, judged; what holds the bytes that it held is not judged again."""
    judge = partial(
        _judge,
        str(request.root),
        {path: (item.digest, item.findings) for path, item in known.items()} if len(stale) < PARALLEL else {},
    )
    with progress("检查", len(stale)) as step:
        if len(stale) < PARALLEL or request.jobs == 1:
            for item in stale:
                yield judge(item)
                step()
            return
        with ProcessPoolExecutor(request.jobs or os.cpu_count()) as pool:
            for checked in pool.map(judge, stale, chunksize=BATCH):
                yield checked
                step()


def _judge(root: str, known: Mapping[str, tuple[str, tuple[Finding, ...]]], item: ScannedFile) -> CheckedFile:
    try:
        data = read_file(f"{root}/{item.real}", MOST_READ)
    except OSError:  # the build's own diagnostics say so
        return CheckedFile(item.path, NEVER, "", ())
    digest = digest_bytes(data)
    before = known.get(item.path)
    found = before[1] if before and before[0] == digest else findings_of(item.path, data, RULES)
    return CheckedFile(item.path, item.stamp, digest, found)


def _of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    """What a build says, as findings."""
    for item in diagnostics:
        yield Finding(item.code, item.severity, item.message, item.hint, item.path, item.line, item.column)


def _unknown_rules(settings: CheckSettings) -> Iterator[Finding]:
    codes = {rule.code for rule in RULES}
    for code, setting in settings.rules.items():
        if code not in codes:
            place = setting.rule
            yield changed(unknown_rule(code, codes), path=FILE_NAME, line=place.line, column=place.column, found=code)


def corrections_of(request: CheckRequest, progress: Progress) -> list[Correction]:
    """The corrections beyond doubt in the files that were asked for; raises as check_site()."""
    settings = checking(read(request.root))
    chosen = _chosen(request, [item for item in scan(request.root).found if item.is_text])
    found = []
    with progress("检查", len(chosen)) as step:
        for item in chosen:
            correction = _correction(request.root, item, settings)
            if correction.findings:
                found.append(correction)
            step()
    return found


def _correction(root: Path, item: ScannedFile, settings: CheckSettings) -> Correction:
    try:
        data = read_file(root / item.real, MOST_READ)
    except OSError:
        return Correction(item.real, b"", b"", ())
    findings = with_settings(findings_of(item.path, data, RULES), settings.rules)
    return corrected(item.real, data, findings, RULES)


def write_corrections(root: Path, corrections: Iterable[Correction]) -> None:
    """Write corrected files, each whole or not at all. Raises HostError for one that was edited meanwhile or cannot be written."""
    for correction in corrections:
        path = (root / correction.path).resolve()
        try:
            if path.read_bytes() != correction.before:
                raise HostError(
                    f"{correction.path} 刚刚被别的程序改过，没有动它", "再运行一次 newsgen fix", path=correction.path
                )
            write_whole(path, correction.after)
        except OSError as error:
            raise HostError(
                f"写不了 {correction.path}：{reason(error)}", "检查文件是不是只读、是不是开着", path=correction.path
            ) from None
