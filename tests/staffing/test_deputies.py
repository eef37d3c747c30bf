"""A deputy for every lead seat: named and told, with the lead's rights on that shift, in charge once the lead cannot come."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from communities.errors import Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from staffing.access import attendance_of, boards_of
from staffing.actions import attendance, decisions, deputies, erasing, rounds, shifts, signups, swaps
from staffing.models import Shift
from staffing.queries.rights import leaders
from staffing.queries.shifts import shift_facts
from staffing.rules.deputies import Charge, without
from staffing.rules.shifts import warnings
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Volunteer


@pytest.mark.parametrize(
    ("before", "gone", "seat", "after"),
    [
        (Charge(1, 2), 1, False, Charge(2)),
        (Charge(1, 2), 2, False, Charge(1)),
        (Charge(1, 2), 3, True, Charge(1, 2)),
        (Charge(1), 1, False, Charge()),
        (Charge(None, 2), 3, False, Charge(None, 2)),
        (Charge(None, 2), 3, True, Charge(2)),
        (Charge(None, 2), 2, True, Charge()),
    ],
)
def test_who_stands_in_leads_once_the_lead_is_not_coming(before, gone, seat, after):
    assert without(before, gone, led_by_seat=seat) == after


pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    """The leader and one more person have seats; the contact of the call is its lead."""
    area = places.area()
    call = make.call(area, contact=places.lead(area))
    made = make.shift(places.site(area), call)
    post = make.post(made, 4)
    leader = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    Shift.objects.filter(pk=made.pk).update(leader=leader.volunteer.user)
    Message.objects.all().delete()
    return Shift.objects.get(pk=made.pk)


def head(shift):
    return shift.sign_ups.order_by("pk")[0]


def other(shift):
    return shift.sign_ups.order_by("pk")[1]


def told():
    return {
        (one.kind, one.reader_id) for one in Message.objects.filter(kind__in=["stands_in", "in_charge", "lead_gone"])
    }


def charge(shift):
    shift.refresh_from_db()
    return shift.leader_id, shift.deputy_id


def named(shift):
    """The second person stands in."""
    return deputies.name(shift.pk, other(shift).volunteer.user_id, by=places.user(), now=NIGHT)


def test_the_warning_goes_when_a_deputy_is_named_and_the_deputy_is_told_once(shift):
    assert [one.code for one in warnings(shift_facts(shift))] == ["no_deputy"]

    deputy = named(shift).deputy_id
    named(shift)

    shift.refresh_from_db()
    assert warnings(shift_facts(shift)) == []
    assert [(one.kind, one.reader_id) for one in Message.objects.all()] == [("stands_in", deputy)]


def test_nobody_stands_in_for_themselves(shift):
    with pytest.raises(Invalid) as caught:
        deputies.name(shift.pk, shift.leader_id, by=places.user(), now=NIGHT)

    assert list(caught.value.fields) == ["deputy"]


def test_on_a_draft_the_deputy_is_told_when_it_is_published(shift):
    Shift.objects.update(status="draft")
    deputy = named(shift).deputy_id
    assert told() == set()

    shifts.publish(shift.pk, by=places.user(), now=NIGHT)

    assert told() == {("stands_in", deputy)}


def test_the_deputy_has_the_board_of_that_shift_and_no_other(shift):
    named(shift)
    user = other(shift).volunteer.user
    make.post(make.shift(shift.site, shift.call_up, start=DAWN + timedelta(hours=4)))

    assert list(boards_of(user, now=DAWN)) == [shift]
    assert attendance_of(user, now=DAWN).count() == 2
    assert not boards_of(user, now=DAWN - timedelta(hours=3)).exists()


def ends():
    """Every way in which somebody loses a seat that is theirs."""
    lead = places.user

    def swapped(seat):
        swaps.agree(swaps.propose(seat.pk, now=NIGHT).key, make.volunteer().pk, now=NIGHT)

    return [
        lambda seat: signups.withdraw(seat.pk, now=NIGHT),
        lambda seat: decisions.cancel(seat.pk, by=lead(), now=NIGHT, reason="unreachable"),
        lambda seat: attendance.mark_no_show(seat.pk, by=lead(), now=DAWN + timedelta(minutes=16)),
        swapped,
    ]


@pytest.mark.parametrize("way", range(4))
def test_once_the_lead_is_not_coming_the_deputy_is_in_charge_and_the_desk_is_told(shift, way):
    deputy = named(shift).deputy_id

    ends()[way](head(shift))

    assert charge(shift) == (deputy, None)
    assert told() == {("stands_in", deputy), ("in_charge", deputy), ("lead_gone", shift.call_up.contact_id)}


def test_without_a_deputy_nobody_leads_any_more_and_the_desk_is_told(shift):
    signups.withdraw(head(shift).pk, now=NIGHT)

    assert charge(shift) == (None, None)
    assert told() == {("lead_gone", shift.call_up.contact_id)}


def test_a_deputy_who_is_not_coming_stands_in_no_more(shift):
    named(shift)

    signups.withdraw(other(shift).pk, now=NIGHT)

    assert charge(shift) == (head(shift).volunteer.user_id, None)
    assert ("lead_gone", shift.call_up.contact_id) in told()


def test_who_is_moved_to_another_post_of_the_shift_still_leads_it(shift):
    named(shift)
    Volunteer.objects.filter(pk=head(shift).volunteer_id).update(kind="community_staff")
    second = make.post(shift, 1, role=make.role("guide"))

    decisions.move(head(shift).pk, second.pk, by=places.user(), now=NIGHT)

    assert charge(shift) == (head(shift).volunteer.user_id, other(shift).volunteer.user_id)


def test_a_lead_seat_given_up_is_led_by_who_stands_in(shift):
    Shift.objects.update(leader=None)
    deputy = named(shift).deputy_id
    seat = make.post(shift, 1, role=make.role("chief", leads=True))
    chief = signups.sign_up(seat.pk, make.volunteer().pk, now=NIGHT)

    signups.withdraw(chief.pk, now=NIGHT)

    assert charge(shift) == (deputy, None)


def test_the_lead_hands_over_with_one_word_and_not_twice(shift):
    deputy = named(shift).deputy_id

    deputies.step_up(shift.pk, by=places.user(), now=NIGHT)

    assert charge(shift) == (deputy, None)
    with pytest.raises(Refused, match="nobody_stands_in"):
        deputies.step_up(shift.pk, by=places.user(), now=NIGHT)


def test_who_is_forgotten_leads_nobody(shift):
    deputy = named(shift).deputy_id
    Shift.objects.update(leader=(gone := places.user()))

    erasing.erase(gone.pk, now=NIGHT)

    assert charge(shift) == (deputy, None)


def test_who_could_see_names_says_that_the_deputy_could(shift):
    now = timezone.now()
    user, lead = places.user(), places.user()
    later = make.shift(shift.site, start=now + timedelta(hours=1), leader=lead, deputy=user)

    found = {(one.user.pk, one.shift.pk) for one in leaders(shift.site.area, now, now + timedelta(hours=2))}

    assert found == {(user.pk, later.pk), (lead.pk, later.pk)}


def message(kind, shift, reader, **facts):
    return Claimed(1, kind, "k", shift.pk, reader, None, facts, "", 1, None)


def test_the_words_name_place_time_and_people_in_both_languages(shift):
    deputy = named(shift).deputy
    read = KINDS["stands_in"].contexts([message("stands_in", shift, deputy.pk)], NIGHT)
    with override("zh-hans"):
        chinese = KINDS["stands_in"].subject(read[1])
    with override("en"):
        english = KINDS["stands_in"].subject(read[1])

    assert shift.leader.name in chinese
    assert shift.site.name in chinese
    assert f"you stand in for {shift.leader.name} at" in english
    assert KINDS["stands_in"].contexts([message("stands_in", shift, shift.leader_id)], NIGHT) == {}


def test_the_roster_the_brief_and_the_board_say_who_stands_in(shift):
    named(shift)
    lead, user = places.client(shift.call_up.contact), other(shift).volunteer.user

    for page in ("roster", "shift_brief"):
        assert user.name in lead.get(reverse(page, args=[shift.pk])).content.decode()
    with time_machine.travel(DAWN, tick=False):
        page = places.client(user, proved=False).get(reverse("board", args=[shift.pk])).content.decode()
    assert user.name in page.split('id="charge"')[1].split("</section>")[0]


def test_on_the_board_the_lead_names_somebody_and_hands_over(shift):
    user = other(shift).volunteer.user
    with time_machine.travel(DAWN, tick=False):
        browser = places.client(shift.leader, proved=False)
        address = reverse("board_deputy", args=[shift.pk])
        assert browser.post(address, {"deputy": places.user().pk}).status_code == 400
        assert browser.post(address, {"deputy": user.pk}).status_code == 303
        assert charge(shift) == (shift.leader_id, user.pk)
        assert browser.post(reverse("board_step_up", args=[shift.pk])).status_code == 303
    assert charge(shift) == (user.pk, None)


def test_over_the_api_the_deputy_is_a_volunteer_and_what_is_not_said_stays(shift):
    api = Api(shift.call_up.contact)
    person = make.volunteer(community=shift.site.area)

    assert api.post(f"shifts/{shift.pk}/brief/", {"deputy": person.pk}).status_code == 200
    assert api.post(f"shifts/{shift.pk}/brief/", {"briefing": "洗手"}).status_code == 200
    assert charge(shift) == (head(shift).volunteer.user_id, person.user_id)
    assert api.post(f"shifts/{shift.pk}/brief/", {"leader": person.pk}).status_code == 400
    assert api.post(f"shifts/{shift.pk}/step-up/").status_code == 200
    assert charge(shift) == (person.user_id, None)


def test_the_brief_keeps_both(shift):
    words = rounds.Brief(leader=shift.leader_id, deputy=(user := places.user()).pk)

    rounds.brief(shift.pk, words, by=places.user(), now=NIGHT)

    assert charge(shift) == (shift.leader_id, user.pk)
