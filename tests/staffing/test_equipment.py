"""Things handed out on a shift: by what the post asks for, never more than there is, taken back, and counted."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from communities.errors import Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from communities.states import RoleName
from staffing.actions import attendance, equipment, erasing, signups
from staffing.actions.equipment import Kind
from staffing.models import Equipment, EquipmentIssue, SignUp
from staffing.queries.closeouts import Scope, totals, unsettled
from staffing.queries.equipment import kept_by, out_in
from staffing.queries.exports import export_of
from staffing.rules.equipment import Count, Thing, asked_for, refusals, runs_low, taken_from_stock
from staffing.states import SignUpStatus
from tests.doors import Api
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

        taken = sum(taken_from_stock(one, two) for one, two in itertools.pairwise(counts))

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


@pytest.fixture
def point(area):
    """A shift that runs now, its lead, and somebody who is checked in."""
    lead, now = places.lead(area), timezone.now()
    call = make.call(area, starts_at=now, ends_at=now + make.BLOCK)
    shift = make.shift(places.site(area), call, start=now, leader=places.user())
    seat = signups.sign_up(make.post(shift, 2).pk, make.volunteer().pk, now=now - timedelta(minutes=5))
    attendance.check_in(seat.pk, by=lead, now=now)
    return shift, lead, seat


class TestPages:
    def test_on_the_board_one_tap_hands_out_and_another_takes_back(self, area, point):
        shift, _lead, seat = point
        vest = thing(area, stock=5)
        browser = places.client(shift.leader, proved=False)
        board = reverse("board", args=[shift.pk])
        give, back = (reverse("board_hand", args=[shift.pk, seat.pk, doing]) for doing in ("usual", "back"))
        assert give in browser.get(board).content.decode()

        assert browser.post(give).status_code == 303
        page = browser.get(board).content.decode()
        assert "红马甲 × 1" in page
        assert give not in page
        attendance.check_out(seat.pk, by=shift.leader, now=timezone.now())
        assert back in browser.get(board).content.decode()
        assert browser.post(back, {"back": reverse("board_equipment", args=[shift.pk])}).status_code == 303

        assert stock(vest) == 5
        assert back not in browser.get(board).content.decode()

    def test_the_live_part_of_the_board_is_new_after_a_hand_out(self, area, point):
        shift, _lead, seat = point
        thing(area)
        browser = places.client(shift.leader, proved=False)
        with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=False):
            first = browser.get(reverse("board_live", args=[shift.pk]))["ETag"]
            equipment.hand_out_usual(seat.pk, by=shift.leader, now=timezone.now())
            assert browser.get(reverse("board_live", args=[shift.pk]))["ETag"] != first

    def test_everybody_who_is_there_gets_theirs_at_once_and_what_is_short_is_said(self, area, point):
        shift, lead, _seat = point
        thing(area, stock=1)
        other = signups.sign_up(shift.posts.get().pk, make.volunteer().pk, now=shift.starts_at - timedelta(minutes=5))
        attendance.check_in(other.pk, by=lead, now=timezone.now())
        browser = places.client(shift.leader, proved=False)

        page = browser.post(reverse("board_hand_all", args=[shift.pk]), follow=True).content.decode()

        assert EquipmentIssue.objects.count() == 1
        assert "库存不足" in page

    def test_numbers_are_put_right_by_hand_and_what_cannot_be_is_said(self, area, point):
        shift, _lead, seat = point
        vest = thing(area, stock=3)
        browser = places.client(shift.leader, proved=False)
        address = reverse("board_things_of", args=[shift.pk, seat.pk])

        def say(**numbers):
            said = {"number": 0, "good": 0, "damaged": 0, "lost": 0} | numbers
            return browser.post(address, {f"{name}_{vest.pk}": value for name, value in said.items()})

        assert browser.get(address).status_code == 200
        assert say(number=2, damaged=1).status_code == 303
        assert (EquipmentIssue.objects.get().out, stock(vest)) == (1, 1)
        assert say(number=9, damaged=1).status_code == 400
        assert say(number=1, good=2).status_code == 400
        assert (EquipmentIssue.objects.get().out, stock(vest)) == (1, 1)

    def test_the_desk_lists_counts_finds_what_is_out_and_writes_it_off(self, area, point):
        _shift, lead, seat = point
        browser = places.client(lead)
        here = f"?area={area.pk}"
        said = {"name": "对讲机", "each": 1, "everybody": "on", "comes_back": "on", "stock": 9, "low": 2}
        assert browser.post(reverse("thing_new") + here, said).status_code == 303
        assert browser.post(reverse("thing_new") + here, said).status_code == 400
        found = Equipment.objects.get()
        (issue,) = usual(seat).given
        address = reverse("thing", args=[found.pk])
        assert browser.post(address, said | {"stock": 4, "name": "手台"}).status_code == 303
        assert (stock(found), found.name, found.counts) == (4, "手台", 2)

        page = browser.get(reverse("equipment") + here).content.decode()
        assert seat.volunteer.name in page
        sheet = browser.get(reverse("equipment_out") + here).content.decode("utf-8-sig")
        assert sheet.splitlines()[1].startswith(f"{seat.volunteer.name},")
        assert browser.post(reverse("issue_do", args=[issue.pk, "lost"])).status_code == 303
        assert seat.volunteer.name not in browser.get(reverse("equipment") + here).content.decode()
        assert browser.post(reverse("thing_do", args=[found.pk, "retire"])).status_code == 303
        assert usual(seat).given == []

    def test_who_sees_figures_but_no_names_reads_how_much_is_out_and_not_who_has_it(self, area, point):
        _shift, _lead, seat = point
        thing(area)
        usual(seat)
        auditor = places.client(places.lead(area, RoleName.AUDITOR))

        page = auditor.get(reverse("equipment") + f"?area={area.pk}").content.decode()

        assert "红马甲 × 1" in page
        assert seat.volunteer.name not in page
        assert auditor.get(reverse("equipment_out") + f"?area={area.pk}").status_code == 403

    def test_one_sees_among_ones_shifts_what_one_has_to_bring_back(self, area, point):
        _shift, _lead, seat = point
        thing(area)
        usual(seat)
        browser = places.client(seat.volunteer.user, proved=False)

        assert "红马甲 × 1" in browser.get(reverse("my_shifts")).content.decode()
        back(seat)
        assert "红马甲 × 1" not in browser.get(reverse("my_shifts")).content.decode()

    def test_the_report_counts_by_point_and_thing(self, area, point):
        shift, lead, seat = point
        thing(area), thing(area, "口罩", comes_back=False, each=2)
        usual(seat), back(seat)

        day = timezone.localdate(shift.starts_at)
        table = Api(lead).get(f"reports/{area.pk}/table/", report="equipment", first=day, last=day).json()

        numbers = ("thing", "handed", "used", "good", "damaged", "lost", "out")
        assert [tuple(row[name] for name in numbers) for row in table["rows"]] == [
            ("红马甲", 1, 0, 1, 0, 0, 0),
            ("口罩", 2, 2, 0, 0, 0, 0),
        ]


class TestApi:
    def test_listed_counted_handed_out_and_taken_back(self, area, point):
        _shift, lead, seat = point
        api = Api(lead)
        role = seat.post.role_id
        made = api.post("equipment/", {"area": area.pk, "name": "对讲机", "roles": [role], "stock": 1}).json()
        assert (made["roles"], made["stock"], made["everybody"]) == ([role], 1, False)
        assert api.post("equipment/", {"area": area.pk, "name": "对讲机"}).json()["code"] == "name_taken"

        handed = [api.post("equipment-issues/", {"sign_up": seat.pk}).json() for _again in range(2)]
        assert ([issue["number"] for issue in handed[0]["issues"]], handed[1]) == ([1], {"issues": [], "short": []})
        more = {"sign_up": seat.pk, "things": [{"thing": made["id"], "number": 2}]}
        assert api.post("equipment-issues/", more).json()["code"] == "not_enough_in_stock"
        issue = handed[0]["issues"][0]["id"]
        assert api.post(f"equipment-issues/{issue}/settle/", {"good": 1}).json()["good"] == 1
        assert api.post(f"equipment-issues/{issue}/settle/", {"lost": 2}).status_code == 409
        assert api.get(f"equipment/{made['id']}/").json()["stock"] == 1
        assert api.post(f"equipment/{made['id']}/retire/").json()["retired_at"]
        assert api.get("equipment-issues/", sign_up=seat.pk).json()["results"][0]["thing"] == made["id"]
        mine = Api(seat.volunteer.user).get("equipment-issues/").json()["results"]
        assert [row["id"] for row in mine] == [issue]
