"""The files of pictures: of each its largest, and what texts, the home page and lists show of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from newsgen.core.model import Output, Picture, PictureFile, Variant
from newsgen.core.variants import largest, share, variants
from newsgen.pages.context import PlanContext, file_part
from newsgen.pages.files import FILE_PARTS
from newsgen.pages.home import cards_of_home
from newsgen.pages.lists import has_thumbnails
from newsgen.pages.page_kind import BATCH, PageKind
from newsgen.pages.views import Cover
from newsgen.site.model import Article, Section


def pictures(plan_context: PlanContext) -> Iterator[Output]:
    """All files of the pictures that the site names: each in the widths in which some page shows it."""
    site = plan_context.site
    named = {file.address: file for file in site.media if isinstance(file, Picture)}
    if not named:
        return
    wanted = {address: {address: largest(picture)} for address, picture in named.items()}
    owners: tuple[Article | Section, ...] = (*site.articles, *site.pages, *site.sections.values())
    for picture in dict.fromkeys(chain.from_iterable(map(_in_text, owners))):  # many reports may show the same ones
        wanted[picture.address] |= {item.address: item for item in variants(picture, picture.widths)}
    for article in (*site.articles, *site.pages):
        if article.cover and not article.matter.redirect:
            item = share(article.cover)
            wanted[article.cover.address][item.address] = item
    for cover in _covers(plan_context):
        wanted[cover.address] |= {item.address: item for item in (*cover.webp, cover.fallback, cover.ground) if item}
    for address, found in wanted.items():
        yield from _outputs(plan_context, named[address], tuple(found.values()))


def _outputs(plan_context: PlanContext, picture: Picture, found: tuple[Variant, ...]) -> Iterator[Output]:
    for item in found:
        part = file_part(picture, item.address, PictureFile(picture, item, found))
        yield plan_context.output(item.address, "picture", part)


def _in_text(owner: Article | Section) -> Iterator[Picture]:
    """The pictures in a text; those that it only links to are shown at their largest."""
    references = owner.body_summary.references if owner.body_summary else ()
    for reference, target in zip(references, owner.targets, strict=False):
        if reference.tag == "img" and isinstance(target, Picture):
            yield target


def _covers(plan_context: PlanContext) -> Iterator[Cover]:
    """The covers of the cards on the home page and in lists."""
    site = plan_context.site
    listed = (site.by_section[path] for path, section in site.sections.items() if has_thumbnails(section))
    thumbnails = (plan_context.thumbnail(article) for article in chain.from_iterable(listed) if article.cover)
    for shared_card in chain(cards_of_home(plan_context), thumbnails):
        if shared_card.card.cover:
            yield shared_card.card.cover


def _picture_of(output: Output) -> str:
    """All files of a picture are made together, since it is decoded once."""
    file = output.parts[-1].value
    assert isinstance(file, PictureFile), "an output of this kind holds one"
    return file.picture.digest


PICTURE = PageKind("picture", pictures, parts=FILE_PARTS, batch=BATCH, batch_key=_picture_of, weight=30)
