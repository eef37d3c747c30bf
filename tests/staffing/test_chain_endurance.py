"""Any text gives an answer, soon, and the same one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.rules import chain
from staffing.rules.chain.documents import chain_document

SCRAPS = st.sampled_from(
    ["#接龙", "\n", "\n\n", "1.", "2、", " 3. ", "①", "张三", "王芳", "3号楼", "2单元", "3-2-501", "12012345678", "120 1234 5678", "扫码", "不会", "除了", "都行", "上午", "来不了", "8-11点", "早上六点到九点", "+1", "和老公", "两口子",
     "代报：", "替我妈报名", "几点？", "吗", "【扫码组】", "早班：", "例：", "- ", "「", "」", "——", "[20:15] 王五: ", "姓名：", "人数：2", "~~", "❌", "\u0336", "\u200b", "🌸", "(", "）", "、", "，", " ", "\t", "|", "+", "-", "@", "Mike Zhang", "can't make it", "\x00", "\ue000", "İ", "ﬃ", "１", "\r"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(SCRAPS, max_size=60).map("".join)))
def test_any_text_gives_a_sound_answer(text: str) -> None:
    found = chain.parse(text)
    assert found == chain.parse(text)
    for entry in found.entries:
        assert entry.name != ""
        assert 1 <= entry.head_count <= 99
        assert entry.phone is None or (len(entry.phone) == 14 and entry.phone.startswith("+861"))
        assert not set(f"{entry.name}{entry.comment}") & set("\x00\x01\x02\ue000\ue001\ue002\ue003\n")
    assert chain_document(found)["title"] == found.title


@settings(max_examples=100, deadline=None)
@given(st.lists(SCRAPS, max_size=40).map("".join))
def test_line_ends_and_traditional_headers_change_nothing(text: str) -> None:
    plain = text.replace("\r", "")
    assert chain.parse(plain).entries == chain.parse(plain.replace("\n", "\r\n")).entries
    traditional = repr(chain.parse(plain.replace("#接龙", "＃接龍")).entries)
    assert repr(chain.parse(plain).entries) == traditional.replace("龍", "龙")


@settings(max_examples=100, deadline=None)
@given(st.lists(SCRAPS, max_size=40).map("".join), st.lists(SCRAPS, max_size=40).map("".join))
def test_every_entry_is_in_a_difference_once(before: str, after: str) -> None:
    first, second = known(before), known(after)
    found = chain.difference(first, second)
    assert chain.difference(first, first) == chain.Difference((), (), ())
    assert len(first) - len(found.gone) == len(second) - len(found.added)


def known(text: str) -> list[chain.Entry]:
    """The entries that can be found again."""
    return [entry for entry in chain.parse(text).entries if entry.name or entry.phone or entry.address.flat]


LINES = 10_000
HOSTILE = {
    "an ordinary list": "\n".join(f"{n % 999 + 1}. 张建国 3号楼2单元501 120{n:08} 扫码 上午" for n in range(LINES)),
    "only numbers": "1." * 100_000,
    "numbers in a row": "".join(f" {n}." for n in range(LINES)),
    "one long line": "1. " + "张" * 200_000,
    "digits": "1. " + "1" * 200_000,
    "phones": "1. " + "120-1234-567 " * 15_000,
    "dashes": "1. " + "3-" * 100_000,
    "spaces": "1. 张三" + " " * 200_000 + "李四",
    "a tower of brackets": "1. " + "(" * 100_000 + ")" * 100_000,
    "colons": "张三:" * 50_000,
    "colon lines": "张三:\n" * LINES,
    "clocks": "1. " + "8点到" * 60_000,
    "headers": "#接龙\n" * LINES,
    "quotations": "「\n" * LINES,
    "headings": "1. 张三\n" + "【扫码组】\n" * LINES,
    "loose lines": "1. 张三\n" + "李四 3号楼\n" * LINES + "9999. 王五",
    "struck out": "1. " + "张\u0336" * 60_000,
    "two columns": "#接龙 标题 " + " ".join(f"{n}. 张三" for n in range(1, 1000)) * 20,
    "brackets and numbers": "1. " + "(" * 60_000 + " 2)" * 40_000,
    "tildes": "1. " + "~" * 200_000,
    "questions": "1. " + "a " * 90_000 + "?",
    "blank lines": "\n" * 200_000,
    "emoji": "1. " + "🌸" * 100_000,
    "negations": "1. " + "不会" * 60_000 + "扫码",
    "proxies": "1. " + "替" * 100_000,
    "bullets": "- 张三 3号楼\n" * LINES,
    "plain lines": "#接龙\n标题\n\n" + "张三 3号楼\n" * LINES,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_slow(text: str) -> None:
    """Generous, since the machine may be busy: what is quadratic takes minutes. The bench has the exact figures."""
    start = time.process_time()
    chain.parse(text)
    assert time.process_time() - start < 5


def test_ten_times_the_lines_take_ten_times_as_long() -> None:
    def seconds(lines: int) -> float:
        text = "#接龙\n标题\n\n" + "\n".join(
            f"{n % 999 + 1}. 李娜 5-1-302 120{n:08} 和老公 几点集合？" for n in range(lines)
        )
        start = time.process_time()
        assert len(chain.parse(text).entries) == lines
        return time.process_time() - start

    assert seconds(8000) < 25 * min(seconds(800) for _ in range(3))
