"""core/errors.py: what is said of a run, in order, and whether it stops."""

from __future__ import annotations

import pytest

from newsgen.core.errors import ConfigError, ContentError, HostError, UsageError, raise_on_errors
from newsgen.core.model import Diagnostic, Severity


def said(path: str, severity: Severity, line: int = 1, code: str = "x.y") -> Diagnostic:
    return Diagnostic(code, severity, f"{path} 第 {line} 行", "改掉它", path, line)


NOTE, WARNING, ERROR = said("content/a.md", "info"), said("content/b.md", "warning"), said("content/c.md", "error")


def test_what_is_said_stands_in_the_order_of_the_files_each_thing_once() -> None:
    late, early = said("content/a.md", "info", 10), said("content/a.md", "info", 9)
    assert raise_on_errors([WARNING, late, NOTE, early, NOTE], strict=False) == (NOTE, early, late, WARNING)


def test_an_error_stops_with_all_that_is_to_be_said() -> None:
    with pytest.raises(ContentError) as caught:
        raise_on_errors([ERROR, WARNING, NOTE], strict=False)
    assert caught.value.diagnostics == (NOTE, WARNING, ERROR)
    assert str(caught.value) == "content/a.md 第 1 行\ncontent/b.md 第 1 行\ncontent/c.md 第 1 行"
    assert caught.value.exit_code == 1


def test_an_error_in_site_yaml_is_one_of_the_settings() -> None:
    with pytest.raises(ConfigError) as caught:
        raise_on_errors([ERROR, said("site.yaml", "error")], strict=False)
    assert caught.value.exit_code == 2
    with pytest.raises(ContentError):
        raise_on_errors([ERROR, said("site.yaml", "warning")], strict=False)


def test_strict_makes_errors_of_warnings_and_of_nothing_else() -> None:
    assert raise_on_errors([NOTE], strict=True) == (NOTE,)
    with pytest.raises(ContentError) as caught:
        raise_on_errors([WARNING, NOTE], strict=True)
    assert [item.severity for item in caught.value.diagnostics] == ["info", "error"]


def test_an_error_that_is_forgiven_is_a_warning_unless_warnings_are_errors() -> None:
    own = said("content/d.md", "error", code="link.own")
    assert [item.severity for item in raise_on_errors([own, NOTE], strict=False, forgiven={"link.own"})] == [
        "info",
        "warning",
    ]
    with pytest.raises(ContentError) as caught:
        raise_on_errors([own, ERROR], strict=False, forgiven={"link.own"})
    assert [item.severity for item in caught.value.diagnostics] == ["error", "warning"]
    with pytest.raises(ContentError):
        raise_on_errors([own], strict=True, forgiven={"link.own"})


def test_a_machine_that_refuses_is_no_fault_of_the_content() -> None:
    refusal = HostError("磁盘满了", "腾出一些空间", path="public")
    assert refusal.diagnostics == (Diagnostic("environment", "error", "磁盘满了", "腾出一些空间", "public"),)
    assert UsageError("看不懂").diagnostics == (Diagnostic("usage", "error", "看不懂"),)
    assert (refusal.exit_code, UsageError("看不懂").exit_code) == (2, 2)
