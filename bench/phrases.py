"""What the reports of the corpus are made of: sections, names, and sentences with slots such as {place}.

The sentences are invented. They have the length, the punctuation and the vocabulary of a college's news, and say nothing
about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS: tuple[tuple[str, str], ...] = (
    ("notices", "通知公告"),
    ("meetings", "会议动态"),
    ("theory", "理论学习"),
    ("organization", "组织建设"),
    ("branches", "支部风采"),
    ("union", "群团工作"),
    ("students", "学生园地"),
    ("topics", "专题专栏"),
)
"""Folder and title, in the order of the menu."""

TAGS: tuple[tuple[str, str], ...] = (
    *(("主题党日", "zhuti-dangri"), ("理论学习", "lilun-xuexi"), ("支部建设", "zhibu-jianshe")),
    *(("志愿服务", "zhiyuan-fuwu"), ("师德师风", "shide-shifeng"), ("组织生活", "zuzhi-shenghuo")),
    *(("发展党员", "fazhan-dangyuan"), ("校企共建", "xiaoqi-gongjian"), ("调查研究", "diaocha-yanjiu")),
    *(("就业指导", "jiuye-zhidao"), ("青年教师", "qingnian-jiaoshi"), ("社会实践", "shehui-shijian")),
    *(("学风建设", "xuefeng-jianshe"), ("党风廉政", "dangfeng-lianzheng"), ("工会活动", "gonghui-huodong")),
    *(("文化活动", "wenhua-huodong"), ("安全教育", "anquan-jiaoyu"), ("毕业季", "biye-ji")),
    *(("迎新", "yingxin"), ("经验交流", "jingyan-jiaoliu"), ("课程思政", "kecheng-sizheng")),
    *(("述职评议", "shuzhi-pingyi"), ("宣传工作", "xuanchuan-gongzuo"), ("离退休工作", "lituixiu-gongzuo")),
)
"""Name, and the slug for tools that do not make one from Chinese."""

BRANCHES: tuple[tuple[str, str], ...] = (
    *(("教工第一党支部", "jg1"), ("教工第二党支部", "jg2"), ("教工第三党支部", "jg3"), ("机关党支部", "jiguan")),
    *(("学生第一党支部", "xs1"), ("学生第二党支部", "xs2"), ("学生第三党支部", "xs3"), ("研究生党支部", "yjs")),
    *(("实验中心党支部", "syzx"), ("离退休党支部", "ltx")),
)
"""Name and slug."""

AUTHORS = ("蒋老师", "李老师", "王老师", "陈同学", "赵同学", "周老师、吴同学", "孙老师", "党委办公室", "学生记者团")
SOURCES = ("管理学院", "管理学院党委", "学院团委", "学院分工会")

SLOTS: Mapping[str, tuple[str, ...]] = {
    "branch": tuple(name for name, _ in BRANCHES),
    "unit": (
        "管理学院党委",
        "学院团委",
        "学院分工会",
        "学院理论学习中心组",
        "学院教学工作委员会",
        "学院学生工作办公室",
    ),
    "place": (
        "第二报告厅",
        "党员活动室",
        "学院会议室",
        "教学楼前广场",
        "图书馆研讨间",
        "创新实验中心",
        "校史馆",
        "社区活动中心",
    ),
    "topic": (
        *(
            "基层党建与业务工作融合",
            "专业建设与课程改革",
            "青年教师成长",
            "毕业生就业指导",
            "学生社区服务",
            "科研团队协作",
        ),
        *("校园文化建设", "实验室安全管理", "党员教育管理", "师生结对共建", "志愿服务常态化", "宣传队伍建设"),
    ),
    "way": ("集中学习", "分组研讨", "现场观摩", "案例分析", "座谈交流", "走访调研", "书面测评", "经验分享"),
    "people": (
        "党员教师代表",
        "学生党员",
        "入党积极分子",
        "青年教师",
        "各支部书记",
        "宣传委员",
        "班级骨干",
        "离退休老同志",
    ),
    "virtue": (
        "求真务实",
        "从小处着手",
        "坚持问题导向",
        "注重实际效果",
        "发扬民主",
        "持之以恒",
        "团结协作",
        "守正创新",
    ),
    "result": (
        *("形成了一批可以推广的做法", "理清了下一步工作的思路", "解决了师生反映集中的问题", "建立了定期会商的机制"),
        *("完善了责任清单和时间表", "为新学期的工作打下了基础", "增进了支部之间的相互了解", "得到了参会人员的一致好评"),
    ),
    "count": ("3", "5", "8", "12", "16", "20", "26", "30", "45", "60", "86", "120"),
    "week": ("本周", "月初", "日前", "近日", "周三下午", "周五上午", "学期初", "期中前后"),
    "course": ("管理学原理", "运营管理", "组织行为学", "会计学", "市场调查", "战略管理", "数据分析", "商务沟通"),
    "order": ("第一轮", "第二轮", "第三轮", "首轮", "新一轮", "本学期"),
}

TITLES: tuple[str, ...] = (
    "{branch}开展“{topic}”主题党日活动",
    "{unit}召开{topic}工作推进会",
    "{branch}在{place}举行{way}活动",
    "{unit}组织{people}学习{topic}有关要求",
    "{branch}与企业支部共话{topic}",
    "关于做好{topic}有关工作的通知",
    "{virtue}：{branch}的一堂{course}公开课",
    "{unit}举办{order}{topic}培训班",
    "{people}走进{place}开展{way}",
    "学院召开会议部署{topic}工作",
)

OPENINGS: tuple[str, ...] = (
    "{unit}在{place}召开{topic}专题会议，{people}和学院党委委员参加了会议，会议由学院党委副书记主持。",
    "{branch}围绕{topic}开展主题党日活动，{count}名党员和{count}名入党积极分子到场参加。",
    "为进一步推进{topic}，{unit}组织{people}在{place}进行{way}，各支部派代表列席。",
    "{branch}联合{unit}，以“{topic}”为主题在{place}举行{way}活动，来自各专业的{count}名师生参加。",
)
"""They follow the day: 3月13日，…"""

HEADINGS: tuple[str, ...] = (
    *(
        "统一思想认识，明确工作方向",
        "聚焦{topic}，抓实日常工作",
        "做到{virtue}，改进工作方法",
        "压实支部责任，形成工作合力",
    ),
    *(
        "发挥党员作用，服务师生需要",
        "做好{way}，用好身边案例",
        "加强队伍建设，提高工作能力",
        "总结经验做法，完善长效机制",
    ),
    *("拓展活动形式，丰富活动内容", "严格组织生活，提高学习质量"),
)

SENTENCES: tuple[str, ...] = (
    "会议指出，{topic}是学院今年的重点任务，各支部要{virtue}，把要求落实到每一次组织生活之中。",
    "会上，{branch}介绍了以{way}带动{topic}的做法，从选题、筹备到总结都有专人负责，{result}。",
    "{people}结合各自岗位谈了体会，认为{topic}不能停留在纸面上，要在教学、科研和服务中见到成效。",
    "大家围绕{topic}展开讨论，提出意见和建议{count}条，由学院党委办公室逐条登记、分类办理、按期反馈。",
    "据介绍，今年以来学院先后组织{way}{count}次，参加人员超过{count}人次，覆盖了全部教研室和年级。",
    "在{place}，讲解员从一件件实物讲起，{people}边听边记，不时就{topic}的细节提出问题。",
    "{branch}把{course}课堂上的真实问题带进学习讨论，请任课教师和学生一起分析，{result}。",
    "有的同志提到，过去开展{way}常常重形式、轻效果，这一次从问题出发，事先做了问卷，事后有回访。",
    "下一步，{unit}将继续{virtue}，把{topic}同年度考核结合起来，每月通报一次进展情况。",
    "活动中，{people}分成{count}个小组，围绕“{topic}”依次发言，主持人当场归纳，气氛热烈而有序。",
    "为了让更多的人参与进来，支部把时间安排在{week}，地点选在{place}，并开通了线上旁听。",
    "学院党委书记在讲话中强调，要以{topic}为抓手，{virtue}，推动党建工作和中心工作同向发力。",
    "{people}表示，这样的{way}看得见、学得会，回去以后要结合{course}的教学实际加以运用。",
    "在交流环节，{branch}用{count}张照片回顾了一年来的工作，其中既有成绩，也有没有做好的地方。",
    "与会人员一致认为，做好{topic}，关键在人，重点在支部，难点在坚持，{result}。",
    "针对调研中发现的{count}个问题，学院成立了工作小组，由{people}担任联系人，逐项销号。",
    "此前，{branch}已经连续{count}个月开展{way}，每次活动前征求意见，活动后公布小结，{result}。",
    "一位参加活动的同学说，听完{course}老师的发言，对{topic}有了更具体的认识，也知道自己能做些什么。",
    "{unit}还邀请了兄弟学院的同志介绍经验，双方就{topic}等内容交换了看法。",
    "按照安排，{branch}将在{week}召开支委会，研究{topic}的具体措施，并向全体党员通报。",
    "活动最后，大家来到{place}合影留念，{people}主动留下来整理场地、归还器材，直到傍晚才离开。",
    "会议要求，各支部要对照清单查找不足，做到有计划、有记录、有检查，材料于{week}报学院党委办公室。",
    "在{way}过程中，{people}发现不少师生对{topic}的流程不熟悉，于是编写了一份简明问答，放在{place}供大家取阅。",
    "值得一提的是，这次活动由{branch}的青年党员独立策划，从方案到总结只用了{count}天，{result}。",
    "学院将把这些做法整理成册，作为{order}{topic}培训的学习材料，供各支部参考。",
    "{people}还就{topic}签订了共建协议，约定每学期共同开展{way}不少于3次，互相派人参加。",
    "从反馈情况看，参加者对活动的总体评价较高，认为内容贴近实际，{virtue}的要求体现得比较充分。",
    "{branch}书记说，支部工作没有捷径，只有把每一件小事做好，{topic}才能真正落地。",
)

CLOSINGS: tuple[str, ...] = (
    "会议最后要求，各支部要以此次{way}为契机，{virtue}，以实际行动推动{topic}取得新的成效。",
    "大家纷纷表示，将把这次活动的收获带到学习和工作中去，为学院发展贡献自己的力量。",
    "据悉，{topic}系列活动将持续到学期末，后续安排由{unit}另行通知。",
)

CAPTIONS: tuple[str, ...] = ("活动现场", "{people}在{place}", "{branch}开展{way}", "会议现场", "{people}交流发言")

ITEMS: tuple[str, ...] = (
    *("{people}：围绕{topic}准备发言，时间不超过{count}分钟", "{branch}：{week}前报送参加人员名单"),
    *(
        "{unit}：负责{place}的场地、设备和签到",
        "联络人：由{branch}指定，名单报学院党委办公室",
        "材料：{topic}小结一份，不超过{count}00字",
    ),
)

ROWS: tuple[str, ...] = (
    "组织生活（次）",
    "专题党课（次）",
    "志愿服务（人次）",
    "走访调研（次）",
    "解决实际问题（项）",
    "发展党员（名）",
)

QUOTES: tuple[str, ...] = (
    "把{topic}做实，靠的不是一次会议，而是每一天的工作；{virtue}，说起来容易，难在年年如此。",
    "支部要成为大家愿意来、来了有收获的地方。",
)

NOTES: tuple[str, ...] = (
    "数据由{unit}统计，截至活动当日。",
    "活动方案见学院党委此前印发的通知。",
    "参加人员以签到表为准，包括线上旁听的{count}人。",
)
