"""`newsgen withdraw ARTICLE --why …`: enter an article into the ledger; the next publish removes it everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from newsgen.build.all_articles import AllArticles, load_all_articles
from newsgen.config import withdrawals
from newsgen.config.model import Config, Ledger, Withdrawal
from newsgen.config.site_yaml import load as load_config
from newsgen.content.scan import FOLDER, real_path
from newsgen.core.errors import UsageError
from newsgen.core.model import Moment, changed
from newsgen.core.own_addresses import own_address
from newsgen.core.platform import quoted
from newsgen.core.text import did_you_mean
from newsgen.site.model import Article


def withdraw(root: Path, typed: str, why: str, now: datetime) -> Withdrawal:
    """Enter the article that the user calls `typed` into the ledger of the site at `root`, and return the entry.

    `typed` is its file, its folder, its address below the site or its URL. Nothing but the ledger changes. Raises
    UsageError if the article does not exist or was withdrawn before, or no reason is given.
    """
    why = " ".join(why.split())
    if not why:
        raise UsageError("没有写撤下的理由", "在 --why 后面写理由，只记在 withdrawn.yaml 里，不会公开")
    config = changed(load_config(root), ledger=withdrawals.load(root))
    names = list(_names(typed, root, config))
    _refuse_twice(names, config.ledger)
    every_article = load_all_articles(root, config, now)
    article = _found(names, every_article)
    if article is None:
        raise _unknown(names, typed, every_article, root)
    entry = Withdrawal(
        article.path,
        Moment.of(now, to_the_minute=True).minute,
        why,
        " ".join(article.matter.title.split()),
        article.matter.date.day if article.matter.date else None,
        (article.address, *(alias.text for alias in article.matter.aliases)),
        every_article.own_files(article),
        text=article.body_summary.body,
    )
    withdrawals.add(root, entry)
    return entry


def _names(typed: str, root: Path, config: Config) -> Iterator[str]:
    """The names that `typed` may mean: paths of files, relative to the site or the current folder, and addresses."""
    plain = unicodedata.normalize("NFC", typed.strip().replace("\\", "/"))  # a shell on macOS completes to NFD
    yield plain.removeprefix(config.url).partition("?")[0].partition("#")[0].removeprefix("./").rstrip("/")
    own = own_address(config.url, typed)
    if own:
        yield from filter(None, (own.path, own.server))
    here = Path(plain).absolute()
    if here.is_relative_to(root):
        yield here.relative_to(root).as_posix()
    yield f"{FOLDER}/{plain}".rstrip("/")


def _refuse_twice(names: list[str], known: Ledger) -> None:
    for entry in known.standing:
        if {entry.article, entry.article.removesuffix("/index.md"), *entry.addresses}.intersection(names):
            message = f"{entry.article} 在 {entry.when} 已经撤下了"
            raise UsageError(message, "不用再撤一次；运行 newsgen publish 让服务器上也去掉", "withdraw.already")


def _found(names: list[str], every_article: AllArticles) -> Article | None:
    """The article that has one of these names."""
    known = _by_name(every_article)
    return next((known[name] for name in names if name in known), None)


def _by_name(every_article: AllArticles) -> dict[str, Article]:
    found = {article.address: article for article in every_article.articles.values()}
    found |= {path.removesuffix("/index.md"): article for path, article in every_article.articles.items()}
    return found | dict(every_article.articles)


def _unknown(names: list[str], typed: str, every_article: AllArticles, root: Path) -> UsageError:
    """The error for a name that no article has."""
    if any(real_path(root, name).is_file() for name in names):
        hint = "文件头有错误，看不出它的网址：运行 newsgen build，照提示改好，再撤下"
        return UsageError(f"这个文件现在不能成为文章：{typed}", hint, "withdraw.faulty")
    guess = did_you_mean(names[0], list(_by_name(every_article))[:5000])
    hint = f"是不是想写 {quoted(guess)} ？" if guess else "写文章的文件，从 content/ 写起；或它的网址"
    return UsageError(f"没有这篇文章：{typed}", hint, "withdraw.article")
