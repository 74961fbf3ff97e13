"""site.yaml: the codes of what is told, which programs rely on. The words are in the case folders."""

from __future__ import annotations

import pytest

from site_test import SITE_YAML, SiteTest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "config.empty site.yaml:1"),
        (SITE_YAML.replace("党群", "党\x07群"), "config.control site.yaml:1"),
        (f"{SITE_YAML}menu: [甲\n", "config.syntax site.yaml:5"),
        (f"{SITE_YAML}menus: 甲\n", "config.value site.yaml:5"),
    ],
)
def test_each_kind_of_fault_has_its_code_and_its_line(project: SiteTest, text: str, said: str) -> None:
    assert project.write("site.yaml", text).build().said() == [said]
