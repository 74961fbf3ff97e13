"""Rules about the site as a whole: sections that are empty or have nothing new, articles without an author."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, finding_by
from newsgen.config.check_section import CheckSettings
from newsgen.content.scan import FOLDER, SECTION_FILE
from newsgen.core.model import SHANGHAI, Moment
from newsgen.site.model import Article, Section, Site

NOTICES = frozenset(("notice", "announcement"))


def site_findings(site: Site, settings: CheckSettings, now: datetime) -> Iterator[Finding]:
    """The findings about the site at a moment."""
    for section in site.sections.values():
        if section.path:
            yield from _section(section, site.by_section[section.path], settings, now)
    for article in site.articles:
        yield from _article(article)


def _section(
    section: Section, articles: tuple[Article, ...], settings: CheckSettings, now: datetime
) -> Iterator[Finding]:
    path = f"{FOLDER}/{section.path}/{SECTION_FILE}"
    if not articles:
        if section.body_summary is None or section.body_summary.is_empty:
            hint = "写一篇，或者在 _index.md 里写上介绍；暂时用不到就写 menu: 否"
            yield finding_by(RULES, "site.empty-section", f"栏目“{section.title}”是空的", hint, path)
        return
    newest = max(article.order for article in articles)[0]
    is_for_notices = 2 * sum(article.matter.kind in NOTICES for article in articles) > len(articles)
    days = settings.notice_days if is_for_notices else settings.news_days
    last = Moment(newest, to_the_minute=True).at.date()
    if (now.astimezone(SHANGHAI).date() - last).days > days:
        message = f"栏目“{section.title}”从 {newest[:10]} 起没有新文章，超过 {days} 天"
        yield finding_by(RULES, "site.stale-section", message, "更新这个栏目；期限在 site.yaml 的 check: 里改", path)


def _article(article: Article) -> Iterator[Finding]:
    matter, path = article.matter, article.path
    if matter.kind == "news" and not matter.author:
        yield finding_by(RULES, "site.no-author", "没有写作者", "加上一行 author: ，冒号后面写作者的姓名", path)


RULES = (
    Rule(
        "site.empty-section",
        "warning",
        "空栏目",
        "检查网站的人会把打开是空的栏目记下来。",
        "栏目里一篇文章也没有",
        "栏目里有文章，或者有介绍",
    ),
    Rule(
        "site.stale-section",
        "info",
        "久不更新的栏目",
        "动态类的栏目两周、通知类的栏目半年没有更新，会被检查记下来；期限可以在 site.yaml 里改。",
        "最近一篇是两个月前的",
        "最近一篇在两周以内",
    ),
    Rule(
        "site.vanished-address",
        "warning",
        "不见了的网址",
        "和线上的网站比（没有发布过，就和上次生成的比），文章的网址没有了，别的网站、微信里的链接就打不开。",
        "文件改了名，没有写旧地址",
        "文件改了名，写了 aliases: meetings/2024/0313-a.html",
    ),
    Rule(
        "site.no-author",
        "info",
        "没有作者",
        "报道要写作者。",
        "文件头里没有 author",
        "author: 张老师",
    ),
)
