"""How many people fill shifts that follow each other."""

from datetime import timedelta
from operator import itemgetter

import pytest

from staffing.queries.calls import still_needed
from staffing.queries.gaps import missing_of
from staffing.queries.notices import open_calls
from staffing.rules.blocks import decisive
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT


def block(start, length, short):
    """Hours after dawn."""
    return DAWN + timedelta(hours=start), DAWN + timedelta(hours=start + length), short


def people(*blocks):
    return sum(found[2] for found in decisive(blocks, itemgetter(0, 1), itemgetter(2)))


@pytest.mark.parametrize(
    ("blocks", "needed"),
    [
        ([], 0),
        ([block(0, 3, 84)], 84),
        ([block(0, 3, 84), block(3, 3, 84)], 84),
        ([block(3, 3, 84), block(0, 3, 83)], 84),
        ([block(0, 3, 10), block(3, 3, 0), block(6, 3, 7)], 10),
        ([block(0, 4, 6), block(6, 4, 6)], 12),
        ([block(0, 4, 6), block(1, 4, 5)], 11),
        ([block(0, 4, 6), block(24, 4, 6), block(28, 4, 2)], 12),
    ],
)
def test_the_same_people_stand_in_shifts_without_a_break_others_are_counted_each(blocks, needed):
    assert people(*blocks) == needed


@pytest.mark.django_db
def test_page_list_desk_and_message_count_the_same_people():
    call = make.call()
    site = places.site(call.community)
    for start, seats in ((DAWN, 5), (DAWN + BLOCK, 3), (DAWN + 5 * BLOCK, 2)):
        make.post(make.shift(site, call, start=start), seats=seats)

    assert still_needed([call]) == {call.pk: 7}
    assert missing_of(call) == 7
    assert open_calls([call.pk], NIGHT)[call.pk].missing == 7
