"""Salutations: the 主送机关 of a notice, and the greeting of a letter or a speech (尊敬的各位来宾：)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from operator import attrgetter

from newsgen.content.markdown.headings import NumberedLine, chinese_heading, hash_heading
from newsgen.content.markdown.preprocess.containers import BULLET, NUMBER, is_rule
from newsgen.core.model import ArticleKind
from newsgen.core.patterns import lazy_pattern

_NAMED = (
    r"(?:党委|党组|总支|支部|委员会|[纪党团工]委|学院|大学|学校|学部|书院|研究院|研究所|医院|图书馆|公司|集团|实验室|办公室|教研室"
    r"|政府|学生会|研究生会|工会|[院校党政团]办|(?:教务|学生|学工|财务|人事|科研|科技|保卫|后勤|资产|国资|基建|审计|招生|就业|研究生|外事)处"
    r"|(?:组织|宣传|统战|学工|研工|武装|教务)部|\d{2,4}级|[\d一二三四五六七八九十]+班"
    r"|同志|同学|老师|先生|女士|教授|书记|院长|校长|主任|处长|[各诸]位|大家|(?<![我你您他她它咱人])们)"
)
"""What names someone by itself."""
_ANY = (
    r"(?:单位|部门|机关|机构|中心|企业|街道|社区|乡镇|团队|社团|党派|高校|专业|年级|专家|学者|领导|来宾|嘉宾|朋友|代表|委员|评委|干部"
    r"|家长|校友|成员|学员|同仁|读者|网友|学子|师生|教师|教职?工|教职员工|职工|员工|[学考新博硕究科业]生|党员|团员|积极分子|辅导员|班主任|部长"
    r"|[部处室系所院馆厅局站社队组会班级校区县市])"
)
"""What does so behind 各, 全体 and the like alone: `主办单位：` is a label."""
_WHO = r"(?:各|全[体校院系国省市区县]|有关|相关|广大|机关|[校院]内|直属|[院校]属|\d{4}级)"
_ADDRESSEE = lazy_pattern(rf".*{_NAMED}|.{{0,12}}{_WHO}.*{_ANY}")
_GREETING = lazy_pattern(rf"(?:尊敬|敬爱|亲爱)的.+|[各诸]位(?:.*(?:{_NAMED}|{_ANY}))?|.*(?<![我你您他她它咱人])们")
_NO_ADDRESSEE = lazy_pattern(
    r"[。；;！？]|如下|现将|公示|通知|名单|安排|时间|地点|^[请由经据按为对把将我你他她它本]"
    r"|主办|承办|协办|参会|参加|出席|负责|联系|主持|主讲|组织单位|指导|带队|任课|授课|责任|牵头|获奖|面向|要求|汇报|发言|参赛|入选|推荐|拟|本期"
)
_IN_BRACKETS = lazy_pattern(r"[（(][^（）()]*[）)]$")
_DOCUMENT_NUMBER = lazy_pattern(r".{0,30}[〔\[（(【［]\s*\d{4}\s*[〕\]）)】］]\s*第?\s*\d+\s*号")
_TITLE = lazy_pattern(
    r"(?!现将)[^。：:；;，,]{2,60}(?:通知|通告|公告|公示|通报|倡议书|邀请函|的(?:函|请示|批复|意见|决定|方案))"
)
_PHOTO = lazy_pattern(r"!\[[^\[\]]*\]\([^()]*\)")
_MOST_ABOVE = 3
"""How many lines (a 文号, the title once more, who speaks and when) may stand above a greeting."""
_LONGEST = 40
_text_of = attrgetter("text")


def salutation(lines: Iterable[NumberedLine], kind: ArticleKind) -> int | None:
    """The number of the line that says who is addressed, or None: the first in a notice but for its 文号 and title, one of
    the first in any text where it greets."""
    first = list(islice(filter(_text_of, lines), _MOST_ABOVE + 1))
    if {line.text[-1] for line in first}.isdisjoint("：:*_"):  # as in most texts
        return None
    for line in first:
        if _opens(line.text, _GREETING) or (_is_notice(kind) and _opens(line.text, _ADDRESSEE)):
            return line.number
        if not _may_stand_above(line.text, kind):
            return None
    return None


def _is_notice(kind: ArticleKind) -> bool:
    return kind in ("notice", "announcement")


def _opens(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a line is short, ends with a colon and names someone: `前言：` and `现将名单公示如下：` do not."""
    if text.rstrip("*_")[-1:] not in ("：", ":") or len(text) > _LONGEST or not is_plain_line(text):
        return False
    name = _IN_BRACKETS.sub("", text.strip("*_ ：:"))
    return bool(pattern.fullmatch(name)) and not _NO_ADDRESSEE.search(name)


def _may_stand_above(text: str, kind: ArticleKind) -> bool:
    if _DOCUMENT_NUMBER.fullmatch(text) or _PHOTO.fullmatch(text) or hash_heading(text):
        return True
    if _is_notice(kind):
        return bool(_TITLE.fullmatch(text.strip("*")))
    return len(text) <= _LONGEST and text[-1] not in "。：:；;" and is_plain_line(text)


def is_plain_line(text: str) -> bool:
    """Whether a line opens no other kind of block."""
    if text[0] in ">|<`~[!" or BULLET.match(text) or NUMBER.match(text):
        return False
    return not is_rule(text) and hash_heading(text) is None and chinese_heading(text) is None
