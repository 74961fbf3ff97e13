"""The files that are published as they are: theme files and downloads; and the first frames of videos."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.digest import digest
from newsgen.core.model import Download, Output, Part, PosterFile
from newsgen.pages.context import CLOCK, PlanContext, file_part, part
from newsgen.pages.page_kind import BATCH, PageKind
from newsgen.site.theme.assets import GREYSCALE, GREYSCALE_ADDRESS


def assets(plan_context: PlanContext) -> Iterator[Output]:
    """The theme's files, and the style sheet of days of mourning, which is empty on all others."""
    for asset in {asset.address: asset for asset in plan_context.assets.values()}.values():
        if asset.name != GREYSCALE:
            yield plan_context.output(
                asset.address,
                "asset",
                Part("bytes", asset.digest, asset.data, ((f"theme/{asset.name}", asset.digest),)),
            )
    grey = plan_context.assets.get(GREYSCALE)
    data = grey.data if grey and plan_context.greyscale else b""
    yield plan_context.output(
        GREYSCALE_ADDRESS, "asset", part("bytes", data, ((CLOCK, digest(plan_context.greyscale)),))
    )


def downloads(plan_context: PlanContext) -> Iterator[Output]:
    """Attachments, videos and the like."""
    for file in plan_context.site.media:
        if isinstance(file, Download):
            yield plan_context.output(file.address, "download", file_part(file, file.address, file))


def posters(plan_context: PlanContext) -> Iterator[Output]:
    """The first frames of videos."""
    for file in plan_context.site.media:
        if isinstance(file, Download) and file.poster:
            address = file.poster.address
            yield plan_context.output(address, "poster", file_part(file, address, PosterFile(file)))


FILE_PARTS = {"file": "照片或附件"}
ASSET = PageKind("asset", assets, parts={"bytes": "样式或图片文件"})
DOWNLOAD = PageKind("download", downloads, parts=FILE_PARTS, batch=BATCH)
POSTER = PageKind("poster", posters, parts=FILE_PARTS, batch=BATCH, weight=30)
