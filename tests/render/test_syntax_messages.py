"""render/syntax_messages.py: a fault in a template is told in Chinese, at its place, with what to write instead."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment, TemplateSyntaxError

from newsgen.render.syntax_messages import SyntaxFault, in_chinese
from site_test import SiteTest

FAULTS = {
    "{% blok a %}": SyntaxFault("没有 {% blok %} 这种写法", "是不是 {% block %}？", 1, 4),
    "第一行\n{% block a %}\n正文": SyntaxFault("{% block %} 没有结束", "在它的内容后面写上 {% endblock %}", 2, 1),
    "{% if x %}{% if y %}{% endif %}": SyntaxFault("{% if %} 没有结束", "在它的内容后面写上 {% endif %}", 1, 1),
    "{% set a %}": SyntaxFault("{% set %} 没有结束", "在它的内容后面写上 {% endset %}", 1, 1),
    "甲\n{% set a | default('=') %}": SyntaxFault("{% set %} 没有结束", "在它的内容后面写上 {% endset %}", 2, 1),
    "甲\n{% endif %}": SyntaxFault(
        "{% endif %} 前面没有与它配对的 {% if %}", "删去它，或者在前面补上 {% if … %}", 2, 4
    ),
    "{% block a %}{% endfor %}": SyntaxFault(
        "{% endfor %} 放错了地方：前面的 {% block %} 还没有结束", "在它前面写上 {% endblock %}", 1, 17
    ),
    "{{ x|nofilter }}": SyntaxFault(
        "没有 nofilter 这个过滤器", "检查拼写；能用的见 docs/themes.md 和 Jinja2 的手册", 1, 6
    ),
    "{{ x is notest }}": SyntaxFault(
        "没有 notest 这个判断", "检查拼写；能用的见 docs/themes.md 和 Jinja2 的手册", 1, 9
    ),
    "甲{# 注": SyntaxFault("注释 {# 没有结束", "在注释后面写上 #}", 1, 2),
    "甲\n乙{{ 'abc }}": SyntaxFault("引号 ' 没有成对", "在文字后面补上同样的引号", 2, 5),
    "{{ “a” }}": SyntaxFault("{{ }} 和 {% %} 里不能有字符 “", "标点和引号要用英文的", 1, 4),
    "{% if %}{% endif %}": SyntaxFault("%} 前面少了内容", "写上要显示的名字，或者条件", 1, 7),
    "{{ }}": SyntaxFault("}} 前面少了内容", "写上要显示的名字，或者条件", 1, 4),
    "{{ a b }}": SyntaxFault("这里应该是 }}，写的却是 b", "检查它前面是不是少了符号，或者多写了一个词", 1, 6),
    "{{ (a }}": SyntaxFault("这里应该是 )，写的却是 }", "检查括号是否成对", 1, 7),
    "{{ x ": SyntaxFault("到模板末尾也没有 }}", "在这一处的内容后面写上 }}", 1, 1),
    "{% include %}": SyntaxFault("这里不能有 %}", "检查这一行的 {% %} 和 {{ }} 是否成对", 1, 12),
    "{{ a. }}": SyntaxFault("点号后面少了名字", "写上要用的名字", 1, 5),
    "{% block a %}{% endblock %}\n{% block a %}{% endblock %}": SyntaxFault(
        "有两个名叫 a 的 {% block %}", "一个模板里每个 block 的名字只用一次", 2, 4
    ),
    "{% set 1 = 2 %}": SyntaxFault("{% set %} 只能给名字赋值", "写成：{% set 名字 = 值 %}", 1, 4),
    "{% raw %}甲": SyntaxFault("{% raw %} 没有结束", "在它的内容后面写上 {% endraw %}", 1, 1),
}


@pytest.mark.parametrize(("source", "said"), FAULTS.items(), ids=FAULTS)
def test_what_jinja_says_is_told_in_chinese_at_its_place(source: str, said: SyntaxFault) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Environment(autoescape=True).from_string(source)
    assert in_chinese(caught.value, source) == said


@pytest.mark.parametrize("source", FAULTS)
def test_a_build_tells_it_with_the_template_s_name(site: SiteTest, source: str) -> None:
    failed = site.article("meetings/a.md").write("templates/404.html", source).build()
    assert failed.code == 1
    assert re.search(r"templates/404\.html:\d+:\d+：错误：", failed.stderr), failed.stderr
    assert not re.search(r"[a-z]{4,} [a-z]+ [a-z]+", failed.stderr), failed.stderr


def test_what_jinja_seldom_says_stays_as_it_is() -> None:
    error = TemplateSyntaxError("something new", 3)
    assert in_chinese(error, "") == SyntaxFault(
        "模板写法有误：something new", "检查这一行的 {% %} 和 {{ }} 是否成对", 3, 1
    )
