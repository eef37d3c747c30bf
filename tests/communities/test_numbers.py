import pytest

from communities.numbers import number_in, numbers_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0", 0), ("007", 7), ("", None), (None, None), ("-1", None), ("1.0", None), ("²", None), ("١", None)],
)
def test_a_number_is_what_ascii_digits_say(text, number):
    assert number_in(text) == number


def test_no_row_has_a_number_of_nineteen_digits():
    assert (number_in("9" * 18), number_in("9" * 19)) == (999_999_999_999_999_999, None)


def test_of_many_those_that_are_numbers_are_kept():
    assert numbers_in(["3", "x", "1", "\x00", "3"]) == [3, 1, 3]
