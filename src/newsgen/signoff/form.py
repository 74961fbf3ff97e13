"""The 审批单 (approval form) of an article for A4: text and photos, signatures, and empty lines for missing ones."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path

from newsgen.core.file_types import MOST_OF_A_PICTURE
from newsgen.core.files import read_file
from newsgen.core.model import Decision, FrontMatter
from newsgen.signoff.article import ReviewedArticle

STAGE_HEADS = ("环节", "签字", "时间", "意见", "OA 编号")
_TYPES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".webp": "webp"}
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>审批单：{title}</title>
<style>
@page {{ size: A4; margin: 20mm 18mm; }}
body {{ max-width: 174mm; margin: 0 auto; font: 12pt/1.75 "SimSun", "Songti SC", "Noto Serif CJK SC", serif; color: #000; }}
h1 {{ text-align: center; font-size: 20pt; letter-spacing: .3em; margin: 0 0 6mm; }}
table {{ width: 100%; border-collapse: collapse; margin: 0 0 5mm; }}
th, td {{ border: 1px solid #000; padding: 1.5mm 2.5mm; text-align: left; vertical-align: top; font-weight: normal; }}
th {{ width: 22mm; white-space: nowrap; }}
.sign td {{ height: 11mm; }} .text p {{ text-indent: 2em; margin: 0 0 1.5mm; }} .text img {{ max-width: 100%; max-height: 110mm; }}
.text figure {{ margin: 2mm 0; text-align: center; break-inside: avoid; }} tr {{ break-inside: avoid; }}
@media screen {{ body {{ padding: 10mm 4mm; }} }}
.foot {{ font-size: 9pt; color: #333; word-break: break-all; }}
</style></head><body>
<h1>稿件审批单</h1>
<table>
{head}</table>
<table class="sign">
{stage_heads}{stages}</table>
<div class="text">
{body}
</div>
{files}<p class="foot">版本 {version}　文件 {path}</p>
</body></html>
"""


def form_of(root: Path, article: ReviewedArticle) -> str:
    """The form as an HTML page that needs no other file. Raises OSError if a photo cannot be read."""
    rows = rows_of(article.matter)
    head = "".join(f'<tr><th>{label}</th><td colspan="4">{escape(text)}</td></tr>\n' for label, text in rows.items())
    attached = "、".join(entry.name or entry.file.text for entry in article.matter.attachments)
    return _PAGE.format(
        title=escape(article.matter.title),
        head=head,
        stage_heads=f"<tr>{''.join(f'<th>{label}</th>' for label in STAGE_HEADS)}</tr>\n",
        stages="".join(_stages(article)),
        body=_body(root, article),
        files=f"<p>附件：{escape(attached)}</p>\n" if attached else "",
        version=article.standing.digest,
        path=escape(article.path),
    )


def rows_of(matter: FrontMatter) -> dict[str, str]:
    """The rows in the head of the form, by label."""
    day = matter.date.day if matter.date else ""
    rows = {
        "标题": matter.title,
        "副题": matter.subtitle,
        "作者": "、".join(matter.author),
        "来源": matter.source,
        "时间": day,
    }
    return {label: text for label, text in rows.items() if text}


def stage_rows(article: ReviewedArticle) -> Iterator[tuple[str, ...]]:
    """A row for each stage, under STAGE_HEADS; the cells of a stage that is not signed yet are empty."""
    signed = {decision.stage: decision for decision in article.standing.signed}
    for stage in article.standing.stages:
        decision = signed.get(stage.name)
        yield (stage.name, *(_signed(decision) if decision else ("", "", "", "")))


def _stages(article: ReviewedArticle) -> Iterator[str]:
    for name, *cells in stage_rows(article):
        yield f"<tr><th>{escape(name)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"


def _signed(decision: Decision) -> tuple[str, str, str, str]:
    proof = "（密钥签名）" if decision.proof else ""
    return decision.name + proof, decision.time, decision.note or "", decision.number or ""


def _body(root: Path, article: ReviewedArticle) -> str:
    """The text as HTML, sanitised as on the site, with its photos inside and without links."""
    body = article.parsed_body
    files = {file.typed: real for file, real in article.files}
    pieces = []
    for chunk in body.chunks:
        if isinstance(chunk, str):
            pieces.append(chunk)
            continue
        reference = body.references[chunk]
        if reference.attribute == "src" and reference.target in files:
            pieces.append(f' src="{_inside(root / files[reference.target])}"')
    signature = f'<p style="text-align: right">{escape(body.signature)}</p>' if body.signature else ""
    return "".join(pieces) + signature


def _inside(file: Path) -> str:
    """The data: URL of a photo; it is empty for formats that browsers do not show."""
    kind = _TYPES.get(file.suffix.lower())
    if kind is None:
        return "data:,"
    return f"data:image/{kind};base64,{base64.b64encode(read_file(file, MOST_OF_A_PICTURE)).decode()}"
