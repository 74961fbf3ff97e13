"""What a Word file holds, as Markdown: each feature of reports by itself."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.authoring.importers import office_package
from newsgen.authoring.importers.blocks import Paragraph, Run
from newsgen.authoring.importers.markdown_text import plain, visible
from newsgen.authoring.importers.markdown_writer import write
from newsgen.authoring.importers.word_document import read_word
from newsgen.authoring.importers.word_numbering import chinese, in_form
from newsgen.content.markdown import convert
from newsgen.core.errors import UsageError
from newsgen.core.model import Markdown
from word_files import cell, centred, drawing, in_encoding, item, numbering, paragraph, picture, run, table, word_file


def markdown(data: bytes) -> str:
    document = read_word(data, "稿.docx")
    names = {name: name.rpartition("/")[2] for name in document.pictures}
    return write(document, document.blocks, names)


def told(data: bytes) -> tuple[str, ...]:
    return read_word(data, "稿.docx").remarks


def field(instruction: str, *result: str) -> str:
    """A field with its result; one without has none, as EQ."""
    mark = '<w:r><w:fldChar w:fldCharType="%s"/></w:r>'
    separate = mark % "separate" if result else ""
    return (
        f"{mark % 'begin'}<w:r><w:instrText>{instruction}</w:instrText></w:r>{separate}{''.join(result)}{mark % 'end'}"
    )


BOLD = "<w:b/>"
BOX_TO_TICK = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
DELETED_MARK = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>'
LARGE_LETTER = '<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>三</w:t></w:r></w:p>'
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
NOTES = f'<w:footnotes NAMES><w:footnote w:id="0"><w:p/></w:footnote><w:footnote w:id="2">{paragraph("见文件。")}</w:footnote></w:footnotes>'
BOX = f"<wps:txbx><w:txbxContent>{paragraph('框里的话。')}</w:txbxContent></wps:txbx>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>指令</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3月13日</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("会议", run("强调", BOLD), "落实。"), "会议**强调**落实。"),
        (paragraph(run("会", BOLD), run("议", BOLD), "落实。"), "**会议**落实。"),
        (paragraph(run("会议 ", BOLD), "落实。"), "**会议** 落实。"),
        (paragraph(run("关", '<w:b w:val="0"/>'), "闭。"), "关闭。"),
        (paragraph("面积10m", run("2", '<w:vertAlign w:val="superscript"/>')), "面积10m<sup>2</sup>"),
        (paragraph(run("斜", "<w:i/>"), run("线", '<w:u w:val="single"/>')), "<em>斜</em><u>线</u>"),
        (paragraph(run("一、统一思想", BOLD)), "一、统一思想"),
        (paragraph("第一行<w:br/>".replace("<w:br/>", ""), "<w:r><w:br/></w:r>", "第二行"), "第一行\n\n第二行"),
        (paragraph("前", "<w:ins><w:r><w:t>新</w:t></w:r></w:ins>", "后"), "前新后"),
        (paragraph("前", "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "后"), "前后"),
        (paragraph("前", "<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>", "后"), "前后"),
        (paragraph("前", run("密", "<w:vanish/>"), "后"), "前后"),
        (paragraph("今天是", FIELD, "。"), "今天是3月13日。"),
        ("<w:sdt><w:sdtContent>" + paragraph("控件里。") + "</w:sdtContent></w:sdt>", "控件里。"),
        (paragraph("<w:smartTag><w:r><w:t>北京</w:t></w:r></w:smartTag>", "市"), "北京市"),
        (
            paragraph(
                "<w:r><w:ruby><w:rt><w:r><w:t>zhang</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>张</w:t></w:r></w:rubyBase></w:ruby></w:r>"
            ),
            "张",
        ),
        (
            paragraph(
                "锚。",
                f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>".replace(
                    "<wps:txbx>", "<w:drawing><wps:txbx>"
                ).replace("</wps:txbx>", "</wps:txbx></w:drawing>"),
            ),
            "锚。\n\n框里的话。",
        ),
        (paragraph("前", '<w:r><w:br w:type="page"/></w:r>', "后"), "前\n\n后"),
        (
            paragraph("见", field('HYPERLINK "https://e.cn/a" \\t "_blank"', run("此")), "。"),
            "见[此](https://e.cn/a)。",
        ),
        (
            paragraph(f'<w:fldSimple w:instr=" HYPERLINK &quot;https://e.cn/&quot; ">{run("此")}</w:fldSimple>'),
            "[此](https://e.cn/)",
        ),
        (paragraph(field("EQ \\o\\ac(○,3)"), "报名"), "③报名"),
        (paragraph(field("eq \\o\\ac(□,√)"), "同意"), "☑同意"),
        (paragraph(field("EQ \\o\\ac(○,一)"), "报名"), "㊀报名"),
        (paragraph("姓", field('EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(zhāng),张)')), "姓张"),
        (paragraph(field("EQ \\f(1,2)")), "1/2"),
        (paragraph(field('SYMBOL 163 \\f "Wingdings 2" \\s 12'), "甲"), "□甲"),
        (paragraph(field("SYMBOL 0xFC \\f Wingdings"), "乙"), "√乙"),
        (paragraph(BOX_TO_TICK, "同意"), "☑同意"),
        (paragraph("前", field("PAGEREF _Toc1", run("7")), "后"), "前7后"),
        (paragraph(run("新", '<w:rStyle w:val="none"/>')), "新"),
        (DELETED_MARK + paragraph("后半"), "前半后半"),
        (LARGE_LETTER + paragraph("月13日，会议召开。"), "三月13日，会议召开。"),
        (
            table(cell("导语。", table(cell("甲") + cell("乙"), cell("1") + cell("2")))),
            "导语。\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
        ),
        (
            f'<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("乙")}</w:tr><w:tr>{cell("甲")}{cell("2")}</w:tr></w:tbl>',
            "|  | 乙 |\n| --- | --- |\n| 甲 | 2 |",
        ),
        (
            paragraph(
                "10m", run("2", '<w:position w:val="8"/><w:sz w:val="19"/>'), run("高", '<w:position w:val="8"/>')
            ),
            "10m<sup>2</sup>高",
        ),
        (
            paragraph(
                '<w:fldSimple w:instr="HYPERLINK &quot;https://e.cn/&quot;">'
                + run("此", '<w:u w:val="single"/>')
                + "</w:fldSimple>"
            ),
            "[此](https://e.cn/)",
        ),
        (paragraph("# 不是标题"), "\\# 不是标题"),
        (paragraph("- 不是列表"), "\\- 不是列表"),
        (paragraph("得分*不变*，见[1](2)和`x`"), "得分\\*不变\\*，见[1\\](2)和\\`x\\`"),
        (paragraph("A&lt;B&amp;nbsp;"), "A\\<B&amp;nbsp;"),
        (paragraph("甲", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), "甲√"),
        (paragraph('<w:r><w:sym w:font="Wingdings 2" w:char="00A3"/></w:r>', "不同意"), "□不同意"),
        (paragraph("5", '<w:r><w:sym w:font="Symbol" w:char="F0B4"/></w:r>', "3"), "5×3"),
        (paragraph(run("R同意£", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>')), "☑同意□"),
        (paragraph(run("\uf061", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'), "\uf0fe\uf0a8"), "α☑□"),
        (paragraph("【图1】"), "【图1】"),
        (paragraph("标题", properties='<w:outlineLvl w:val="0"/>'), "## 标题"),
    ],
)
def test_a_paragraph_comes_over_with_its_words_and_marks(body: str, expected: str) -> None:
    assert markdown(word_file(body)) == expected + "\n"


def test_automatic_numbers_are_typed_as_they_stand_on_paper() -> None:
    lists = numbering(
        ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimalEnclosedCircle", "%4")
    )
    body = (
        item("思想")
        + item("学习", 1)
        + item("甲", 2)
        + item("乙", 2)
        + item("丙", 3)
        + item("讨论", 1)
        + item("组织")
        + item("学习", 1)
    )
    expected = ["一、思想", "（一）学习", "1. 甲", "2. 乙", "①丙", "（二）讨论", "二、组织", "（一）学习"]
    assert [line for line in markdown(word_file(body, {"numbering.xml": lists})).split("\n") if line] == expected


def test_a_list_that_begins_anew_says_so() -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    lists = numbering(("decimal", "%1、"), extra=again)
    body = item("甲") + item("乙") + item("丙", number=2) + item("丁", number=2)
    assert markdown(word_file(body, {"numbering.xml": lists})).split("\n\n") == ["1、甲", "2、乙", "1、丙", "2、丁\n"]


def test_the_number_of_a_style_counts_too() -> None:
    styles = '<w:styles NAMES><w:style w:type="paragraph" w:styleId="a"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    body = paragraph("总则", properties='<w:pStyle w:val="a"/>')
    parts = {"numbering.xml": numbering(("chineseCounting", "第%1条 ")), "styles.xml": styles}
    assert markdown(word_file(body, parts)) == "第一条 总则\n"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (103, "一百零三"), (110, "一百一十"), (1001, "一千零一")],
)
def test_numbers_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("lowerLetter", "bb"),
        ("upperRoman", "XXVIII"),
        ("ideographDigital", "二八"),
        ("decimalZero", "28"),
        ("none", ""),
        ("unknown", "28"),
        ("chineseLegalSimplified", "贰拾捌"),
        ("decimalEnclosedCircleChinese", "㉘"),
        ("decimalFullWidth2", "２８"),
        ("numberInDash", "- 28 -"),
        ("ideographTraditional", "28"),
    ],
)
def test_other_forms_of_numbers(form: str, text: str) -> None:
    assert in_form(28, form) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("ideographTraditional", "甲乙癸"),
        ("ideographZodiac", "子丑酉"),
        ("ideographEnclosedCircle", "㊀㊁㊉"),
        ("decimalEnclosedCircle", "①②⑩"),
        ("decimalEnclosedParen", "⑴⑵⑽"),
        ("decimalEnclosedFullstop", "⒈⒉⒑"),
        ("chineseLegalSimplified", "壹贰壹拾"),
        ("ideographLegalTraditional", "壹貳壹拾"),
    ],
)
def test_forms_with_signs_of_their_own(form: str, text: str) -> None:
    assert "".join(in_form(number, form) for number in (1, 2, 10)) == text


def test_articles_count_through_all_chapters_where_the_list_says_so() -> None:
    levels = numbering(("chineseCounting", "第%1章　"), ("chineseCounting", "第%2条　"))
    through = levels.replace(
        '<w:lvl w:ilvl="1"><w:start w:val="1"/>', '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:lvlRestart w:val="0"/>'
    )
    body = item("总则") + item("甲", 1) + item("组织") + item("乙", 1)
    assert markdown(word_file(body, {"numbering.xml": levels})).split()[6] == "第一条"
    assert markdown(word_file(body, {"numbering.xml": through})) == (
        "第一章　总则\n\n第一条　甲\n\n第二章　组织\n\n第二条　乙\n"
    )


def test_a_list_may_be_that_of_a_style_and_a_style_stand_for_a_level() -> None:
    linked = (
        '<w:numbering NAMES><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="L"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="h1"/><w:lvlText w:val="第%1章 "/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="h2"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    styles = (
        '<w:styles NAMES><w:style w:type="paragraph" w:styleId="h1"><w:name w:val="章"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="节"/><w:basedOn w:val="h1"/></w:style></w:styles>'
    )
    body = paragraph("总则", properties='<w:pStyle w:val="h1"/>') + paragraph(
        "目的", properties='<w:pStyle w:val="h2"/>'
    )
    found = markdown(word_file(body, {"numbering.xml": linked, "styles.xml": styles}))
    assert found == "第一章 总则\n\n1.1 目的\n"


def test_of_several_lists_each_has_its_own_numbers() -> None:
    """As LibreOffice writes it, whose last list has no numbers."""
    last = (
        '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    )
    body = item("甲") + item("无号", number=3)
    lists = numbering(("decimal", "%1."), extra=last)
    assert markdown(word_file(body, {"numbering.xml": lists})) == "1. 甲\n\n无号\n"


def test_lists_that_follow_one_another_keep_their_numbers() -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    lists = numbering(("decimal", "%1."), extra=again)
    body = item("甲") + item("乙") + item("丙", number=2) + item("丁", number=2)
    assert markdown(word_file(body, {"numbering.xml": lists})) == "1. 甲\n2. 乙\n\n1\\. 丙\n\n2\\. 丁\n"


def test_a_table_of_contents_is_told_and_left_out() -> None:
    start, end = field("TOC \\o", "|").split("|")
    toc = (
        paragraph(start, run("一、思想"), "<w:r><w:tab/></w:r>", run("1")) + paragraph(run("二、落实")) + paragraph(end)
    )
    data = word_file(toc + paragraph("正文。"))
    assert (markdown(data), told(data)) == ("正文。\n", ("目录（1 处）没有带进来，网页上用不着",))
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    control = f"<w:sdt>{gallery}<w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
    assert markdown(word_file(control + paragraph("正文。"))) == "正文。\n"
    assert "正文。" in markdown(word_file(paragraph(start) + paragraph("正文。")))


def test_documents_within_a_document_are_read() -> None:
    link = '<Relationship Id="c" Type="x/aFChunk" Target="media/{}"/>'
    body = paragraph("前") + '<w:altChunk r:id="c"/>' + paragraph("后")
    page = f'<p>块<img src="data:image/jpeg;base64,{b64encode(picture()).decode()}"></p>'.encode()
    for name, data, inside in (
        ("a.htm", page, "块\n\n![](图1)\n\n"),
        ("a.docx", word_file(paragraph("块", NOTE), {"footnotes.xml": NOTES}), "块\n\n见文件。\n\n"),
        ("a.txt", "块\n再".encode("gbk"), "块\n\n再\n\n"),
        ("a.rtf", b"{rtf}", ""),
    ):
        whole = word_file(body, media={name: data}, links=link.format(name))
        assert markdown(whole) == f"前\n\n{inside}后\n"
        assert bool(told(whole)) == (not inside)


def test_a_request_to_type_something_is_no_text() -> None:
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>"
    data = word_file(paragraph("姓名：", control))
    assert (markdown(data), told(data)) == ("姓名：\n", ("没有填写的空（1 处）没有带进来，里面只有提示的文字",))


def test_marks_of_styles_count_too_but_not_the_line_below_links() -> None:
    styles = (
        '<w:styles NAMES><w:style w:type="character" w:styleId="E"><w:name w:val="E"/><w:rPr><w:i/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="a3"><w:name w:val="Hyperlink"/><w:rPr><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="S"><w:name w:val="S"/><w:basedOn w:val="E"/><w:rPr><w:b/><w:i w:val="0"/></w:rPr></w:style></w:styles>'
    )
    body = paragraph(
        run("斜", '<w:rStyle w:val="E"/>'),
        run("粗", '<w:rStyle w:val="S"/>'),
        run("见第一节", '<w:rStyle w:val="a3"/>'),
    )
    assert markdown(word_file(body, {"styles.xml": styles})) == "<em>斜</em>**粗**见第一节\n"


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("前", run("白", WHITE), run("小", '<w:sz w:val="2"/>'), "后"), "前后"),
        (paragraph("前", run("白", WHITE + '<w:shd w:val="clear" w:fill="C00000"/>')), "前白"),
        (paragraph("前", run("白", WHITE + '<w:highlight w:val="darkBlue"/>')), "前白"),
        (paragraph("前", run("白", WHITE), properties='<w:shd w:val="clear" w:fill="C00000"/>'), "前白"),
        (paragraph("前", run("白", '<w:highlight w:val="black"/>')), "前"),
        (paragraph("前", run("白", '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>')), "前"),
        (paragraph("前", run("白", '<w:color w:val="auto"/><w:shd w:val="clear" w:fill="000000"/>')), "前白"),
        (paragraph("前", run("白", WHITE + '<w:highlight w:val="black"/>')), "前白"),
        (paragraph("前", run("白", WHITE), properties='<w:shd w:val="clear" w:fill="FFFFFF"/>'), "前"),
        (paragraph("前", run("白", '<w:rStyle w:val="white"/>'), run("黑", '<w:color w:val="auto"/>')), "前黑"),
        (paragraph(run("白", WHITE), "前", drawing("a.jpg")), "前\n\n![](a.jpg)"),
        (
            table(
                cell(paragraph(run("白", WHITE)), properties='<w:shd w:val="clear" w:fill="4472C4"/>') + cell("甲"),
                cell(paragraph(run("白", WHITE))) + cell("乙"),
            ),
            "| 白 | 甲 |\n| --- | --- |\n|  | 乙 |",
        ),
        (
            '<w:tbl><w:tblPr><w:tblStyle w:val="blue"/></w:tblPr>'
            f"<w:tr>{cell(paragraph(run('白', WHITE)))}{cell('甲')}</w:tr></w:tbl>",
            "| 白 | 甲 |\n| --- | --- |",
        ),
        (
            paragraph(
                f"<w:r><w:drawing><w:txbxContent>{paragraph(run('白', WHITE))}</w:txbxContent></w:drawing></w:r>"
            ),
            "白",
        ),
    ],
)
def test_white_text_comes_over_where_a_colour_lies_behind_it(body: str, expected: str) -> None:
    styles = (
        f'<w:styles NAMES><w:style w:type="character" w:styleId="white"><w:rPr>{WHITE}</w:rPr></w:style>'
        '<w:style w:type="table" w:styleId="blue"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="4472C4"/>'
        "</w:tcPr></w:tblStylePr></w:style></w:styles>"
    )
    data = word_file(body, {"styles.xml": styles}, {"a.jpg": picture()})
    assert markdown(data) == expected + "\n"
    assert any("看不见" in remark for remark in told(data)) == (body.count("白") > expected.count("白"))


def test_white_text_over_a_picture_or_on_a_coloured_page_comes_over() -> None:
    behind = '<w:r><w:drawing><wp:anchor behindDoc="1"><a:blip r:embed="a.jpg"/></wp:anchor></w:drawing></w:r>'
    assert markdown(word_file(paragraph(behind, run("白", WHITE)), media={"a.jpg": picture()})) == "![](a.jpg)\n\n白\n"


UNDERLINED = '<w:u w:val="single"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("姓名：", run("      ", UNDERLINED), "。"), "姓名：<u>　　　</u>。"),
        (paragraph("签名：", f"<w:r><w:rPr>{UNDERLINED}</w:rPr><w:tab/></w:r>", "日期"), "签名：<u>　　　　</u>日期"),
        (paragraph("签名：", run("  张三  ", UNDERLINED), "。"), "签名：<u>　张三　</u>。"),
        (paragraph("甲", run("乙", UNDERLINED), run(" ", UNDERLINED), run("丙", UNDERLINED)), "甲<u>乙 丙</u>"),
        (paragraph("请", run("务必", '<w:em w:val="dot"/>'), "参加。"), "请**务必**参加。"),
    ],
)
def test_blanks_to_fill_in_and_dots_below_words_are_seen(body: str, expected: str) -> None:
    assert markdown(word_file(body)) == expected + "\n"


def test_an_empty_paragraph_of_a_list_counts_as_on_paper() -> None:
    lists = {"numbering.xml": numbering(("decimal", "%1."))}
    hidden = paragraph(
        properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:vanish/></w:rPr>'
    )
    assert markdown(word_file(item("甲") + item("") + hidden + item("丙"), lists)) == "1. 甲\n\n3\\. 丙\n"


def test_a_number_alone_in_a_cell_is_what_the_cell_says() -> None:
    lists = {"numbering.xml": numbering(("decimal", "%1"))}
    data = word_file(
        table(cell("序号") + cell("内容"), cell(item("")) + cell("甲"), cell(item("")) + cell("乙")), lists
    )
    assert markdown(data) == "| 序号 | 内容 |\n| --- | --- |\n| 1 | 甲 |\n| 2 | 乙 |\n"


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("第%1条", "", "第一条　为了规范"),
        ("附件%1", "", "附件一　为了规范"),
        ("第%1条", '<w:suff w:val="nothing"/>', "第一条为了规范"),
        ("%1、", "", "一、为了规范"),
        ("（%1）", "", "（一）为了规范"),
    ],
)
def test_a_number_that_ends_in_a_word_does_not_touch_the_next(text: str, suffix: str, expected: str) -> None:
    lists = numbering(("chineseCounting", text)).replace("<w:lvlText", f"{suffix}<w:lvlText")
    assert markdown(word_file(item("为了规范"), {"numbering.xml": lists})) == expected + "\n"


def test_the_words_of_an_older_wordart_come_over() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="喜迎校庆"/></v:shape></w:pict></w:r>'
    data = word_file(paragraph("我院", art))
    assert markdown(data) == "我院\n\n喜迎校庆\n"
    assert not any("艺术字" in remark for remark in told(data))


def test_what_a_pen_wrote_arrives_as_the_picture_for_older_programs() -> None:
    ink = '<mc:Choice Requires="wpi"><w:drawing><w:contentPart r:id="r9"/></w:drawing></mc:Choice>'
    picture_of = '<mc:Fallback><w:drawing><a:blip r:embed="a.jpg"/></w:drawing></mc:Fallback>'
    data = word_file(
        paragraph(f"<w:r><mc:AlternateContent>{ink}{picture_of}</mc:AlternateContent></w:r>"),
        media={"a.jpg": picture()},
    )
    assert markdown(data) == "![](a.jpg)\n"
    assert told(data) == ()


def test_a_picture_that_fills_a_shape_arrives() -> None:
    shape = '<w:r><w:pict><v:rect><v:fill r:id="a.jpg" type="frame"/></v:rect></w:pict></w:r>'
    assert markdown(word_file(paragraph(shape), media={"a.jpg": picture()})) == "![](a.jpg)\n"


@pytest.mark.parametrize(("program", "is_told"), [("Excel.Sheet.12", True), ("Package", True), ("Equation.3", False)])
def test_a_document_of_another_program_is_told_beside_its_picture(program: str, is_told: bool) -> None:
    embedded = (
        '<w:r><w:object><v:shape><v:imagedata r:id="a.jpg"/></v:shape>'
        f'<o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="{program}"/></w:object></w:r>'
    )
    data = word_file(paragraph(embedded), media={"a.jpg": picture()})
    assert markdown(data) == "![](a.jpg)\n"
    assert any(remark.startswith("嵌入的文档（1 处）") for remark in told(data)) == is_told


@pytest.mark.parametrize(
    ("alt", "caption"),
    [
        ("会议现场", "会议现场"),
        ("C:\\照片\\合影.jpg", ""),
        ("微信图片_20241105093015", ""),
        ("QQ图片20241105093015", ""),
        ("mmexport1699164615000", ""),
        ("_Pic18", ""),
        ("3f2504e04f8911d39a0c0305e82c3301", ""),
        ("一群人坐在会议室里&#10;&#10;描述已自动生成", ""),
        ("人们坐在一起&#10;&#10;AI 生成的内容可能不正确。", ""),
        ("A group of people. AI-generated content may be incorrect.", ""),
    ],
)
def test_what_a_program_says_of_a_picture_is_no_caption(alt: str, caption: str) -> None:
    data = word_file(paragraph(drawing("a.jpg", alt)), media={"a.jpg": picture()})
    assert markdown(data) == f"![{caption}](a.jpg)\n"


def test_a_caption_in_a_box_beside_its_photo_is_its_caption() -> None:
    group = f'<w:r><w:drawing><a:blip r:embed="a.jpg"/><w:txbxContent>{paragraph("图1 会场")}</w:txbxContent></w:drawing></w:r>'
    box = f"<w:r><w:drawing><w:txbxContent>{paragraph('图1 会场')}</w:txbxContent></w:drawing></w:r>"
    for pieces in ((group,), (drawing("a.jpg"), box)):
        data = word_file(paragraph("会议召开。", *pieces), media={"a.jpg": picture()})
        assert markdown(data) == "会议召开。\n\n![会场](a.jpg)\n"


def test_a_line_in_the_middle_below_words_with_a_photo_stays_text() -> None:
    data = word_file(paragraph("会议召开。", drawing("a.jpg")) + centred("现将安排公布"), media={"a.jpg": picture()})
    assert markdown(data) == "会议召开。\n\n![](a.jpg)\n\n现将安排公布\n"


@pytest.mark.parametrize("in_table", [False, True])
def test_a_line_below_a_photo_with_a_footnote_stays_text(in_table: bool) -> None:
    photo, words = paragraph(drawing("a.jpg")), centred("图1 会场", NOTE)
    body = table(cell(photo) + cell(photo), cell(words) + cell("图2 合影")) if in_table else photo + words
    text = markdown(word_file(body, {"footnotes.xml": NOTES}, {"a.jpg": picture()}))
    assert text.startswith("![](a.jpg)\n")
    assert text.endswith("图1 会场[^1]\n\n[^1]: 见文件。\n")


def test_captions_of_photos_side_by_side_stay_text_where_it_is_not_known_whose_they_are() -> None:
    body = paragraph(drawing("a.jpg"), drawing("b.jpg")) + centred("图1 会场") + centred("图2 合影")
    data = word_file(body, media={"a.jpg": picture(), "b.jpg": picture("blue")})
    assert markdown(data) == "![](a.jpg)\n![](b.jpg)\n\n图1 会场\n\n图2 合影\n"


def test_pictures_stand_where_soft_returns_set_them() -> None:
    line = "<w:r><w:br/></w:r>"
    body = paragraph("甲", line, drawing("a.jpg"), line, "乙", line, drawing("b.jpg"), "图2 合影")
    data = word_file(body, media={"a.jpg": picture(), "b.jpg": picture("blue")})
    assert markdown(data) == "甲\n\n![](a.jpg)\n\n乙\n\n![合影](b.jpg)\n"


def test_a_picture_in_a_text_box_arrives_once() -> None:
    box = f"<wps:txbx><w:txbxContent>{paragraph(drawing('a.jpg'))}{paragraph('图1 会场')}</w:txbxContent></wps:txbx>"
    data = word_file(paragraph("锚。", f"<w:r><w:drawing>{box}</w:drawing></w:r>"), media={"a.jpg": picture()})
    assert markdown(data) == "锚。\n\n![会场](a.jpg)\n"


STRICT = {
    b"openxmlformats.org/wordprocessingml/2006/main": b"wordprocessingml/main",
    b"openxmlformats.org/officeDocument/2006/relationships": b"officeDocument/relationships",
    b"openxmlformats.org/drawingml/2006/main": b"drawingml/main",
    b"openxmlformats.org/drawingml/2006/wordprocessingDrawing": b"drawingml/wordprocessingDrawing",
}
"""Names of the kind of file that every program writes by itself, and of Strict Open XML."""


def test_strict_open_xml_is_read_too() -> None:
    body = paragraph("会议", run("强调", BOLD)) + paragraph(drawing("a.jpg", "会场全景"))
    data = io.BytesIO(word_file(body, media={"a.jpg": picture()}))
    with zipfile.ZipFile(data) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            for usual, strict in STRICT.items():
                content = content.replace(b"schemas." + usual, b"purl.oclc.org/ooxml/" + strict)
            archive.writestr(name, content)
    assert markdown(target.getvalue()) == "会议**强调**\n\n![会场全景](a.jpg)\n"


WEB = '<Relationship Id="l" Type="x/hyperlink" TargetMode="External" Target="https://a.example.edu.cn/"/>'


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ('<w:hyperlink r:id="l" w:anchor="二"><w:r><w:t>文件</w:t></w:r></w:hyperlink>', "#二"),
        (field("HYPERLINK https://a.example.edu.cn/", run("文件")), ""),
        (field('HYPERLINK \\o "提示" "https://a.example.edu.cn/" \\t "_blank"', run("文件")), ""),
        (field('HYPERLINK "https://a.example.edu.cn/" \\l "二"', run("文件")), "#二"),
    ],
)
def test_a_link_leads_where_its_field_says(inside: str, address: str) -> None:
    assert markdown(word_file(paragraph(inside), links=WEB)) == f"[文件](https://a.example.edu.cn/{address})\n"


def test_a_link_to_a_place_in_the_document_is_its_words() -> None:
    data = word_file(paragraph(field('HYPERLINK \\l "_Toc1" \\o "提示"', run("第一章"))))
    assert (markdown(data), told(data)) == ("第一章\n", ())


def test_what_was_chosen_from_a_list_is_text() -> None:
    entries = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData>'
    chosen = field("FORMDROPDOWN").replace(
        '<w:fldChar w:fldCharType="begin"/>', f'<w:fldChar w:fldCharType="begin">{entries}</w:fldChar>'
    )
    assert markdown(word_file(paragraph("等次：", chosen))) == "等次：良\n"


CROPPED = drawing("a.jpg").replace("</a:graphicData>", '<a:srcRect l="20000"/></a:graphicData>')
HIDDEN = drawing("a.jpg").replace("<wp:docPr ", '<wp:docPr hidden="1" ')
OLD_HIDDEN = (
    '<w:r><w:pict><v:shape style="width:9pt;visibility: hidden"><v:imagedata r:id="a.jpg"/></v:shape></w:pict></w:r>'
)


@pytest.mark.parametrize(
    ("inside", "expected", "remark"),
    [
        (
            CROPPED,
            "![](a.jpg)\n",
            "裁剪过的图片（1 处）带进来的是没有裁剪的整张。裁掉的地方不能公开，就另外裁好，换上去",
        ),
        (HIDDEN, "字\n", "隐藏的图片（1 处）没有带进来"),
        (OLD_HIDDEN, "字\n", "隐藏的图片（1 处）没有带进来"),
        (drawing("a.jpg").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>"), "字\n", "隐藏的图片（1 处）没有带进来"),
    ],
)
def test_pictures_of_which_readers_see_less_are_told(inside: str, expected: str, remark: str) -> None:
    data = word_file(paragraph("字", inside), media={"a.jpg": picture()})
    assert markdown(data) == ("字\n\n" if "a.jpg" in expected else "") + expected
    assert told(data) == (remark,)


def test_a_hidden_row_and_what_a_pen_drew_are_told() -> None:
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('底数')}{cell('9')}</w:tr>"
    rows = table(cell("部门") + cell("人数")).replace("</w:tbl>", f"{hidden}</w:tbl>")
    data = word_file(rows + paragraph("字", '<w:r><w:contentPart r:id="x"/></w:r>'))
    assert markdown(data) == "| 部门 | 人数 |\n| --- | --- |\n\n字\n"
    assert told(data) == (
        "隐藏的文字（1 处）没有带进来",
        "图形（流程图、艺术字、图表）（1 处）带不进来。请截成图片，再添加",
    )


def test_a_picture_that_is_not_cropped_at_any_side_is_told_of_nothing() -> None:
    whole = CROPPED.replace('l="20000"', 'l="0" t="-500"')
    assert told(word_file(paragraph(whole), media={"a.jpg": picture()})) == ()


def test_links_that_lead_to_a_computer_are_told() -> None:
    links = '<Relationship Id="l" Type="x/hyperlink" TargetMode="External" Target="file:///C:/a.doc"/>'
    data = word_file(paragraph('<w:hyperlink r:id="l"><w:r><w:t>附件</w:t></w:r></w:hyperlink>'), links=links)
    assert (markdown(data), told(data)) == ("附件\n", ("不能用的链接（1 处）只留下了文字。它通向电脑里的文件或者脚本",))


@pytest.mark.parametrize("number", ["图1", "图 1-2 ", "图1.2 ", "图1—2："])
def test_the_number_of_a_photo_by_its_chapter_is_no_word_of_its_caption(number: str) -> None:
    data = word_file(paragraph(drawing("a.jpg")) + paragraph(f"{number}会场"), media={"a.jpg": picture()})
    assert markdown(data) == "![会场](a.jpg)\n"


@pytest.mark.parametrize("word", ["照片", "图三位同志合影", "图1为会场"])
def test_no_word_of_a_line_below_a_photo_is_lost(word: str) -> None:
    data = word_file(paragraph(drawing("a.jpg")) + centred(word), media={"a.jpg": picture()})
    body, _ = convert(markdown(data), Markdown())
    assert word in visible(body)


def test_bullets_are_a_list() -> None:
    lists = numbering(("bullet", ""), ("bullet", ""))
    body = item("苹果") + item("红", 1) + item("香蕉")
    assert markdown(word_file(body, {"numbering.xml": lists})) == "- 苹果\n  - 红\n- 香蕉\n"


def test_a_footnote_stands_at_the_end() -> None:
    assert (
        markdown(word_file(paragraph("会议", NOTE, "召开。"), {"footnotes.xml": NOTES}))
        == "会议[^1]召开。\n\n[^1]: 见文件。\n"
    )


def test_a_table_keeps_its_cells_and_merged_ones_are_told() -> None:
    data = word_file(
        table(
            cell("部门") + cell("人数|合计", properties='<w:gridSpan w:val="2"/>'),
            cell("党办", properties='<w:vMerge w:val="restart"/>') + cell("3") + cell("男", "女"),
            cell("", properties="<w:vMerge/>") + cell("4") + cell(""),
        )
    )
    assert (
        markdown(data) == "| 部门 | 人数\\|合计 |  |\n| --- | --- | --- |\n| 党办 | 3 | 男<br>女 |\n| 党办 | 4 |  |\n"
    )
    assert told(data) == ("合并的单元格（2 处）拆开了。上下合并的，每行重复；左右合并的，只留第一格",)


def test_a_table_whose_cells_say_nothing_of_themselves_keeps_them() -> None:
    """As programs write it that leave out what is optional."""
    data = word_file(table(cell("甲") + cell("乙"), cell("1") + cell("2")).replace("<w:tcPr></w:tcPr>", ""))
    assert markdown(data) == "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n"


def test_a_table_of_one_cell_is_its_text() -> None:
    assert markdown(word_file(table(cell("框住的一段。", "又一段。")))) == "框住的一段。\n\n又一段。\n"


def test_two_photos_that_are_a_whole_table_are_a_gallery() -> None:
    row = cell(paragraph(drawing("a.jpg"))) + cell(paragraph(drawing("b.jpg")))
    data = word_file(table(row), media={"a.jpg": picture(), "b.jpg": picture("blue")})
    assert markdown(data) == "![](a.jpg)\n![](b.jpg)\n"


def test_photos_that_a_table_sets_side_by_side_are_a_gallery_with_their_captions() -> None:
    data = word_file(
        table(
            cell(paragraph(drawing("a.jpg"))) + cell(paragraph(drawing("b.jpg"))),
            cell("图1：主会场") + cell("图2：分会场"),
        ),
        media={"a.jpg": picture(), "b.jpg": picture("blue")},
    )
    assert markdown(data) == "![主会场](a.jpg)\n![分会场](b.jpg)\n"


def test_rows_of_text_among_photos_stay_a_table() -> None:
    photos = cell(paragraph(drawing("a.jpg"))) + cell(paragraph(drawing("b.jpg")))
    rows = (
        cell("部门") + cell("人数"),
        cell("党办") + cell("3"),
        photos,
        cell("甲") + cell("乙"),
        cell("一句话。") + cell(""),
    )
    data = word_file(table(*rows), media={"a.jpg": picture(), "b.jpg": picture("blue")})
    expected = "| 部门 | 人数 |\n| --- | --- |\n| 党办 | 3 |\n\n![甲](a.jpg)\n![乙](b.jpg)\n\n一句话。\n"
    assert markdown(data) == expected


@pytest.mark.parametrize(
    ("below", "caption", "rest"),
    [
        (centred("会议现场"), "会议现场", ""),
        (paragraph("图1 会议现场"), "会议现场", ""),
        (centred("▲会议现场（摄影：张三）"), "会议现场（摄影：张三）", ""),
        (centred("（图为会议现场）"), "图为会议现场", ""),
        (paragraph("会议随后讨论。"), "", "\n\n会议随后讨论。"),
        (centred("会议随后讨论了很多事情。"), "", "\n\n会议随后讨论了很多事情。"),
    ],
)
def test_the_line_below_a_photo_is_its_caption_unless_it_is_text(below: str, caption: str, rest: str) -> None:
    data = word_file(paragraph(drawing("a.jpg")) + below, media={"a.jpg": picture()})
    assert markdown(data) == f"![{caption}](a.jpg){rest}\n"


def test_a_photo_within_a_text_follows_it() -> None:
    data = word_file(paragraph("会议", drawing("a.jpg", "合影"), "召开。"), media={"a.jpg": picture()})
    assert markdown(data) == "会议召开。\n\n![合影](a.jpg)\n"


def test_what_cannot_be_carried_is_told() -> None:
    hidden = paragraph("前", run("密", "<w:vanish/>"), "<w:del/>", "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>")
    chart = paragraph("<w:r><w:drawing><wp:inline/></w:drawing></w:r>", '<w:r><w:sym w:char="F0AA"/></w:r>')
    comments = f'<w:comments NAMES><w:comment w:id="0">{paragraph("改")}</w:comment></w:comments>'
    header = f"<w:hdr NAMES>{paragraph('内部资料')}</w:hdr>"
    found = told(
        word_file(
            hidden + chart,
            {"comments.xml": comments, "header1.xml": header, "footer1.xml": f"<w:ftr NAMES>{paragraph('1')}</w:ftr>"},
        )
    )
    assert [text[: text.rindex("）") + 1] for text in found] == [
        "批注（1 处）",
        "隐藏的文字（1 处）",
        "删除线修订（1 处）",
        "公式（1 处）",
        "特殊符号（1 处）",
        "图形（流程图、艺术字、图表）（1 处）",
        "页眉和页脚（1 处）",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "打不开"),
        (b"PK\x03\x04broken", "打不开"),
        (b"\xd0\xcf\x11\xe0old", "旧格式"),
        (word_file("")[:-40], "打不开"),
        (word_file("<w:p>"), "损坏的部分"),
        (word_file("", {"styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><w:styles NAMES/>'}), "DOCTYPE"),
        (in_encoding(word_file(""), "utf-16", '<!DOCTYPE x [<!ENTITY a "b">]>'), "DOCTYPE"),
        (word_file("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000), "套得太深"),
        (word_file("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000), "套得太深"),
        (word_file("<w:p/>" * 5_000_000), "太多了"),
    ],
    ids=["empty", "broken", "old", "cut", "open", "entity", "utf-16", "deep", "deep table", "large"],
)
def test_what_is_no_word_file_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_word(data, "稿.docx")
    (found,) = refused.value.diagnostics
    assert message in found.message
    assert "另存为 .docx" in found.hint


def test_all_parts_together_and_all_that_stands_in_them_have_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = word_file("<w:p/>" * 20_000)
    for data in (
        word_file("<w:p/>" * 20_000, {"styles.xml": f"<w:styles NAMES>{'<w:style/>' * 12_000}</w:styles>"}),
        word_file('<w:altChunk r:id="inner.docx"/>' * 3, media={"inner.docx": inner}),
    ):
        monkeypatch.undo()
        read_word(data, "稿.docx")
        monkeypatch.setattr(office_package, "MOST_TEXT", 200_000)
        with pytest.raises(UsageError, match="文字太多"):
            read_word(data, "稿.docx")


def test_any_number_of_runs_in_one_paragraph_is_read() -> None:
    runs = [run(f"字{number}", "<w:b/>" if number % 2 else "") for number in range(30_000)]
    (found,) = read_word(word_file(paragraph(*runs)), "稿.docx").blocks
    assert isinstance(found, Paragraph)
    assert found.text == "".join(f"字{number}" for number in range(30_000))


TEXTS = st.text(st.sampled_from(list("会议强调a1 .，。（）“”*_`[]<>#&|~=^!\\:/{}-+—、一")), min_size=1, max_size=24)
MARKS = st.frozensets(st.sampled_from(["bold", "italic", "underline", "struck", "super"]), max_size=2)


@given(st.lists(st.tuples(TEXTS, MARKS), min_size=1, max_size=4))
def test_readers_see_the_words_of_any_paragraph(runs: list[tuple[str, frozenset[str]]]) -> None:
    whole = Paragraph(tuple(Run(text, marks) for text, marks in runs))  # type: ignore[arg-type]  # names of marks
    document = read_word(word_file(""), "稿.docx")
    text = write(document, [whole], {})
    body, _ = convert(text, Markdown(), "notice")
    assert plain(body.text) == plain(whole.text)
