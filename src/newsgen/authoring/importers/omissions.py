"""Omissions of an import: parts of a document that a report cannot hold, counted, with a message for each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

Omissions = Counter[str]
FORMULA, PINYIN = "公式", "汉字上的注音"
SIGNS = "特殊符号"
UNSEEN = "看不见的文字"
_WORDS = {
    "批注": "没有带进来",
    "隐藏的文字": "没有带进来",
    UNSEEN: "没有带进来。它是白色的、涂黑的，或者太小。要用，就改成黑色、正常大小，再来一次",
    "隐藏的图片": "没有带进来",
    "裁剪过的图片": "带进来的是没有裁剪的整张。裁掉的地方不能公开，就另外裁好，换上去",
    "删除线修订": "按接受修订处理，删去的文字没有带进来",
    "移动修订": "按接受修订处理，只留移动以后的",
    "文本框": "放在了它所在的段落后面",
    "合并的单元格": "拆开了。上下合并的，每行重复；左右合并的，只留第一格",
    "表格里的表格": "放进了外面的格子",
    "只管排版的表格": "按先后排成了段落",
    FORMULA: "只带进了里面的字。请对照原稿改写，或者截成图片",
    SIGNS: "认不出来，写成了 □。请对照原稿改",
    "链接在别处的图片": "没有带进来。请把图片找来，另外添加",
    "电脑里的图片": "没有跟着复制过来。请点“照片”添加",
    "网址不完整的图片": "没有带进来。请在网页上另存下来，再点“照片”添加",
    "读不出的图片": "没有带进来。请另存成图片文件，再添加",
    "图形（流程图、艺术字、图表）": "带不进来。请截成图片，再添加",
    "视频、音频、嵌入的网页": "没有带进来。请上传到视频平台，在这里写链接",
    "公众号名片、小程序卡片": "没有带进来",
    "背景里的图片": "没有带进来。要用，就在网页上另存下来，再添加",
    PINYIN: "没有带进来",
    "脚注的编号": "没有带进来。复制到的只有编号，没有脚注的内容",
    "不能用的链接": "只留下了文字。它通向电脑里的文件或者脚本",
    "不完整的链接": "只留下了文字。它没有网站的名字",
    "目录": "没有带进来，网页上用不着",
    "没有填写的空": "没有带进来，里面只有提示的文字",
    "嵌入的文档": "没有带进来。请打开它，把文字复制过来",
    "页眉和页脚": "没有带进来",
}
"""Kind of omission -> the rest of its message: what became of the part."""


def omission_messages(omissions: Omissions) -> Iterator[str]:
    """A message for each kind of omission, with its number."""
    for name, words in _WORDS.items():
        if omissions[name]:
            yield f"{name}（{omissions[name]} 处）{words}"
