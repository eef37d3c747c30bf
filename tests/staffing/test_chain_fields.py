"""The fields of one line: phone, address, role, time, and what they are not."""

import pytest

from staffing.rules.chain.words import CANCELLED, ENGLISH, ROLES, TIMES, Kind
from tests.staffing.chain_lines import entry, meaning

PHONE = "+8612012345678"


@pytest.mark.parametrize(
    "written",
    [
        "12012345678", "120 1234 5678", "120-1234-5678", "120–1234–5678", "120.1234.5678", "120—1234—5678", "1201 2345 678", "1201-2345-678",
        "120 123 45678", "120-123-45678", "+8612012345678", "+86 12012345678", "+86-120-1234-5678", "86 12012345678",
        "8612012345678", "86-12012345678", "008612012345678", "0086 120 1234 5678", "(+86)12012345678", "(+86) 120-1234-5678",
        "（+86）12012345678", "１２０１２３４５６７８", "１２０　１２３４　５６７８", "电话12012345678", "电话：12012345678", "手机 120 1234 5678",
        "tel:12012345678", "Tel 12012345678", "TEL：120-1234-5678", "联系方式：12012345678", "電話：12012345678", "‭12012345678‬",
    ],
)  # fmt: skip
def test_a_phone_has_eleven_digits_in_any_grouping(written: str) -> None:
    assert meaning(f"王芳 {written}") == {"name": "王芳", "phone": PHONE}
    assert meaning(f"{written} 王芳 上午") == {"name": "王芳", "phone": PHONE, "time": "morning"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("王芳 2-5-103 1700 4598 363", {"building": "2", "entrance": "5", "flat": "103", "phone": "+8617004598363"}),
        (
            "王芳 22#-5-1102  1205 4254 601",
            {"building": "22", "entrance": "5", "flat": "1102", "phone": "+8612054254601"},
        ),
        ("王芳 B2栋103 1203 2421 451", {"building": "B2", "flat": "103", "phone": "+8612032421451"}),
        ("王芳 3号楼 120 1234 5678 301", {"building": "3", "phone": "+8612012345678"}),
        ("王芳 4-1-502-120-3645-9322", {"building": "4", "entrance": "1", "flat": "502", "phone": "+8612036459322"}),
    ],
)
def test_a_flat_in_front_of_a_phone_is_no_part_of_it(line: str, expected: dict[str, str]) -> None:
    assert meaning(line) == {"name": "王芳"} | expected


@pytest.mark.parametrize(
    "written",
    [
        "1201234567",
        "120123456789",
        "120 1234 567",
        "120****5678",
        "尾号1234",
        "0351-1234567",
        "有急事打120",
        "2012345678",
        "22012345678",
        "电话1201234567",
    ],
)
def test_other_digits_are_no_phone_and_stay_in_the_comment(written: str) -> None:
    assert meaning(f"王芳 {written}") == {"name": "王芳"}
    assert entry(f"王芳 {written}").comment


def test_the_first_of_two_phones_counts() -> None:
    found = entry("王芳 12012345678 17000001234")
    assert (found.phone, found.comment) == (PHONE, "17000001234")


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("3号楼张三12012345678上门", PHONE),
        ("张三12012345678", PHONE),
        ("3-2-501 12012345678 张三", PHONE),
        ("张三+3号楼+12012345678", PHONE),
        ("张三/3-2-501/120-1234-5678", PHONE),
        ("张三3-2-501-12012345678", PHONE),
        ("张三 17000009999", "+8617000009999"),
        ("张三 13912345678", "+8613912345678"),
    ],
)
def test_phones_stand_anywhere(line: str, phone: str) -> None:
    found = entry(line)
    assert (found.name, found.phone) == ("张三", phone)


FULL = {"building": "3", "entrance": "2", "flat": "501"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((written, FULL) for written in (
            "3号楼2单元501", "3号楼2单元501室", "3栋2门501", "3幢2单元501", "3#2单元501", "3#-2-501", "3号2单元501", "3楼2单元501", "三号楼二单元五〇一", "三号楼二单元(五〇一)",
            "三号楼二单元（501）", "3-2-501", "3—2—501", "3－2－501", "3/2/501", "3–2–501", "3 - 2 - 501", "3 号楼 2 单元 501 室", "3号楼 2单元 501", "3号楼-2单元-501", "3栋/2单元/501",
            "３号楼２单元５０１室", "3號樓2單元501室", "3棟2門501", "Bldg 3 Unit 2 Apt 501", "Building 3 Unit 2 Rm 501", "bldg. 3, unit 2, room 501", "03号楼02单元501", "3-02-501", "3#楼2单元501", "三栋二单元五零一",
            "住3号楼2单元501", "家住3-2-501", "我住3号楼2单元501室", "在3号楼2单元501住",
        )),
        *((written, {"building": "3", "flat": "501"}) for written in ("3-501", "3栋501", "3号楼501", "3号楼 501室", "3#501", "3幢501", "3—501", "三号楼501", "3-501室", "3号楼-501")),
        *((written, {"building": "3"}) for written in ("3号楼", "3栋", "3#", "3幢", "Building 3", "Bldg 3", "三号楼", "三栋", "3 号楼", "住3号楼", "３号楼", "3號樓", "03号楼", "3#楼", "3座")),
        ("2单元", {"entrance": "2"}), ("二单元", {"entrance": "2"}), ("2單元", {"entrance": "2"}), ("501室", {"flat": "501"}), ("1203室", {"flat": "1203"}),
        ("2单元501", {"entrance": "2", "flat": "501"}), ("Unit 2", {"entrance": "2"}), ("Apt 501", {"flat": "501"}),
        ("A座1203", {"building": "A", "flat": "1203"}), ("a座1203", {"building": "A", "flat": "1203"}), ("B2栋1301", {"building": "B2", "flat": "1301"}), ("B3-1102", {"building": "B3", "flat": "1102"}),
        ("A座", {"building": "A"}), ("C1栋2单元301", {"building": "C1", "entrance": "2", "flat": "301"}), ("B座2单元", {"building": "B", "entrance": "2"}),
        ("5号院4号楼", {"building": "5号院4"}), ("5号院4-3-201", {"building": "5号院4", "entrance": "3", "flat": "201"}), ("五号院4号楼3单元", {"building": "5号院4", "entrance": "3"}), ("5號院4號樓", {"building": "5号院4"}),
        ("5号院 4号楼", {"building": "5号院4"}), ("5号院4-301", {"building": "5号院4", "flat": "301"}),
        *((f"{side}区3号楼", {"building": f"{side}区3"}) for side in "东西南北"), ("東區3號樓", {"building": "东区3"}), ("东区3-2-501", {"building": "东区3", "entrance": "2", "flat": "501"}), ("西区 12栋", {"building": "西区12"}),
        ("十号楼", {"building": "10"}), ("十四号楼二单元", {"building": "14", "entrance": "2"}), ("二十一号楼", {"building": "21"}), ("二十号楼十单元", {"building": "20", "entrance": "10"}),
        ("295-909", {"building": "295", "flat": "909"}), ("10-1601", {"building": "10", "flat": "1601"}), ("12-1-402", {"building": "12", "entrance": "1", "flat": "402"}),
        ("3号楼2单元", {"building": "3", "entrance": "2"}), ("3-2-1501", {"building": "3", "entrance": "2", "flat": "1501"}), ("17栋1单元", {"building": "17", "entrance": "1"}), ("3号楼2单元5楼501", FULL),
    ],
)  # fmt: skip
def test_an_address_in_every_spelling(written: str, expected: dict[str, str]) -> None:
    assert meaning(f"王芳 {written}") == {"name": "王芳"} | expected
    assert meaning(f"{written} 王芳") == {"name": "王芳"} | expected
    assert meaning(f"王芳（{written}）上午") == {"name": "王芳", "time": "morning"} | expected


@pytest.mark.parametrize(
    "written", ["3号", "6号上午", "4月7日", "3楼", "1203", "8-11", "第3批", "2022-04-03", "4.3", "能送两栋", "4-3"]
)
def test_dates_and_bare_numbers_are_no_address(written: str) -> None:
    found = entry(f"王芳 {written}")
    assert found.name == "王芳"
    assert not found.address


@pytest.mark.parametrize(
    "line",
    [
        "3号楼2单元501王芳",
        "王芳3号楼2单元501",
        "我是3号楼2单元501的王芳",
        "3#2单元501王芳",
        "王芳3-2-501",
        "3-2-501王芳",
        "在3号楼2单元501住 王芳",
        "Bldg 3 Unit 2 Apt 501 王芳",
        "王芳，住3号楼2单元501",
    ],
)
def test_an_address_may_be_glued_to_the_name(line: str) -> None:
    assert meaning(line) == {"name": "王芳"} | FULL


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Amy9号楼4单元", "Amy"),
        ("Kevin11栋", "Kevin"),
        ("潘振华十一号楼四单元", "潘振华"),
        ("momo3-2-501", "momo"),
        ("老陶5-803", "老陶"),
    ],
)
def test_the_name_in_front_of_a_glued_address(line: str, name: str) -> None:
    assert entry(line).name == name
    assert entry(line).address


TRADITIONAL = str.maketrans(
    "录码记员维护导疏户访运东发药货拣逻岗杀洒驾驶车开从听挥随无干么个里样双两业务资门单楼号栋电话时间备注扫敲摸排通知搬卸守卡喷报消来没参销废为这谁后学点会还几处队组长给达经过",
    "錄碼記員維護導疏戶訪運東發藥貨揀邏崗殺灑駕駛車開從聽揮隨無幹麼個裡樣雙兩業務資門單樓號棟電話時間備註掃敲摸排通知搬卸守卡噴報消來沒參銷廢為這誰後學點會還幾處隊組長給達經過",
)


@pytest.mark.parametrize(("word", "role"), [(word, role) for word, (_kind, role) in ROLES.items()])
def test_every_role_word_in_every_dress(word: str, role: str) -> None:
    for line in (
        f"王芳 {word}",
        f"王芳 3号楼 {word}岗",
        f"王芳 可以{word}",
        f"王芳 想{word}",
        f"王芳，我来{word}",
        f"王芳 报{word}",
        f"王芳{word}",
        f"王芳 {word}志愿者",
        f"王芳 想当{word}",
        f"王芳 申请{word}组",
        f"王芳 会{word}员",
        f"{word} 王芳",
        f"3号楼王芳报名{word}",
    ):
        found = entry(line)
        assert (line, found.name, found.role) == (line, "王芳", role)
    assert entry(f"王芳 {word.translate(TRADITIONAL)}").role == role


@pytest.mark.parametrize(
    ("word", "role"), [(word, value) for word, (kind, value) in ENGLISH.items() if kind in (Kind.ROLE, Kind.ANY)]
)
def test_english_roles(word: str, role: str) -> None:
    assert meaning(f"Mike Zhang Bldg 3 {word}") == {"name": "Mike Zhang", "building": "3", "role": role}
    assert meaning(f"Tony, {word.capitalize()}, morning") == {"name": "Tony", "role": role, "time": "morning"}


@pytest.mark.parametrize(
    "words",
    [
        "都行", "都可以", "均可", "不限", "服从安排", "服从分配", "听安排", "听从安排", "听指挥", "随便安排", "干啥都行", "干什么都行", "什么都行", "啥岗都行", "哪个岗都行", "什么岗位都行", "什么岗位都可以", "干什么都可以", "啥岗都可以", "其他都行",
        "哪里需要去哪里", "哪缺人去哪", "從分配 服從安排", "聽指揮", "隨便安排", "哪裡需要去哪裡", "岗位不限", "除了敲门都行", "除了扫码都可以", "除了敲门和扫码都行", "什麼都行",
    ],
)  # fmt: skip
def test_anything_will_do(words: str) -> None:
    found = entry(f"王芳 3号楼 {words}")
    assert (found.name, found.role, found.flags.question) == ("王芳", "any", False)


@pytest.mark.parametrize(
    "words",
    [
        "时间都行",
        "几点都行",
        "多久都可以",
        "上午都行",
        "下午都可以",
        "上下午都行",
        "晚上都行",
        "上午下午都可以",
        "时间 都行",
        "早上都行",
        "全天都可以",
        "幾點都行",
        "時間都可以",
        "周六都行",
    ],
)
def test_about_a_time_anything_will_do_is_no_role(words: str) -> None:
    found = entry(f"王芳 {words}")
    assert (found.name, found.role, found.flags.question) == ("王芳", None, False)


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("不会扫码，秩序", "queue_marshal"), ("不想敲门，消杀", "disinfection"), ("不要搬运 扫码", "data_entry"), ("别让我敲门，扫码", "data_entry"), ("不会扫码", None), ("不敲门", None), ("不会扫码、录入，巡逻", "patrol"), ("不會掃碼，秩序", "queue_marshal"),
        ("优先消杀，其他都行", "disinfection"), ("引导、消杀都行", "queue_marshal"), ("扫码或者秩序都可以", "data_entry"), ("都行，最好扫码", "data_entry"), ("消杀 扫码", "disinfection"), ("扫码、消杀", "data_entry"), ("秩序或搬运", "queue_marshal"),
        ("防疫消杀", "disinfection"), ("防疫 扫码", "data_entry"), ("防疫", "prevention_aide"), ("防疫员", "prevention_aide"), ("防疫物资", "supply_aide"), ("除了敲门，扫码", "data_entry"),
    ],
)  # fmt: skip
def test_one_role_is_chosen(words: str, role: str | None) -> None:
    found = entry(f"王芳 3号楼 {words}")
    assert (found.name, found.role) == ("王芳", role)


@pytest.mark.parametrize(
    "words",
    [
        "已登记",
        "登记过",
        "登记过了",
        "等通知",
        "有事通知我",
        "微信通知",
        "接送孩子",
        "接孩子",
        "要接送孩子",
        "消毒液",
        "自带消毒液",
        "消毒湿巾",
        "有车位",
        "已經登記",
        "我有消毒湿巾",
        "没有车",
    ],
)
def test_remarks_that_hold_a_role_word_are_no_role(words: str) -> None:
    found = entry(f"王芳 3号楼 {words}")
    assert (found.name, found.role) == ("王芳", None)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("老司机 3-2-501", "老司机"),
        ("扫码达人 3号楼", "扫码达人"),
        ("早班车 3号楼", "早班车"),
        ("周司机 3号楼", "周司机"),
        ("3号楼 老司机", "老司机"),
    ],
)
def test_words_inside_the_name_count_for_nothing(line: str, name: str) -> None:
    found = entry(line)
    assert (found.name, found.role, found.time) == (name, None, None)


@pytest.mark.parametrize(("word", "value"), [(word, value) for word, (_kind, value) in TIMES.items()])
def test_every_part_of_the_day(word: str, value: str) -> None:
    for line in (
        f"王芳 {word}",
        f"王芳{word}",
        f"{word} 王芳",
        f"王芳 3号楼 {word}",
        f"王芳 周六{word}",
        f"王芳 {word}有空",
    ):
        found = entry(line)
        assert (line, found.name, found.time) == (line, "王芳", value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("5:30-12:00", "05:30-12:00"), ("5：30—8：30", "05:30-08:30"), ("06:00~10:00", "06:00-10:00"), ("7.00-9.30", "07:00-09:30"), ("8-11点", "08:00-11:00"), ("14时-17时", "14:00-17:00"), ("6点半至9点", "06:30-09:00"), ("8点到5点", "08:00-17:00"),
        ("早上六点到九点", "06:00-09:00"), ("22:00-6:00", "22:00-06:00"), ("下午2点-5点", "14:00-17:00"), ("晚7点到10点", "19:00-22:00"), ("晚上7点到10点", "19:00-22:00"), ("傍晚6点-8点", "18:00-20:00"), ("上午9点到下午2点", "09:00-14:00"),
        ("早上8点到晚上8点", "08:00-20:00"), ("中午12点到下午3点", "12:00-15:00"), ("十点到十二点", "10:00-12:00"), ("11点到1点", "11:00-13:00"), ("早上 6:00 - 9:00", "06:00-09:00"), ("７：００－９：００", "07:00-09:00"), ("六點半到九點", "06:30-09:00"),
        ("下午 1:30-5:00", "13:30-17:00"), ("5:30－12:00", "05:30-12:00"), ("20:00-23:00", "20:00-23:00"), ("晚上10点到早上6点", "22:00-06:00"), ("时间：8-11", "08:00-11:00"), ("时间：早班", "early"), ("上午 8:00-10:00", "08:00-10:00"),
        ("上午下午", "all_day"), ("上午、下午", "all_day"), ("上午和下午", "all_day"), ("上午+下午", "all_day"), ("下午、晚上", "afternoon"), ("晚上可以，早上不行", "evening"), ("上午来不了，下午可以", "afternoon"), ("all day", "all_day"), ("night shift", "night"),
        ("八点以后", None), ("10点前", None), ("七点左右", None), ("随时", None), ("时间都行", None), ("晚点到", None), ("晚到", None), ("明天", None), ("周六", None), ("6号", None), ("4月7日", None), ("晚点到 上午", "morning"),
    ],
)  # fmt: skip
def test_a_time(words: str, value: str | None) -> None:
    found = entry(f"王芳 3号楼 {words}")
    assert (found.name, found.time, found.flags.cancelled) == ("王芳", value, False)


@pytest.mark.parametrize(
    ("words", "time", "cancelled"),
    [
        ("下午 来不了了", "afternoon", True),
        ("通宵 不参加了", "night", True),
        ("下午来不了了", None, True),
        ("上午 来不了 下午可以", "afternoon", False),
    ],
)
def test_a_block_in_front_of_a_cancelled_entry_stays_and_a_refused_one_does_not(words: str, time: str | None, cancelled: bool) -> None:  # fmt: skip
    found = entry(f"王芳 3号楼 {words}")
    assert (found.time, found.flags.cancelled) == (time, cancelled)


CONFLICTING = {"取消了", "去不了啦"}


@pytest.mark.parametrize(
    "word",
    [
        *CANCELLED,
        "来不了啦",
        "去不了了",
        "（退）",
        "(退)",
        "已退",
        "來不了了",
        "取消報名",
        "不參加了",
        "❌",
        "can't make it",
        "can't come",
        "cancelled",
        "withdrawn",
    ],
)
def test_every_way_to_take_an_entry_back(word: str) -> None:
    for line in (
        f"王芳 {word}",
        f"王芳 3号楼 {word}",
        f"王芳{word}" if "a" not in word else f"王芳 {word}",
        f"王芳 （{word}）",
        f"{word} 王芳",
        f"王芳 扫码 {word}，孩子发烧",
    ):
        found = entry(line)
        assert (line, found.name, found.flags.cancelled) == (line, "王芳", True)


@pytest.mark.parametrize(
    "line",
    ["~~王芳 3号楼~~", "王̶芳̶ 3号楼", "❌王芳 3号楼", "王芳❌ 3号楼", "~~王芳~~ 3号楼", "王芳 ̶3̶号̶楼̶", "王̵芳̵ 3号楼"],
)
def test_a_struck_out_entry_is_taken_back(line: str) -> None:
    assert meaning(line) == {"name": "王芳", "building": "3", "cancelled": True}


@pytest.mark.parametrize(
    "words",
    [
        "不取消",
        "没有取消",
        "不会退出",
        "如果加班可能来不了",
        "要是下雨就来不了了",
        "万一来不了再说",
        "可能来不了",
        "上午来不了，下午可以",
        "早上不能来，晚上可以",
        "沒有取消",
        "如果發燒就不來了",
        "周六来不了，周日可以",
    ],
)
def test_what_is_not_taken_back(words: str) -> None:
    found = entry(f"王芳 3号楼 {words}")
    assert (found.name, found.flags.cancelled) == ("王芳", False)


@pytest.mark.parametrize(
    "asked",
    [
        "几点集合？",
        "还缺人吗",
        "还缺人吗？",
        "要不要自带水杯？",
        "在哪集合",
        "哪里集合",
        "哪儿领马甲",
        "怎么报名",
        "要多久",
        "能不能带孩子",
        "可不可以早退",
        "用不用做核酸",
        "有没有防护服",
        "需要扫码吗",
        "還缺人嗎",
        "幾點開始",
        "晚上也要吗",
    ],
)
def test_a_question(asked: str) -> None:
    found = entry(f"王芳 3号楼 {asked}")
    assert (found.name, found.flags.question, found.role, found.time) == ("王芳", True, None, None)
    assert found.comment.rstrip("?") == asked.rstrip("？")
    assert (entry(asked).name, entry(asked).flags.question) == (None, True)


@pytest.mark.parametrize("words", ["几点都行", "什么岗位都行", "哪里需要去哪里", "怎么安排都可以", "哪缺人去哪"])
def test_no_question(words: str) -> None:
    assert not entry(f"王芳 {words}").flags.question


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("姓名：郭盛 楼号：3号楼2单元501 电话：12012345678 岗位：扫码 时间：上午 人数：2 备注：党员", {"name": "郭盛", **FULL, "phone": PHONE, "role": "data_entry", "time": "morning", "head_count": 2}),
        ("姓名:安道,楼号:5号楼,岗位:不限", {"name": "安道", "building": "5", "role": "any"}),
        ("阳光总在 姓名：皇甫端", {"name": "皇甫端"}),
        ("名字：小鱼 地址：3-2-501", {"name": "小鱼", **FULL}),
        ("楼号：3 单元：2 房号：501 姓名：王芳", {"name": "王芳", **FULL}),
        ("吴九人数：3", {"name": "吴九", "head_count": 3}),
        ("姓名：王芳，楼号：3/2/501，岗位：上门志愿者", {"name": "王芳", **FULL, "role": "door_knocker"}),
        ("姓名：王芳 时段：下午 联系方式：120 1234 5678", {"name": "王芳", "time": "afternoon", "phone": PHONE}),
        ("姓名:馬麟 樓號:3號樓 電話:12012345678", {"name": "馬麟", "building": "3", "phone": PHONE}),
        ("电话：12012345678 姓名：王芳 备注：有健康证", {"name": "王芳", "phone": PHONE}),
        ("王芳 手机12012345678 人数：3", {"name": "王芳", "phone": PHONE, "head_count": 3}),
    ],
)  # fmt: skip
def test_labels_decide_what_follows(line: str, expected: dict[str, object]) -> None:
    assert meaning(line) == expected


@pytest.mark.parametrize(
    "separator",
    [" ", "，", "、", "；", "。", "/", "|", "+", "-", "—", "——", "\t", " 🌸 ", "　", ",", ";", "  ", "、 ", " / "],
)
def test_fields_are_separated_by_anything(separator: str) -> None:
    line = separator.join(["王芳", "3号楼", "12012345678", "扫码", "上午"])
    assert meaning(line) == {"name": "王芳", "building": "3", "phone": PHONE, "role": "data_entry", "time": "morning"}


def test_fields_come_in_any_order_and_glued() -> None:
    expected = {"building": "3", "name": "张三", "phone": PHONE, "role": "door_knocker"}
    for line in (
        "3号楼张三12012345678上门",
        "张三3号楼12012345678上门",
        "12012345678张三3号楼上门",
        "张三上门12012345678 3号楼",
        "上门3号楼张三12012345678",
    ):
        assert meaning(line) == expected
