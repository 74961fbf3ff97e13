"""What of a document cannot be carried into a report, counted, and the words in which it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

Told = Counter[str]
_WORDS = {
    "批注": "没有带进来",
    "隐藏的文字": "没有带进来",
    "删除线修订": "按接受修订处理，删去的文字没有带进来",
    "移动修订": "按接受修订处理，只留移动以后的",
    "文本框": "文字放在它所在的段落后面",
    "合并的单元格": "拆开了：上下合并的每行重复，左右合并的只留第一格",
    "表格里的表格": "文字放进了外面的格子",
    "只管排版的表格": "文字按先后排成了段落",
    "公式": "只带进了里面的字，请对照原稿改写，或者截成图片",
    "特殊符号": "认不出来，写成了 □，请对照原稿改",
    "链接在别处的图片": "没有图片文件，请把图片放到文章的文件夹里",
    "电脑里的图片": "网页读不到，没有带进来，请把图片直接拖进来，或者放到文章的文件夹里",
    "网址不完整的图片": "没有带进来，请在网页上另存下来，再拖进来",
    "读不出的图片": "没有带进来，请另存成图片文件再放进来",
    "图形（流程图、艺术字、图表）": "带不进来，请截成图片插入",
    "视频、音频、嵌入的网页": "没有带进来，请上传到视频平台，在这里写链接",
    "汉字上的注音": "没有带进来",
    "脚注的编号": "只复制到了编号，没有脚注的内容，没有带进来",
    "不能用的链接": "通向电脑里的文件或者脚本，只留下了文字",
    "不完整的链接": "没有网站的名字，只留下了文字",
    "目录": "没有带进来，网页上用不着",
    "没有填写的空": "只有提示的文字，没有带进来",
    "嵌入的文档": "没有带进来，请打开它，把文字复制过来",
    "页眉和页脚": "没有带进来",
}


def remarks(told: Told) -> Iterator[str]:
    """One sentence for each kind of thing, with how many there were."""
    for name, words in _WORDS.items():
        if told[name]:
            yield f"{name} {told[name]} 处：{words}"
