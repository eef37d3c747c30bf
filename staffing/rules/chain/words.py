"""The words of a chain list and what each says; simplified characters stand for traditional ones too."""

import re
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    ROLE = auto()
    WEAK = auto()
    ANY = auto()
    EVEN = auto()  # "all fine" about what stands before it
    BLOCK = auto()
    DAY = auto()
    CANCEL = auto()
    COUNT = auto()
    PROXY = auto()
    FILLER = auto()
    PLAIN = auto()  # a remark that holds a keyword without meaning it


class Word(NamedTuple):
    start: int
    end: int
    kind: Kind
    value: str | int | None


def listed(kind: Kind, **values: str) -> dict[str, tuple[Kind, str | int | None]]:
    return {word: (kind, value) for value, words in values.items() for word in words.split()}


ROLES = listed(
    Kind.ROLE,
    data_entry="信息录入 资料录入 资讯录入 录入 录信息 录资料 扫码 登记 填表 信息员 资讯员",
    queue_marshal="秩序 维持秩序 维护秩序 维序 引导 疏导 排队引导 排队疏导",
    door_knocker="敲门 入户 上门 摸排 入户通知 上门通知 敲门通知 通知居民",
    supply_aide="物资 防疫物资 搬运 搬物资 搬东西 配送 分发 送菜 送药 卸货 分拣",
    patrol="巡逻 巡查 值守 门岗 站岗 守门 卡口",
    disinfection="消杀 消毒 喷洒",
    driver="司机 接送 开车 有车 驾驶 开车接送",
) | listed(Kind.WEAK, prevention_aide="防疫 防疫员")

ANY = listed(
    Kind.ANY,
    any="服从安排 服从分配 听安排 听从安排 听指挥 随便安排 哪里需要去哪里 哪里需要就去哪里 哪里需要去哪 哪需要去哪 哪儿需要去哪儿 哪里需要我去哪里 哪里需要到哪里"
    " 哪缺人去哪 哪里缺人去哪里 哪里缺人去哪 哪儿缺人去哪儿 哪缺去哪 哪里缺去哪 哪里缺去哪里 哪缺人就去哪 哪里缺人就去哪里",
) | listed(Kind.EVEN, any="都行 都可以 均可 均可以 不限")

WHATEVER = [
    "干啥",
    "干什么",
    "做什么",
    "做啥",
    "什么",
    "啥",
    "什么岗",
    "什么岗位",
    "啥岗",
    "啥岗位",
    "哪个岗",
    "哪个岗位",
    "任何岗位",
    "岗位",
    "怎么安排",
    "其他",
    "其它",
    "别的",
    "随便",
    "安排啥",
    "安排什么",
    "什么活",
    "啥活",
    "什么都",
]
FINE = ["都行", "都可以", "均可", "均可以", "不限", "都能干", "都能做", "都ok", "也行"]
ANY |= {what + fine: (Kind.ANY, "any") for what in WHATEVER for fine in FINE} | listed(
    Kind.ANY, any="什么都能干 啥都能干 什么都干 啥都干"
)

TIMES = listed(
    Kind.BLOCK,
    early="早班 早上 清晨 早晨 一早 明早",
    morning="上午",
    afternoon="下午 午后",
    evening="晚班 晚上 傍晚 明晚 今晚",
    night="夜班 夜里 夜间 通宵 后半夜",
    all_day="全天 整天 一整天 上午下午 上下午",
)

CANCELLED = listed(
    Kind.CANCEL,
    yes="取消 已取消 取消报名 取消了 已取消了 不来了 来不了 来不了了 来不了啦 去不了 去不了了 去不了啦 不去了 不参加 不参加了 参加不了 参加不了了 参加不了啦 不能来 不能来了"
    " 不能参加 不能参加了 没法来 没法来了 退出 退出了 已退 已退出 撤销 已撤销 作废 已作废 不报了",
)

PROXIES = listed(Kind.PROXY, yes="代报 代报名 代填 代接 代接龙")

COUNTS: dict[str, tuple[Kind, str | int | None]] = {
    word: (Kind.COUNT, number)
    for number, words in {
        2: "两口子 小两口 老两口 两口 夫妻 夫妻俩 夫妻两 夫妻二人 夫妻两人 夫妻两个 夫妇 夫妇俩 夫妇二人 母女 母子 父女 父子 母女俩 母子俩 父女俩 父子俩 兄弟俩 姐妹俩 姐弟俩 兄妹俩 哥俩 姐俩 姊妹俩"
        " 爷俩 娘俩 爷孙俩 婆媳俩 我俩 我们俩 咱俩 咱们俩 俩 俩人 俩口子",
        3: "我们仨 咱们仨 咱仨 我仨 兄弟仨 姐妹仨 哥仨 姐仨 爷仨 娘仨 仨 仨人",
    }.items()
    for word in words.split()
}

DAYS = listed(
    Kind.DAY,
    yes="今天 明天 后天 大后天 昨天 今日 明日 次日 周一 周二 周三 周四 周五 周六 周日 周天 周末 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 礼拜一 礼拜二 礼拜三 礼拜四"
    " 礼拜五 礼拜六 礼拜天 礼拜日 每天 天天都 平时 随时 这周 下周 本周",
)

FILLERS = listed(
    Kind.FILLER,
    yes="我是 我叫 本人 本人是 本人叫 这是 大家好 大家早上好 大家晚上好 大家下午好 大家上午好 早上好 上午好 下午好 晚上好 各位好 邻居们好 各位邻居好 你好 您好 报名 参加 报名参加 申请报名 我要报名 我想报名 我要参加 我想参加"
    " 我报名 我参加 我来 我来报名 我可以 我能来 能来 可以来 可以参加 可参加 能参加 我也报名 我也参加 也报名 也参加 要报名 想报名 想参加 要参加 算我一个 加我一个 算上我 加上我 报个名 报一个 我报一个 我报个名 我ok",
)

PLAIN = listed(
    Kind.PLAIN,
    yes="已登记 已经登记 登记过 登记过了 登记了 等通知 等待通知 有事通知我 有事通知 微信通知 电话通知 接送孩子 接送小孩 接送娃 接送小朋友 接送学生 接孩子 接娃 消毒液 消毒湿巾 消毒水 消毒片 消毒酒精 消毒剂 消毒纸巾"
    " 消毒用品 有车位 没有车位 没有车 没车 无车 没开车 帮忙 代表 替换 不取消 没有取消 没取消 未取消 别取消 不会取消 不会退出 不退出 没有退出 没退出 不会不来 就住 不怕 可能",
)

LEXICON = ROLES | ANY | TIMES | CANCELLED | PROXIES | COUNTS | DAYS | FILLERS | PLAIN

ENGLISH: dict[str, tuple[Kind, str | int | None]] = {
    "data entry": (Kind.ROLE, "data_entry"),
    "registration": (Kind.ROLE, "data_entry"),
    "scanning": (Kind.ROLE, "data_entry"),
    "queue": (Kind.ROLE, "queue_marshal"),
    "crowd": (Kind.ROLE, "queue_marshal"),
    "door-to-door": (Kind.ROLE, "door_knocker"),
    "door to door": (Kind.ROLE, "door_knocker"),
    "delivery": (Kind.ROLE, "supply_aide"),
    "supplies": (Kind.ROLE, "supply_aide"),
    "patrol": (Kind.ROLE, "patrol"),
    "disinfection": (Kind.ROLE, "disinfection"),
    "driver": (Kind.ROLE, "driver"),
    "anything": (Kind.ANY, "any"),
    "morning": (Kind.BLOCK, "morning"),
    "afternoon": (Kind.BLOCK, "afternoon"),
    "evening": (Kind.BLOCK, "evening"),
    "night shift": (Kind.BLOCK, "night"),
    "all day": (Kind.BLOCK, "all_day"),
    "cancelled": (Kind.CANCEL, "yes"),
    "canceled": (Kind.CANCEL, "yes"),
    "can't make it": (Kind.CANCEL, "yes"),
    "can't come": (Kind.CANCEL, "yes"),
    "cannot make it": (Kind.CANCEL, "yes"),
    "cannot come": (Kind.CANCEL, "yes"),
    "withdrawn": (Kind.CANCEL, "yes"),
    "tomorrow": (Kind.DAY, "yes"),
    "today": (Kind.DAY, "yes"),
}


def alternatives(words: list[str]) -> str:
    """A pattern of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


BY_FIRST: dict[str, list[str]] = {}
for listed_word in sorted(LEXICON, key=len, reverse=True):
    BY_FIRST.setdefault(listed_word[0], []).append(listed_word)
FIRST = re.compile(f"[{''.join(BY_FIRST)}]")
ENGLISH_WORD = re.compile(rf"(?<![a-z])(?:{alternatives(list(ENGLISH))})(?![a-z])")
HAS_LATIN = re.compile("[a-z]{3}")

RELATION = (
    "(?:"
    + alternatives(
        [
            "妈妈",
            "妈",
            "爸爸",
            "爸",
            "爸妈",
            "父亲",
            "母亲",
            "父母",
            "爷爷",
            "奶奶",
            "外公",
            "外婆",
            "姥姥",
            "姥爷",
            "公公",
            "婆婆",
            "公婆",
            "岳父",
            "岳母",
            "丈母娘",
            "丈人",
            "老丈人",
            "老公",
            "老婆",
            "爱人",
            "丈夫",
            "妻子",
            "媳妇",
            "先生",
            "太太",
            "儿子",
            "女儿",
            "闺女",
            "儿媳",
            "儿媳妇",
            "女婿",
            "孩子",
            "孩子他爸",
            "孩子他妈",
            "孩子爸",
            "孩子妈",
            "哥哥",
            "哥",
            "弟弟",
            "弟",
            "姐姐",
            "姐",
            "姐夫",
            "妹妹",
            "妹",
            "妹夫",
            "嫂子",
            "叔叔",
            "叔",
            "伯伯",
            "大伯",
            "姑姑",
            "姑妈",
            "姨妈",
            "小姨",
            "姨",
            "舅舅",
            "舅妈",
            "婶婶",
            "表哥",
            "表弟",
            "表姐",
            "表妹",
            "堂哥",
            "堂弟",
            "侄子",
            "外甥",
            "孙子",
            "孙女",
            "家人",
            "家属",
            "家里人",
            "家里老人",
            "亲戚",
            "朋友",
            "好友",
            "同事",
            "同学",
            "邻居",
            "室友",
            "舍友",
            "闺蜜",
            "对象",
            "男朋友",
            "女朋友",
            "男友",
            "女友",
            "搭档",
            "伙伴",
            "战友",
            "老乡",
            "楼上",
            "楼下",
            "隔壁",
            "对门",
            "楼上邻居",
            "楼下邻居",
            "隔壁邻居",
            "对门邻居",
            "楼上阿姨",
            "楼下阿姨",
            "隔壁阿姨",
            "老人",
            "阿姨",
            "大爷",
            "大妈",
            "大娘",
            "大叔",
            "叔叔阿姨",
            "租客",
            "房东",
            "合租",
        ]
    )
    + ")"
)


def words_in(free: str) -> list[Word]:
    """Every listed word, leftmost and longest, in order."""
    found: list[Word] = []
    end = 0
    for hit in FIRST.finditer(free):
        at = hit.start()
        word = next((word for word in BY_FIRST[free[at]] if free.startswith(word, at)), "") if at >= end else ""
        if word:
            end = at + len(word)
            found.append(Word(at, end, *LEXICON[word]))
    if HAS_LATIN.search(free):
        found += [Word(hit.start(), hit.end(), *ENGLISH[hit.group()]) for hit in ENGLISH_WORD.finditer(free)]
        found.sort(key=lambda word: word.start)
    return found
