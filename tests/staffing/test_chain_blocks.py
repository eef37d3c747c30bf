"""From a paste to its entries: headers, titles, examples, numbers, headings, and what is not part of the list."""

import pytest

from staffing.rules import chain
from tests.staffing.chain_lines import rows

TWO = [(1, "张三"), (2, "李四")]


def titled(text: str) -> str | None:
    return chain.parse(text).title


def block(*lines: str) -> str:
    return "\n".join(["#接龙", "标题", "", *lines])


@pytest.mark.parametrize(
    "header",
    [
        "#接龙",
        "#接龍",
        "＃接龙",
        "# 接龙",
        "#Group Note",
        "#group note",
        "#GROUP NOTE",
        "接龙",
        "接龙：",
        "接龙:",
        "接龙报名：",
        "【接龙】",
        "接龍：",
        "[20:15] 楼长: #接龙",
        "楼长 4-5 20:15:\n#接龙",
        "  #接龙",
        "楼长: #接龙",
        "📢#接龙",
    ],
)
def test_every_header(header: str) -> None:
    text = f"{header}\n明早志愿者\n\n1. 张三 3号楼\n2. 李四"
    assert rows(text) == TWO
    assert titled(text) == "明早志愿者"


@pytest.mark.parametrize(
    "header",
    ["#接龙 明早志愿者", "明早志愿者 #接龙", "明早志愿者#接龍", "# 接龙：明早志愿者", "#Group Note 明早志愿者"],
)
def test_the_rest_of_a_header_line_is_title(header: str) -> None:
    text = f"{header}\n\n1. 张三\n2. 李四"
    assert (titled(text), rows(text)) == ("明早志愿者", TWO)


def test_a_header_in_the_middle_of_a_line_is_a_quotation() -> None:
    assert rows("#接龙\n标题\n\n1. 张三\n大家看上面的#接龙继续填\n2. 李四") == TWO


def test_only_the_last_of_several_lists_counts() -> None:
    text = "#接龙\n标题\n\n1. 王五\n\n楼长 19:40\n#接龙\n新标题\n\n1. 张三\n2. 李四"
    assert (titled(text), rows(text)) == ("新标题", TWO)


def test_title_lines_run_to_the_first_blank_line_whatever_they_look_like() -> None:
    text = "#接龙\n4.3晚搬运\n要求：\n1、48小时核酸\n2、自带手套\n\n1. 张三\n2. 李四"
    assert (titled(text), rows(text)) == ("4.3晚搬运\n要求：\n1、48小时核酸\n2、自带手套", TWO)


def test_without_a_blank_line_the_title_ends_at_the_first_entry() -> None:
    text = "#接龙\n标题\n1. 张三\n2. 李四\n\n谢谢大家"
    assert (titled(text), rows(text)) == ("标题", TWO)
    assert rows("#接龙\n标题\n1. 张三\n2. 李四\n\n3. 王五") == [*TWO, (3, "王五")]


def test_without_a_header_everything_above_the_first_entry_is_title() -> None:
    text = "明早志愿者\n请大家接龙！\n\n1、张三\n2、李四"
    assert (titled(text), rows(text)) == ("明早志愿者\n请大家接龙！", TWO)


def test_the_title_gives_no_role_and_no_time() -> None:
    (found,) = chain.parse("#接龙\n明早消杀司机\n\n1. 张三").entries
    assert (found.role, found.time) == (None, None)


def test_no_list_at_all() -> None:
    for text in (
        "",
        "大家晚上好",
        "[20:15] 社区小刘: 大家好\n[20:16] 龚旺: 收到",
        "明天6点集合\n\n请带口罩",
        "\n\n\n",
        "收到",
    ):
        assert chain.parse(text) == chain.Chain(None, ())
    assert chain.parse("#接龙\n标题\n例 姓名 楼号\n\n1.") == chain.Chain("标题", ())


@pytest.mark.parametrize(
    "word", ["例", "例如", "如", "格式", "格式如", "示例", "样例", "e.g.", "eg", "Example", "樣例", "E.G."]
)
def test_examples_are_ignored(word: str) -> None:
    for mark in ("：", " ", ":", "，"):
        assert rows(block(f"1. {word}{mark}王五 3号楼", "2. 李四")) == [(2, "李四")]
        text = f"#接龙\n标题\n{word}{mark}王五 3号楼 12012345678\n还有电话\n\n1. 张三\n2. 李四"
        assert (titled(text), rows(text)) == ("标题", TWO)
    assert rows(f"#接龙\n标题\n{word}\n姓名 楼号\n\n1. 张三\n2. 李四") == TWO
    assert rows(f"#接龙\n标题\n{word} 王五\n1. 张三\n2. 李四") == TWO
    assert rows(block(f"0. {word} 王五", "1. 张三", "2. 李四")) == TWO


@pytest.mark.parametrize(
    "header", ["序号\t姓名\t楼号\t电话", "序号 姓名 楼号", "姓名 楼号 电话 岗位", "| 序号 | 姓名 | 楼号 |"]
)
def test_a_header_row_of_a_table_is_ignored(header: str) -> None:
    assert rows(f"志愿者登记\n\n{header}\n1\t张三\t3号楼\n2\t李四\t4号楼") == TWO


MARKS = [
    "{n}.", "{n}．", "{n}。", "{n}、", "{n})", "{n}）", "{n}:", "{n}：", "{n},", "{n}，", "{n};", "{n}；", "{n} .", "{n} 、", "({n})", "（{n}）", "[{n}]", "【{n}】", "No.{n}", "no.{n}", "#{n}", "0{n}.", "  {n}.", "{n}\t", "{n} ", "{n}.  ", "（{n}）、",
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_every_number_mark(mark: str) -> None:
    first, second = mark.format(n=1), mark.format(n=2)
    assert rows(block(f"{first} 张三 3号楼", f"{second} 李四")) == TWO
    assert rows(block(f"{first}张三 3号楼", f"{second}李四")) == TWO


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("①", "②"),
        ("① ", "② "),
        ("①.", "②."),
        ("⒈", "⒉"),
        ("1️⃣", "2️⃣"),
        ("1️⃣ ", "2️⃣ "),
        ("❶", "❷"),
        ("⑴", "⑵"),
        ("一、", "二、"),
        ("| 1 | ", "| 2 | "),
        ("１．", "２．"),
        ("１、", "２、"),
    ],
)
def test_numbers_in_a_sign(first: str, second: str) -> None:
    assert rows(block(f"{first}张三 3号楼", f"{second}李四")) == TWO


@pytest.mark.parametrize("front", ["👍", "🌸 ", "✅", "👍🏻 "])
def test_an_emoji_in_front_of_a_number_is_nothing(front: str) -> None:
    assert rows(block(f"{front}1. 张三 3号楼", f"{front}2. 李四")) == TWO


def test_a_phone_grouped_after_four_digits_is_no_part_of_the_number() -> None:
    assert rows(block("147. 1700 9408 809，柳师傅", "148. 李四")) == [(147, "柳师傅"), (148, "李四")]


def test_signs_above_ten() -> None:
    assert rows(block("9️⃣张三", "🔟李四")) == [(9, "张三"), (10, "李四")]
    assert rows(block("⑳张三", "㉑李四")) == [(20, "张三"), (21, "李四")]
    assert rows(block("十、张三", "十一、李四")) == [(10, "张三"), (11, "李四")]
    assert rows(block("99. 张三", "100. 李四")) == [(99, "张三"), (100, "李四")]


def test_the_text_may_follow_the_number_at_once() -> None:
    (found,) = chain.parse(block("1.3-2-501 王芳")).entries
    assert (found.position, found.name, found.address) == (1, "王芳", chain.Address("3", "2", "501"))


@pytest.mark.parametrize(
    "line",
    [
        "120 1234 5678",
        "6:30-10:00",
        "3号楼2单元",
        "3 号楼",
        "8栋",
        "2人",
        "6点半到9点",
        "7.00-9.30",
        "170-0000-1234",
        "2 人",
        "12 号楼",
        "1201-2345-678",
    ],
)
def test_what_is_no_entry_start_belongs_to_the_entry_above(line: str) -> None:
    assert rows(block("1. 张三", line, "2. 李四")) == TWO


def test_numbers_are_never_repaired() -> None:
    assert rows(block("2. 张三", "2. 李四", "7. 王五", "4. 赵六")) == [
        (2, "张三"),
        (2, "李四"),
        (7, "王五"),
        (4, "赵六"),
    ]


def test_a_list_flattened_to_one_line() -> None:
    three = [*TWO, (3, "王五")]
    for text in (
        "#接龙 明早6点测核酸 1. 张三 3-2-501 2. 李四 5号楼 司机 3. 王五",
        "#接龙\n标题\n\n1. 张三 3-2-501 2. 李四 3. 王五",
        "#接龙 标题 1、张三 2、李四 3、王五",
        "#接龙 标题 1)张三 2)李四 3)王五",
        "1. 张三 2. 李四 3. 王五",
        "明早志愿者 1. 张三 2. 李四 3. 王五",
        "#接龙 4.3晚搬运 1. 张三 2. 李四 3. 王五",
        "[20:15] 楼长: #接龙 标题 1. 张三 2. 李四 3. 王五",
        "#接龙 标题 例：赵六 3号楼 1. 张三 2. 李四 3. 王五",
    ):
        assert (text, rows(text)) == (text, three)


def test_only_the_next_number_begins_an_entry_within_a_line() -> None:
    assert rows(block("1. 张三 3. 李四")) == [(1, "张三")]
    assert rows(block("6. 张三 7.00-9.30", "7. 李四")) == [(6, "张三"), (7, "李四")]
    assert rows(block("3. 张三 4.5晚上", "4. 李四")) == [(3, "张三"), (4, "李四")]
    assert rows(block("1. 张三 2.3-2-501 李四")) == TWO


def test_an_entry_may_have_several_lines_up_to_a_blank_one() -> None:
    first, second = chain.parse(
        block("1. 张三", "3号楼2单元501", "12012345678", "扫码", "2.", "李四", "上午", "", "谢谢大家 司机")
    ).entries
    assert (first.name, first.phone, first.role) == ("张三", "+8612012345678", "data_entry")
    assert (second.position, second.name, second.time, second.role) == (2, "李四", "morning", None)


def test_an_empty_number_is_no_entry() -> None:
    assert rows(block("1. 张三", "2.", "", "3. 李四", "4. 🌹", "5、")) == [(1, "张三"), (3, "李四")]


def test_lines_that_fill_a_gap_of_the_numbers_are_entries() -> None:
    assert rows(block("1. 张三", "朱仝 6号楼", "3. 李四")) == [(1, "张三"), (None, "朱仝"), (3, "李四")]
    assert rows(block("1. 张三", "朱仝 6号楼", "小米粥 夜班", "4. 李四")) == [
        (1, "张三"),
        (None, "朱仝"),
        (None, "小米粥"),
        (4, "李四"),
    ]
    assert rows(block("1. 张三", "打过三针", "3. 李四")) == [(1, "张三"), (3, "李四")]
    assert rows(block("1. 张三", "6号楼2单元", "3. 李四")) == [(1, "张三"), (3, "李四")]
    assert rows(block("1. 张三", "朱仝 6号楼", "2. 李四")) == TWO


@pytest.mark.parametrize("bullet", ["- ", "• ", "· ", "* ", "✅", "✅ ", "-", ""])
def test_without_numbers_every_line_is_an_entry(bullet: str) -> None:
    text = block(f"{bullet}张三 3号楼", f"{bullet}李四 2人", "收到", f"{bullet}王五 不来了")
    assert rows(text) == [(None, "张三"), (None, "李四"), (None, "王五")]
    assert [found.head_count for found in chain.parse(text).entries] == [1, 2, 1]


def test_a_table_needs_no_numbers_below_its_header_row() -> None:
    table = "物资组\n姓名\t电话\t楼号\n关兴\t12033334444\t4-1-201\n张苞\t170 0000 5555\t5号楼\n"
    assert rows(table) == [(None, "关兴"), (None, "张苞")]
    assert chain.parse(table).title == "物资组"
    assert [found.address.building for found in chain.parse(table).entries] == ["4", "5"]


def test_bullets_need_no_header() -> None:
    assert rows("明晚搬水\n- 张三 3号楼\n- 李四") == [(None, "张三"), (None, "李四")]


@pytest.mark.parametrize(
    ("heading", "role", "time", "building"),
    [
        ("【扫码组】", "data_entry", None, None), ("《秩序组》", "queue_marshal", None, None), ("—— 下午 ——", None, "afternoon", None), ("——消杀——", "disinfection", None, None), ("早班：", None, "early", None), ("早班（5:30-8:45）：", None, "05:30-08:45", None), ("敲门组", "door_knocker", None, None), ("6号楼：", None, None, "6"),
        ("【扫码组 3人】", "data_entry", None, None), ("【扫码岗（需2人）】", "data_entry", None, None), ("【上午 秩序】", "queue_marshal", "morning", None), ("夜班组：", None, "night", None), ("【3号楼】", None, None, "3"), ("【掃碼組】", "data_entry", None, None), ("司机：", "driver", None, None), ("----- 上午 -----", None, "morning", None), ("搬运组（4人）：", "supply_aide", None, None),
    ],
)  # fmt: skip
def test_a_section_heading_gives_what_an_entry_does_not_say(
    heading: str, role: str | None, time: str | None, building: str | None
) -> None:
    first, second = chain.parse(block(heading, "1. 张三", "2. 李四 5号楼 巡逻 全天")).entries
    assert (first.name, first.role, first.time, first.address.building) == ("张三", role, time, building)
    assert (second.role, second.time, second.address.building) == ("patrol", "all_day", "5")


def test_a_heading_holds_until_the_next_one() -> None:
    found = chain.parse(
        block("【扫码组】", "1. 张三", "", "2. 李四", "【其他】", "3. 王五", "下午：", "1. 赵六")
    ).entries
    assert [(entry.role, entry.time) for entry in found] == [
        ("data_entry", None),
        ("data_entry", None),
        (None, None),
        (None, "afternoon"),
    ]


def test_an_entrance_stands_under_the_building_of_its_heading() -> None:
    (found,) = chain.parse(block("6号楼：", "1. 柳絮 2单元301")).entries
    assert found.address == chain.Address("6", "2", "301")


@pytest.mark.parametrize(
    "noise",
    [
        "收到", "收到！", "好的", "好嘞", "OK", "ok", "明白", "谢谢大家", "谢谢", "辛苦了", "辛苦啦👍", "赞", "[强][强]", "👍👍", "王五撤回了一条消息", "\"小熊\"邀请\"叶子\"加入了群聊", "王五加入群聊", "以下为新消息", "@所有人 还差两位", "@王五 收到", "王五 20:15\n我想问下几点",
        "[20:20] 王五: 我考虑一下", "[20:15:03] 王五: 好的呀", "王五 4-3 20:15:\n还缺人吗", "王五  上午9:12\n继续接", "2022/4/3 20:15:33 王五\n我看看", "2022-04-03 20:15:33 王五\n我看看", "————— 2022-04-03 —————", "王五:\n等我下班", "王五: 我也想来", "「王五：1. 张三」\n- - - - - - - -\n辛苦啦", "「王五：收到」",
        "(截至20:30已有5人)", "截止今晚八点", "合计2人", "共2人", "联系人：社区小刘 12012345678", "——居委会", "收到收到", "謝謝", "王五撤回了一條消息", "王五加入了群聊",
    ],
)  # fmt: skip
def test_what_people_say_between_the_entries_is_ignored(noise: str) -> None:
    found = chain.parse(block("1. 张三 3号楼", noise, "2. 李四", noise)).entries
    assert [(entry.position, entry.name, entry.role, entry.phone, entry.head_count) for entry in found] == [
        (1, "张三", None, None, 1),
        (2, "李四", None, None, 1),
    ]
    assert [entry.comment for entry in found] == ["", ""]


@pytest.mark.parametrize(
    "prefix",
    [
        "[20:17] 李四: ",
        "[20:17:09] 李四：",
        "李四: ",
        "李四 4-3 20:17: ",
        "李四 20:17\n",
        "2022/4/3 20:15:33 李四\n",
        "李四：\n",
        "李四  上午9:12\n",
    ],
)
def test_a_sender_in_front_of_an_entry_is_dropped(prefix: str) -> None:
    assert rows(block("1. 张三", f"{prefix}2. 李四 3号楼")) == TWO


def test_labels_are_no_senders() -> None:
    (found,) = chain.parse(block("1. 姓名：王英", "楼号：6-1-302", "电话：170 0000 2581", "时间：早班")).entries
    assert (found.name, found.phone, found.time, found.address.flat) == ("王英", "+8617000002581", "early", "302")


def test_text_below_a_blank_line_is_not_part_of_the_list() -> None:
    found = chain.parse(block("1. 张三", "", "三点截止，联系社区小秦12012345678 司机", "", "2. 李四")).entries
    assert [(entry.name, entry.phone, entry.role) for entry in found] == [("张三", None, None), ("李四", None, None)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_end_everywhere(end: str) -> None:
    assert rows("\ufeff" + block("1. 张三 3号楼", "2. 李四").replace("\n", end)) == TWO


def test_a_line_separator_is_a_space() -> None:
    assert rows(block("1. 张三\u20282号楼", "2. 李四")) == TWO


def test_only_the_struck_entry_of_a_line_is_taken_back() -> None:
    found = chain.parse(block("1. 张三 2̶.̶ 李̶四̶ 3. 王五")).entries
    assert [(entry.name, entry.flags.cancelled) for entry in found] == [
        ("张三", False),
        ("李四", True),
        ("王五", False),
    ]
