"""The reference of all rules, docs/checking.md: tests/check/test_rule_reference.py writes it with NEWSGEN_ACCEPT=1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from newsgen.check.inspection_report import GROUPS, group_of
from newsgen.check.rule import Rule
from newsgen.check.rules.registry import RULES
from newsgen.core.model import SEVERITIES

_HEAD = """# 检查：newsgen check

像一位细心的编辑那样，把文章从头到尾看一遍：标点、错字、日期、个人信息、链接。只看不改：

```console
newsgen check                            # 全站
newsgen check content/meetings           # 一个栏目，或一篇
newsgen check --since HEAD~1             # 只看 git 里上一版以来改过的
newsgen check --explain facts.weekday    # 一条规则查什么，为什么
newsgen check --report 自查              # 写一份能打印、能签字的自查报告
```

没有疑问的错误（半角标点、全角数字、多余的空格），可以让它改。先给您看会改成什么样，您同意了才改：

```console
newsgen fix content/meetings
```

## 不合适的时候

每条提示的后面有规则的代码，例如（facts.weekday）。

- 这一行不查：在行末写 `<!-- 忽略: 规则的代码 -->`（网页上看不到），或者单独写在上一行。
- 这一篇不查：在文件头写 `check: {忽略: [规则的代码]}`。
- 全站不查，或者换个级别：写在 site.yaml 里，最好写上理由，`newsgen check --list` 会列出来：

```yaml
check:
  rules:
    personal.landline: {级别: 关, 理由: 办公电话都公开}
    punctuation.half-width: 错误
```

身份证号、银行卡号不能由文章自己放行。确实要公开的，在 site.yaml 里写明哪一篇、为什么：

```yaml
check:
  exceptions:
    content/notices/a.md: {忽略: [personal.identity], 理由: 本人书面同意公开}
```

`newsgen check --external` 逐个打开外部的链接。指向本机和内网的不打开；学院内网的网站也要查，就写出主机名：

```yaml
check:
  allow: [oa.example.edu.cn]
```

级别有三种：**错误**，发布之前一定要改；**提醒**，多半要改；**说明**，供参考。

## 词库和名册

规范的提法由学院的宣传部门定，newsgen 只负责查。它们写在站点的 `lexicon.yaml` 里，每条写明出处；`newsgen init` 放好了
一份起步的，里面都是党章、条例和公开讲话里的提法：

```yaml
- phrase: 习近平新时代中国特色社会主义思想   # 规范的写法；六个字以上的，差一处就会提示
  source: 《中国共产党章程》
- phrase: 三会一课
  wrong: [三会一科]                           # 一定是错的写法
  parts: [支部党员大会, 支部委员会, 党小组会, 党课]   # 后面列出来时要齐全
  source: 《中国共产党支部工作条例（试行）》
- phrase: 立德树人根本任务
  also: [立德树人的根本任务]                  # 也对的写法
  since: 2018-09-10                           # 从哪天起、到哪天止的文章才查，可以不写
```

姓名和职务写在 `people.yaml` 里，按排名先后：

```yaml
- {name: 任海松, post: 党委副书记, from: 2021-09-01}
```

`role: 撰稿`（或审稿、值守）是这个人在共用的写稿台上能做什么，见 [docs/desk.md](desk.md#几个人用一个写稿台)。

## 全部规则
"""


class Accuracy(NamedTuple):
    """The accuracy of a rule over its labelled sentences: `precision` is the share of its findings that are right, `recall` the
    share of faults that it found."""

    precision: float
    recall: float
    sentences: int

    def __str__(self) -> str:
        return f"{self.sentences} 个例句里，说对的占 {self.precision:.0%}，找出了 {self.recall:.0%}。"


def rule_reference(accuracies: Mapping[str, Accuracy]) -> str:
    """The page as Markdown; `accuracies` are by the codes of rules."""
    return "\n".join([_HEAD, *(line for name, _ in GROUPS for line in _group(name, accuracies))])


def _group(name: str, accuracies: Mapping[str, Accuracy]) -> Iterator[str]:
    rules = [rule for rule in RULES if group_of(rule.code) == name]
    if rules:
        yield f"### {name}\n"
        for rule in rules:
            yield from _rule(rule, accuracies.get(rule.code))


def _rule(rule: Rule, accuracy: Accuracy | None) -> Iterator[str]:
    yield f"#### {rule.name} `{rule.code}`\n"
    yield f"{SEVERITIES[rule.severity]}{'，newsgen fix 会改' if rule.fixes else ''}。{rule.reason}{accuracy or ''}\n"
    yield f"```text\n错：{_example(rule.wrong)}\n对：{_example(rule.right)}\n```\n"


def _example(text: str) -> str:
    return text.replace("\n", "\n　　")
