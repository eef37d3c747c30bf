"""A line that takes an earlier one back."""

from hypothesis import example, given
from hypothesis import strategies as st

from staffing.rules.chain import Address, Entry, Flags, settled
from staffing.rules.chain.retractions import could_be_one

NO = Flags(cancelled=True)
entries = st.lists(
    st.builds(
        Entry,
        name=st.sampled_from(["张三", "李四", None]),
        phone=st.sampled_from([None, "+8612000000001", "+8612000000002"]),
        address=st.builds(Address, building=st.sampled_from([None, "3", "5"])),
        flags=st.builds(Flags, cancelled=st.booleans()),
    ),
    max_size=12,
)


def certain(lines):
    """No word further down could be the word of two."""
    return all(
        sum(could_be_one(before, no) for before in lines[:at] if before.name == no.name and not before.flags.cancelled)
        < 2
        for at, no in enumerate(lines)
        if no.name and no.flags.cancelled
    )


@example(
    [
        Entry(1, "张三"),
        Entry(2, "张三", address=Address("5")),
        Entry(3, "张三", flags=NO),
        Entry(4, "张三", address=Address("3"), flags=NO),
    ]
)
@given(entries)
def test_settled_once_is_settled_and_nobody_who_comes_is_lost_but_by_their_own_word(lines):
    """A word that could be that of two says nothing, also when a later one takes one of them."""
    found = settled(lines)
    assert settled(found) == found or not certain(lines)
    for name in ("张三", "李四"):
        coming = [one for one in lines if one.name == name and not one.flags.cancelled]
        left = [one for one in found if one.name == name and not one.flags.cancelled]
        takers = [one for one in lines if one.name == name and one.flags.cancelled]
        assert len(coming) - len(takers) <= len(left) <= len(coming)
    assert sum(one.flags.cancelled for one in found) == sum(one.flags.cancelled for one in lines)


def test_the_later_line_says_what_the_earlier_one_did():
    first = Entry(1, "张三", 2, "+8612000000001", Address("3"), "data_entry")
    (one,) = settled([first, Entry(2, "张三", flags=NO)])
    assert (one.head_count, one.phone, one.address, one.role, one.flags.cancelled) == (
        2, "+8612000000001", Address("3"), "data_entry", True,
    )  # fmt: skip


def test_of_two_who_may_be_meant_nobody_is_taken_back():
    lines = [Entry(1, "张三", address=Address("3")), Entry(2, "张三", address=Address("5")), Entry(3, "张三", flags=NO)]
    assert settled(lines) == lines
    assert [
        one.address.building for one in settled([*lines[:2], Entry(3, "张三", address=Address("5"), flags=NO)])
    ] == [
        "3",
        "5",
    ]


def test_who_comes_after_all_comes():
    lines = [Entry(1, "张三", flags=NO), Entry(2, "张三")]
    assert settled(lines) == lines
