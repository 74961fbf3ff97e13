"""Rules about words: characters typed twice, and confused words where the neighbouring characters leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from newsgen.check.article_text import HAN, ArticleText, Passage
from newsgen.check.automaton import Automaton
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, at, instead, over_article, over_passages
from newsgen.check.rules.confusions import confusions
from newsgen.core.patterns import lazy_pattern

_SINGLE = lazy_pattern(
    r"(的的(?!确)|(?<!明)(?<![终未完没])了了(?![解结然却无])|(?<!存)(?<!实)在在(?![校职编岗场线籍读家外内建])|(?<!温)和和(?![美睦气平谐蔼])|与与(?!会)|(?<!但)(?<!是)是是(?!非)|对对(?![方照比联口])|(?<!作)(?<!成)(?<!行)(?<!因)(?<!认)为为(?![了期何人此民])|(?<!接)(?<!遭)(?<!享)被被(?!动)|(?<!普)(?<!涉)(?<!以)及及(?!时)|(?<![对由关至鉴属等位处敢基善甘勇乐便利用在大小高低多少源忠服终过])于于|(?<!获)(?<!取)(?<!记)(?<!心)(?<!使)得得(?!到|失|分))"
)
_WORDS = (
    "进行|通过|以及|我们|他们|对于|关于|根据|按照|为了|因为|所以|但是|并且|或者|同时|开展|组织|"
    "召开|要求|强调|指出|表示|认为|工作|深入|会议|学院|支部|党员|同志|学生|教师|领导|活动|精神|"
    "制度|建设|发展|教育|思想|政治|学校|书记|委员|干部|中国|社会|人民|国家|时代|问题|责任|任务|"
    "加强|落实|推进|推动|提高|坚持|贯彻|参加|完成|介绍|主持|以来|其中|此次|本次|这个|已经|可以|"
    "应该|必须|需要|报告|实效|成效|中央|内容|方案|材料|计划|情况|作用|方面|经验|成果|大会|主题|"
    "文件|措施|目标|力量|能力|水平|质量|单位|部门|同学|老师|课程|项目|基层|全面"
)
_DOUBLED = lazy_pattern(rf"(?P<word>{_WORDS}|学习(?=学习[了会贯领《党习]))(?P=word)")
_LONG = lazy_pattern(rf"(?P<phrase>[{HAN}]{{3,12}}?)(?P=phrase)")
_SAME = re.compile(r"([的了在和与是对为被及得于])\1")
_SHORT, _PHRASES = (2,), range(3, 13)
"""The lengths of the repeated texts that _DOUBLED and _LONG match."""
_SAME_PAIR = re.compile(rf"([{HAN}]{{2}})\1")
_REPEATABLE = lazy_pattern(r"^[一二三四五六七八九十两几]|^[^一-龥]|(.)\1")
_ADVERBS = (
    "圆满|顺利|认真|深入|扎实|积极|切实|有效|充分|广泛|全面|系统|深刻|生动|详细|热烈|迅速|及时|"
    "准确|成功|高效|主动|自觉|不断|逐步|着重|仔细|严肃|细致|简要|精心|耐心"
)
_VERBS = (
    "完成|开展|推进|落实|学习|讨论|交流|汇报|介绍|分析|总结|讲解|回顾|阐述|解读|部署|组织|召开|"
    "举办|参与|参加|贯彻|执行|解决|处理|回答|提升|提高|推动|发挥|调动|展示|宣传|传达|梳理|剖析|"
    "检查|指出|强调|体现"
)
_OF_FOR_LY = lazy_pattern(rf"(?:{_ADVERBS})(的)(?=(?:{_VERBS})(?:了|过|着))")
_AT_ONCE = lazy_pattern(r"(?:(?<![能可])取|变|显|觉|懂|赢|博)(的)(?=(?:了|更加|更为|十分|非常|越来越)[一-龥])")
_HOW = "认真|热烈|成功|顺利|圆满|扎实|到位|出色|精彩|充分|及时|透彻|深入|仔细|好|快"
_SO_WELL = lazy_pattern(
    rf"(?:{_VERBS}|[开做讲说干写学办](?<!小说))(的)(?=(?:很|非常|十分|特别|相当|格外)(?:{_HOW})(?:[，。；！]|$))"
)
_SAID = lazy_pattern(
    r"(?:激动|高兴|兴奋|自豪|动情|深情|感慨|欣慰|诚恳|严肃|坚定|风趣|骄傲)(的)(?=(?:说|说道|告诉|回答|表示)[，：道记大])"
)
_BEFORE_OTHERS = re.compile(rf"的(?:(?:{_VERBS})[了过着]|了|更|十分|非常|越来越|很|特别|相当|格外|说|告诉|回答|表示)")
"""A 的 without which _OF_FOR_LY and _AT_ONCE cannot match."""

_IN_PLACEHOLDERS = (
    *("×", "x月", "X月", "Ｘ月", "xx年", "XX年", "填写", "输入", "插入"),
    *("粘贴", "里写", "此写", "处写", "TODO", "待补充", "待定稿", "待完善", "待核实"),
)
_PLACEHOLDER = lazy_pattern(
    r"[×xXＸ]{1,2}月[×xXＸ]{1,2}日|20[×xXＸ]{2}年|(?:此处|在此|在这里|这里)(?:填写|输入|插入|粘贴|写)(?:正文|标题|内容|照片|图片|文字|姓名|时间|地点)?(?=[，。；）)】\]…]|$)"
    r"|TODO|(?:内容|正文|文字|照片|数据|时间|地点|名单)(?:待补充|待定稿|待完善|待核实)(?=[，。；）)】…]|$)"
)

# Each with what the neighbours must be, so that no right text has it. Sources: 《现代汉语词典》(第7版), 《第一批异形词整理表》(GF 1001-2001).
_MISTAKES: tuple[tuple[str, str], ...] = (
    (r"以经(?=成为|完成|开始|形成|取得|召开|圆满|全面|顺利|具备|到了|有了|是)", "已经"),
    (r"在次(?=[^日年月第之要序])", "再次"),
    (r"做为(?=[一党学院新我教师国青重])", "作为"),
    (r"既使(?!用)", "即使"),
    (r"既便(?!利|于)", "即便"),
    (r"必需(?=[要坚加认深把以充全持严])", "必须"),
    (r"布署", "部署"),
    (r"步署", "部署"),
    (r"部暑", "部署"),
    (r"登陆(?=[网系平账学该此])", "登录"),
    (r"帐号", "账号"),
    (r"帐户", "账户"),
    (r"截止(?=目前|今年|\d{4}年|\d{1,2}月\d{1,2}日[，,])", "截至"),
    (r"再接再励", "再接再厉"),
    (r"再接再砺", "再接再厉"),
    (r"一如继往", "一如既往"),
    (r"既往开来", "继往开来"),
    (r"迫不急待", "迫不及待"),
    (r"针贬", "针砭"),
    (r"克苦(?=[学训钻攻])", "刻苦"),
    (r"脉博", "脉搏"),
    (r"松驰", "松弛"),
    (r"精萃", "精粹"),
    (r"渲泄", "宣泄"),
    (r"竣功", "竣工"),
    (r"按装", "安装"),
    (r"报道(?=注册|手续)", "报到"),
    (r"鼎立(?=支持|相助|协助)", "鼎力"),
    (r"倍受(?=[关瞩欢尊重])", "备受"),
    (r"默守成规", "墨守成规"),
    (r"甘败下风", "甘拜下风"),
    (r"不径而走", "不胫而走"),
    (r"走头无路", "走投无路"),
    (r"谈笑风声", "谈笑风生"),
    (r"出奇不意", "出其不意"),
    (r"世外桃园", "世外桃源"),
    (r"名符其实", "名副其实"),
    (r"共商国事(?=[，。；])", "共商国是"),
    (r"融汇贯通", "融会贯通"),
    (r"有条不絮", "有条不紊"),
    (r"穿流不息", "川流不息"),
    (r"额首称庆", "额手称庆"),
    (r"滥芋充数", "滥竽充数"),
    (r"美仑美奂", "美轮美奂"),
    (r"声名雀起", "声名鹊起"),
    (r"金榜提名", "金榜题名"),
    (r"直接了当", "直截了当"),
    (r"一愁莫展", "一筹莫展"),
    (r"通货膨涨", "通货膨胀"),
    (r"食不裹腹", "食不果腹"),
    (r"鬼鬼崇崇", "鬼鬼祟祟"),
    (r"灸手可热", "炙手可热"),
    (r"兴高彩烈", "兴高采烈"),
    (r"前扑后继", "前仆后继"),
    (r"原形必露", "原形毕露"),
    (r"百练成钢", "百炼成钢"),
    (r"锻练", "锻炼"),
    (r"磨练", "磨炼"),
    (r"凝炼", "凝练"),
    (r"震憾", "震撼"),
    (r"恰如其份", "恰如其分"),
    (r"指手划脚", "指手画脚"),
    (r"人才倍出", "人才辈出"),
    (r"英雄倍出", "英雄辈出"),
    (r"委屈求全", "委曲求全"),
    (r"坚苦卓绝", "艰苦卓绝"),
    (r"坚韧不拨", "坚韧不拔"),
    (r"励精图志", "励精图治"),
    (r"按步就班", "按部就班"),
    (r"明查暗访", "明察暗访"),
    (r"因地治宜", "因地制宜"),
    (r"因材施敎", "因材施教"),
    (r"事倍工半", "事倍功半"),
    (r"事半工倍", "事半功倍"),
    (r"立杆见影", "立竿见影"),
    (r"众志成诚", "众志成城"),
    (r"同仇敌慨", "同仇敌忾"),
    (r"任劳任恕", "任劳任怨"),
    (r"专心至志", "专心致志"),
    (r"学以至用", "学以致用"),
    (r"言简意骇", "言简意赅"),
    (r"切中时蔽", "切中时弊"),
    (r"相形见拙", "相形见绌"),
    (r"心无旁鹜", "心无旁骛"),
    (r"好高鹜远", "好高骛远"),
    (r"趋之若骛", "趋之若鹜"),
    (r"如火如茶", "如火如荼"),
    (r"草管人命", "草菅人命"),
    (r"病入膏盲", "病入膏肓"),
)
_KNOWN = (*_MISTAKES, *confusions())
_LITERALS = [re.split(r"\(\?|\[", pattern)[0] for pattern, _ in _KNOWN]


@cache
def _automaton() -> Automaton:
    """The automaton that finds candidates for a mistake: the whole alternation would be tried at every character."""
    return Automaton(_LITERALS)


def _doubled(article: ArticleText) -> Iterator[Finding]:
    for passage in article.holding(_SAME):
        for match in _SINGLE.finditer(passage.text):
            once = match[0][0]
            yield at(passage, match.start(), match.end(), f"“{match[0]}”多打了一个字", instead(once), once)
    for passage in article.holding(_SAME_PAIR) if _may_repeat(article.text, _SHORT) else ():
        for match in _DOUBLED.finditer(passage.text):
            yield _written_twice(passage, match, match["word"])
    for passage in article.body if _may_repeat(article.text, _PHRASES) else ():
        for match in _LONG.finditer(passage.text) if passage.role != "cell" else ():
            if not _REPEATABLE.search(match["phrase"]) and _DOUBLED.search(match[0]) is None:
                yield _written_twice(passage, match, match["phrase"])


def _written_twice(passage: Passage, match: re.Match[str], words: str) -> Finding:
    return at(passage, match.start(), match.end(), f"“{words}”写了两遍", instead(words), words)


def _may_repeat(text: str, lengths: Iterable[int]) -> bool:
    """Whether a sequence of one of these lengths may stand twice in a row: the text then agrees, over that length, with
    itself shifted by that length.

    As numbers, the text and the shifted text have an exclusive or of zero bytes where they agree; a pattern takes eight
    times as long. Only the lower byte of each character is compared: chance agreement of several is rare, and harmless.
    """
    units = text.encode("utf-16-le")[::2]
    number = int.from_bytes(units, "little")
    moved = ((number ^ number >> 8 * length, length) for length in lengths)
    return any(bytes(length) in difference.to_bytes(len(units), "little") for difference, length in moved)


def _adverbs(passage: Passage) -> Iterator[Finding]:
    for match in _OF_FOR_LY.finditer(passage.text):
        word = match[0]
        yield at(passage, match.start(1), match.end(1), f"“{word}”后面是动词，这里用“地”", instead("地"), "地")
    for match in _SAID.finditer(passage.text):
        yield at(passage, match.start(1), match.end(1), f"“{match[0]}”后面是动词，这里用“地”", instead("地"), "地")
    for form in (_AT_ONCE, _SO_WELL):
        for match in form.finditer(passage.text):
            message = f"“{match[0]}”后面是补语或结果，这里用“得”"
            yield at(passage, match.start(1), match.end(1), message, instead("得"), "得")


def _mistakes(article: ArticleText) -> Iterator[Finding]:
    for index, start, end in _automaton().found_in(article.text):
        pattern, right = _KNOWN[index]
        passage, place = article.place(start)
        if re.compile(pattern).match(passage.text, place):
            typed = article.text[start:end]
            yield at(passage, place, place + end - start, f"“{typed}”是常见的错别字", instead(right), right)


def _placeholders(article: ArticleText) -> Iterator[Finding]:
    if not any(word in article.text for word in _IN_PLACEHOLDERS):
        return
    for passage in article.holding(_PLACEHOLDER):
        for match in _PLACEHOLDER.finditer(passage.text):
            yield at(passage, match.start(), match.end(), f"“{match[0]}”还没有填", "填上，或者删去这一处")


RULES = (
    Rule(
        "words.doubled",
        "warning",
        "重复的字词",
        "多打的字词，如“的的”“进行进行”。",
        "会议由党委书记主持，对工作进行进行了部署，取得了的的成效。",
        "会议由党委书记主持，对工作进行了部署，的的确确取得了成效。",
        over_article(_doubled),
    ),
    Rule(
        "words.particles",
        "warning",
        "的、地、得",
        "动词前用“地”，补语前用“得”；只在左右的词能断定时才说。",
        "大家认真的学习了会议精神。",
        "大家认真地学习了会议精神。",
        over_passages(_adverbs, _BEFORE_OTHERS),
    ),
    Rule(
        "words.mistakes",
        "warning",
        "常见的错别字",
        "字形、读音相近而写错的词。",
        "会议布署了下一阶段工作，大家再接再励。",
        "会议部署了下一阶段工作，大家再接再厉。",
        over_article(_mistakes),
    ),
    Rule(
        "words.placeholder",
        "warning",
        "没有填的空",
        "模板里留着要填的地方，如“×月×日”“此处填写”，忘了填。",
        "会议定于×月×日召开。",
        "会议定于3月13日召开。",
        over_article(_placeholders),
    ),
)
