"""Things handed out on a shift: by what the post asks for, never more than there is, taken back, and counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as some

from communities.errors import Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from staffing.actions import attendance, equipment, erasing, signups
from staffing.actions.equipment import Kind
from staffing.models import Equipment, EquipmentIssue, SignUp
from staffing.queries.closeouts import Scope, totals, unsettled
from staffing.queries.equipment import kept_by, out_in
from staffing.queries.exports import export_of
from staffing.rules.equipment import Count, Thing, asked_for, refusals, runs_low, taken_from_stock
from staffing.states import SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

HERE = SignUpStatus.CHECKED_IN


class TestRules:
    def test_a_post_asks_for_what_is_for_everybody_for_risky_roles_and_for_its_role(self):
        vest = Thing(1, 1, True, False, frozenset())
        suit = Thing(2, 1, False, True, frozenset())
        radio = Thing(3, 1, False, False, frozenset({7}))

        def found(role, risky):
            return [thing.id for thing in asked_for([vest, suit, radio], role, risky=risky)]

        assert found(7, False) == [1, 3]
        assert found(8, True) == [1, 2]
        assert found(8, False) == [1]

    def test_more_goes_only_to_who_is_there_and_no_more_comes_back_than_went_out(self):
        def codes(status, before, after):
            return [refusal.code for refusal in refusals(status, before, after)]

        assert codes(HERE, Count(), Count(1)) == []
        assert codes(SignUpStatus.CONFIRMED, Count(), Count(1, 2)) == ["not_checked_in", "more_than_handed_out"]
        assert codes(SignUpStatus.COMPLETED, Count(2), Count(2, 1, 1)) == []
        assert codes(SignUpStatus.COMPLETED, Count(2), Count(1)) == []

    def test_a_stock_is_low_once_when_it_comes_down_to_the_mark(self):
        assert [runs_low(*numbers) for numbers in [(6, 5, 5), (5, 4, 5), (6, 4, 5), (5, 6, 5), (9, 0, None)]] == [
            True, False, True, False, False,
        ]  # fmt: skip

    @given(some.lists(some.tuples(*[some.integers(0, 9)] * 4)))
    def test_the_stock_lacks_what_is_not_back_in_order_however_it_went_to_and_fro(self, steps):
        counts = [Count(), *(Count(*step) for step in steps)]

        taken = sum(taken_from_stock(one, two) for one, two in zip(counts, counts[1:], strict=False))

        assert taken == counts[-1].number - counts[-1].good


pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return places.area()


def thing(area, name="红马甲", stock=None, **fields):
    made = equipment.keep(area.pk, Kind(name, **{"everybody": True} | fields), by=places.user(), now=NIGHT)
    return equipment.count(made.pk, stock, by=places.user(), now=NIGHT)


def here(area, number=1, **role):
    """People who are checked in at one point of the area."""
    call = make.call(area)
    post = make.post(make.shift(places.site(area), call), number, role=make.role(**role) if role else None)
    found = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for _person in range(number)]
    return [attendance.check_in(seat.pk, by=places.user(), now=DAWN) for seat in found]


def usual(seat):
    return equipment.hand_out_usual(seat.pk, by=places.user(), now=DAWN)


def back(seat):
    return equipment.take_back(seat.pk, by=places.user(), now=DAWN)


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, by=places.user(), now=DAWN, **kwargs)
    return [reason.code for reason in caught.value.reasons]


def stock(found):
    found.refresh_from_db()
    return found.stock


class TestActions:
    def test_one_tap_gives_what_the_post_asks_for_and_a_second_tap_gives_nothing_more(self, area):
        vest, suit, radio = thing(area, stock=5), thing(area, "防护服", stock=5, everybody=False, risky=True), thing(area, "对讲机", everybody=False)  # fmt: skip
        (seat,) = here(area, slug="sampler", risky=False)
        (risky,) = here(area, slug="nurse", risky=True)

        usual(seat), usual(seat), usual(risky)

        found = list(EquipmentIssue.objects.order_by("pk").values_list("sign_up", "thing", "number"))
        assert found == [(seat.pk, vest.pk, 1), (risky.pk, vest.pk, 1), (risky.pk, suit.pk, 1)]
        assert (stock(vest), stock(suit), stock(radio)) == (3, 4, None)

    def test_what_an_area_above_keeps_is_handed_out_below_and_what_a_neighbour_keeps_is_not(self):
        district = places.area("district")
        area = places.area(parent=district)
        vest, other = thing(district), thing(places.area(), "别处的")
        (seat,) = here(area)

        assert [issue.thing for issue in usual(seat).given] == [vest]
        with pytest.raises(Invalid):
            equipment.hand_out(seat.pk, {other.pk: 1}, by=places.user(), now=DAWN)

    def test_who_is_not_there_is_handed_nothing(self, area):
        vest = thing(area, stock=5)
        (seat,) = here(area)
        SignUp.objects.update(status="confirmed")

        assert code(equipment.hand_out, seat.pk, {vest.pk: 1}) == ["not_checked_in"]
        assert stock(vest) == 5

    def test_an_empty_stock_gives_nothing_and_a_tap_says_what_is_short(self, area):
        vest, mask = thing(area, stock=1), thing(area, "口罩", stock=5, comes_back=False, each=2)
        one, two = here(area, 2)

        usual(one)
        handed = usual(two)

        assert ([issue.thing for issue in handed.given], handed.short) == ([mask], [vest])
        assert code(equipment.hand_out, two.pk, {mask.pk: 4, vest.pk: 1}) == ["not_enough_in_stock"]
        assert (stock(vest), stock(mask)) == (0, 1)

    def test_what_comes_back_in_order_is_in_stock_again_and_what_is_broken_or_lost_is_not(self, area):
        vest = thing(area, stock=5)
        (seat,) = here(area)
        (issue,) = equipment.hand_out(seat.pk, {vest.pk: 3}, by=places.user(), now=DAWN)

        for _again in range(2):
            equipment.settle(issue.pk, good=1, damaged=1, by=places.user(), now=DAWN)
        assert (stock(vest), EquipmentIssue.objects.get().out) == (3, 1)
        assert code(equipment.settle, issue.pk, good=4) == ["more_than_handed_out"]
        equipment.lose(issue.pk, by=places.user(), now=DAWN)

        assert (stock(vest), EquipmentIssue.objects.out().count()) == (3, 0)
        assert back(seat) == []

    def test_things_that_are_used_up_are_not_expected_back(self, area):
        thing(area, "口罩", stock=5, comes_back=False)
        (seat,) = here(area)
        usual(seat)

        assert not EquipmentIssue.objects.out().exists()
        assert back(seat) == []

    def test_after_check_out_things_come_back_and_nothing_more_goes_out(self, area):
        vest = thing(area)
        (seat,) = here(area)
        usual(seat)
        attendance.check_out(seat.pk, by=places.user(), now=DAWN + make.BLOCK)

        assert code(equipment.hand_out, seat.pk, {vest.pk: 2}) == ["not_checked_in"]
        assert [issue.good for issue in back(seat)] == [1]

    def test_the_database_gives_no_more_than_there_is(self, area):
        vest = thing(area, stock=1)
        (seat,) = here(area)
        usual(seat)
        for wrong in ({"stock": -1}, {"each": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Equipment.objects.filter(pk=vest.pk).update(**wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            EquipmentIssue.objects.update(good=2)

    def test_a_low_stock_is_told_once_until_somebody_counts_it(self, area):
        lead = places.grant(area=area, starts_at=NIGHT).user
        vest = thing(area, stock=3, low=2)
        one, two, three = here(area, 3)

        usual(one), usual(two), back(two), usual(three)
        assert [(note.kind, note.reader) for note in Message.objects.filter(kind="stock_low")] == [("stock_low", lead)]
        equipment.count(vest.pk, 3, by=lead, now=DAWN)
        usual(two), back(two), equipment.hand_out(two.pk, {vest.pk: 2}, by=lead, now=DAWN)

        assert Message.objects.filter(kind="stock_low").count() == 2
        note = Claimed(1, "stock_low", "k", vest.pk, lead.pk, None, {}, "", 1, None)
        assert "红马甲" in KINDS["stock_low"].subject(KINDS["stock_low"].contexts([note], DAWN)[1])
        equipment.count(vest.pk, 50, by=lead, now=DAWN)
        assert KINDS["stock_low"].contexts([note], DAWN) == {}

    def test_two_things_of_one_name_are_refused_and_a_wrong_number_is_said_at_its_field(self, area):
        thing(area)
        assert code(equipment.keep, area.pk, Kind("红马甲")) == ["name_taken"]
        with pytest.raises(Invalid) as caught:
            equipment.keep(area.pk, Kind(" ", each=0, low=-1), by=places.user(), now=NIGHT)
        assert sorted(caught.value.fields) == ["each", "low", "name"]

    def test_every_count_by_hand_and_every_hand_out_is_in_the_history(self, area):
        vest = thing(area, stock=5)
        (seat,) = here(area)
        (issue,) = usual(seat).given
        back(seat)

        assert list(vest.events.order_by("pgh_id").values_list("stock", flat=True)) == [None, 5]
        assert list(issue.events.order_by("pgh_id").values_list("number", "good")) == [(1, 0), (1, 1)]


class TestWhatIsKnownOfIt:
    def test_what_is_out_stands_in_the_list_with_a_constant_number_of_queries(self, area, queries_of):
        thing(area)

        def read():
            return [(row.sign_up.volunteer.name, row.thing.name, row.out) for row in out_in(area)], list(kept_by(area))

        usual(here(area)[0])
        one = queries_of(read)
        for seat in here(area, 29):
            usual(seat)
        rows, (kept,) = read()

        assert queries_of(read) == one
        assert (len(rows), kept.out) == (30, 30)

    def test_the_name_goes_the_counts_stay_and_the_copy_of_ones_data_says_what_one_had(self, area):
        thing(area)
        (seat,) = here(area)
        usual(seat)
        user = seat.volunteer.user
        scope = Scope(area.path, NIGHT - timedelta(days=1), DAWN + timedelta(days=1))
        assert export_of(user, NIGHT)["equipment"][0]["number"] == 1
        assert unsettled(scope, DAWN + timedelta(days=2)).equipment == 1
        back(seat)
        before = totals(scope)
        attendance.check_out(seat.pk, by=places.user(), now=DAWN + make.BLOCK)

        erasing.erase(user.pk, now=DAWN + timedelta(days=2))

        assert totals(scope)["equipment"] == before["equipment"] == {"number": 1, "good": 1, "damaged": 0, "lost": 0}
        assert unsettled(scope, DAWN + timedelta(days=2)).equipment == 0
