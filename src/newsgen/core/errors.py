"""Errors as one tree; the exit code is on the class."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from newsgen.core.model import Diagnostic, changed


class NewsgenError(Exception):
    """An error that a user can cause. `diagnostics` say where, and what to type instead."""

    exit_code = 1

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(item.message for item in self.diagnostics))


class ContentError(NewsgenError):
    """Reports, photos, templates or theme cannot become a site; nothing was replaced."""


class ConfigError(NewsgenError):
    """site.yaml is wrong or missing."""

    exit_code = 2


class UsageError(NewsgenError):
    """The command was called with words that make no sense together."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "", code: str = "usage", path: str = "") -> None:
        super().__init__([Diagnostic(code, "error", message, hint, path)])


class HostError(UsageError):
    """The machine refuses: no space, no permission, a folder that is not ours."""

    def __init__(self, message: str, hint: str = "", code: str = "environment", path: str = "") -> None:
        super().__init__(message, hint, code, path)


def raise_on_errors(
    diagnostics: Iterable[Diagnostic], strict: bool, forgiven: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """The diagnostics by path and line; `strict` makes errors of warnings, and errors whose code is `forgiven` are warnings.

    Raises ContentError (ConfigError, where site.yaml is at fault) when there is an error among them.
    """
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda item: (item.path, item.line, item.column, item.code))
    if forgiven:
        ordered = [changed(item, severity="warning") if item.code in forgiven else item for item in ordered]
    if strict:
        ordered = [changed(item, severity="error") if item.severity == "warning" else item for item in ordered]
    errors = [item for item in ordered if item.severity == "error"]
    if any(item.path == "site.yaml" for item in errors):
        raise ConfigError(ordered)
    if errors:
        raise ContentError(ordered)
    return tuple(ordered)
