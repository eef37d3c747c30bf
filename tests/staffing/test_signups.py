"""Signing up, the waitlist, offers, and what a lead decides: each legal step, and the illegal ones that change nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from communities.errors import Gone, Refused
from communities.models import Message
from communities.states import ZoneLevel
from staffing.actions import attendance, decisions, offers, pledges, shifts, signups
from staffing.actions.signups import Entry
from staffing.models import Post, SignUp
from staffing.rules.transitions import SIGN_UP
from staffing.states import ALIVE, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT

pytestmark = pytest.mark.django_db
MORNING = DAWN - timedelta(minutes=20)


@pytest.fixture
def lead():
    return places.user()


@pytest.fixture(autouse=True)
def counters_agree():
    """After every test the counters on the post say what the sign-ups say."""
    yield
    for post in Post.objects.all():
        assert post.taken == SignUp.objects.filter(post=post).filling_seat().count()
        assert post.waiting == SignUp.objects.filter(post=post).waiting().count()


def sign_up(post, person=None, **how):
    return signups.sign_up(post.pk, (person or make.volunteer()).pk, now=NIGHT, **how)


def kinds(signup):
    return sorted(Message.objects.filter(target=signup.pk).exclude(status="cancelled").values_list("kind", flat=True))


def refused(code, action, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        action(*args, **kwargs)
    assert caught.value.code == code


def test_a_sign_up_takes_a_seat_and_tells_the_person():
    signup = sign_up(make.post(seats=2))
    signup.refresh_from_db()
    assert (signup.status, signup.seat_no, signup.position, signup.period.lower) == ("confirmed", 1, None, DAWN)
    assert kinds(signup) == ["confirmed"]


def test_a_post_without_auto_confirm_waits_for_the_lead(lead):
    signup = sign_up(make.post(auto_confirm=False))
    assert signup.status == "signed_up"
    assert decisions.confirm(signup.pk, by=lead, now=NIGHT).status == "confirmed"
    assert kinds(signup) == ["confirmed", "signed_up"]


def test_asking_twice_gives_the_same_place_and_no_second_message():
    post, person = make.post(seats=2), make.volunteer()
    first, second = sign_up(post, person), sign_up(post, person)
    assert first.pk == second.pk
    assert Message.objects.count() == 1


def test_the_line_is_kept_in_order_and_newcomers_stand_behind_it():
    post = make.post(seats=1)
    holder = sign_up(post)
    line = [sign_up(post) for _place in range(3)]
    assert [place.position for place in line] == [1, 2, 3]
    signups.withdraw(holder.pk, now=NIGHT)
    late = sign_up(post)
    assert (late.status, late.position) == ("waitlisted", 4)
    line[0].refresh_from_db()
    assert (line[0].status, line[0].seat_no, line[0].respond_by) == ("invited", 1, NIGHT + timedelta(hours=2))
    assert kinds(line[0]) == ["offered", "waitlisted"]


def test_an_accepted_offer_is_a_confirmed_seat_and_a_declined_one_goes_to_the_next():
    post = make.post(seats=1)
    holder, first, second = sign_up(post), sign_up(post), sign_up(post)
    signups.withdraw(holder.pk, now=NIGHT)
    assert offers.decline(first.pk, now=NIGHT).status == "declined"
    assert offers.accept(second.pk, now=NIGHT).status == "confirmed"
    assert offers.accept(second.pk, now=NIGHT).status == "confirmed"


def test_an_unanswered_offer_expires_and_passes_on():
    post = make.post(seats=1)
    holder, first, second = sign_up(post), sign_up(post), sign_up(post)
    signups.withdraw(holder.pk, now=NIGHT)
    assert offers.expire(first.pk, now=NIGHT + timedelta(minutes=119)) is None
    assert offers.expire(first.pk, now=NIGHT + timedelta(hours=2)).status == "expired"
    second.refresh_from_db()
    assert (second.status, second.respond_by) == ("invited", NIGHT + timedelta(hours=4))


def test_accepting_after_the_deadline_is_gone_and_changes_nothing():
    post = make.post(seats=1)
    holder, heir = sign_up(post), sign_up(post)
    signups.withdraw(holder.pk, now=NIGHT)
    with pytest.raises(Gone) as caught:
        offers.accept(heir.pk, now=NIGHT + timedelta(hours=2))
    assert caught.value.code == "expired"
    heir.refresh_from_db()
    assert heir.status == "invited"


def test_an_urgent_call_waits_a_quarter_of_an_hour_for_an_answer():
    post = make.post(make.shift(call_up=make.call(urgent=True)), seats=1)
    holder, heir = sign_up(post), sign_up(post)
    signups.withdraw(holder.pk, now=NIGHT)
    heir.refresh_from_db()
    assert heir.respond_by == NIGHT + timedelta(minutes=15)


def test_who_is_no_longer_eligible_is_passed_over_and_told():
    post = make.post(seats=1)
    holder, busy, free = sign_up(post), sign_up(post), sign_up(post)
    sign_up(make.post(), busy.volunteer)
    signups.withdraw(holder.pk, now=NIGHT)
    busy.refresh_from_db()
    free.refresh_from_db()
    assert (busy.status, busy.reason, free.status) == ("cancelled", "overlap", "invited")
    assert "passed_over" in kinds(busy)


def test_an_offer_holds_the_seat_but_not_the_time():
    post = make.post(seats=1)
    holder, heir = sign_up(post), sign_up(post)
    signups.withdraw(holder.pk, now=NIGHT)
    other = sign_up(make.post(), heir.volunteer)
    assert other.status == "confirmed"
    refused("overlap", offers.accept, heir.pk, now=NIGHT)


def test_nobody_is_in_two_places():
    person = make.volunteer()
    sign_up(make.post(), person)
    refused("overlap", sign_up, make.post(), person)
    assert sign_up(make.post(make.shift(start=DAWN + timedelta(days=1))), person).status == "confirmed"


def test_leaving_late_is_noted_and_no_more():
    early, late = sign_up(make.post()), sign_up(make.post())
    assert signups.withdraw(early.pk, now=NIGHT).late is False
    assert signups.withdraw(late.pk, now=DAWN - timedelta(minutes=119)).late is True
    refused("already_started", signups.withdraw, sign_up(make.post()).pk, now=DAWN)


def test_several_people_sign_up_together_or_not_at_all():
    post = make.post(seats=2)
    couple = [make.volunteer().pk, make.volunteer().pk]
    pair = signups.sign_up_together(post.pk, couple, now=NIGHT)
    assert ([signup.status for signup in pair], pair[0].party == pair[1].party, type(pair[0].party)) == (
        ["confirmed"] * 2,
        True,
        UUID,
    )
    child = make.volunteer(is_adult=False)
    refused("minor", signups.sign_up_together, post.pk, [make.volunteer().pk, child.pk], now=NIGHT)
    assert SignUp.objects.count() == 2


def test_placed_where_needed_goes_to_the_emptiest_reachable_post_and_then_waits_honestly():
    call = make.call()
    home, other = places.compound(call.community), places.compound(call.community)
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - timedelta(days=1), compound=home)
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - timedelta(days=1), compound=other)
    far = make.post(make.shift(places.site(compound=other), call), seats=9)
    near = [make.post(make.shift(places.site(compound=home), call), seats=seats) for seats in (1, 2)]
    found = [signups.place_in_call(call.pk, make.volunteer(home).pk, now=NIGHT) for _person in range(4)]
    assert [signup.post_id for signup in found] == [near[1].pk, near[0].pk, near[1].pk, near[0].pk]
    assert [signup.status for signup in found] == ["signed_up"] * 3 + ["waitlisted"]
    far.refresh_from_db()
    assert far.taken == 0


def test_placing_nobody_where_nothing_fits_gives_the_reason():
    call = make.call()
    make.post(make.shift(call_up=call), seats=1, role=make.role("disinfection"))
    refused("minor", signups.place_in_call, call.pk, make.volunteer(is_adult=False).pk, now=NIGHT)
    refused("no_open_post", signups.place_in_call, make.call().pk, make.volunteer().pk, now=NIGHT)


def test_a_lead_turns_down_for_a_listed_reason_only(lead):
    signup = sign_up(make.post(auto_confirm=False))
    refused("reason_not_allowed", decisions.turn_down, signup.pk, by=lead, now=NIGHT, reason="religion")
    assert decisions.turn_down(signup.pk, by=lead, now=NIGHT, reason="enough_people").status == "declined"


def test_a_volunteer_is_asked_and_staff_are_moved(lead):
    here, there = make.post(seats=1), make.post(seats=2)
    neighbour = sign_up(here)
    asked = decisions.move(neighbour.pk, there.pk, by=lead, now=NIGHT)
    neighbour.refresh_from_db()
    assert (asked.status, neighbour.status) == ("invited", "confirmed")
    assert offers.accept(asked.pk, now=NIGHT).status == "confirmed"
    neighbour.refresh_from_db()
    assert (neighbour.status, neighbour.reason) == ("cancelled", "moved")
    clerk = sign_up(here, make.volunteer(kind="community_staff"))
    assert decisions.move(clerk.pk, there.pk, by=lead, now=NIGHT).status == "confirmed"
    refused("volunteers_are_asked", decisions.assign, here.pk, make.volunteer().pk, by=lead, now=NIGHT)
    elsewhere = make.seconded(places.area())
    refused("not_lent_here", decisions.assign, here.pk, elsewhere.pk, by=lead, now=NIGHT)


def test_rest_is_overridden_only_with_a_reason_that_stays(lead):
    post = make.post()
    person = make.seconded(post.shift.site.area)
    sign_up(make.post(make.shift(start=DAWN - timedelta(hours=8))), person)
    refused("too_little_rest", sign_up, post, person)
    signup = decisions.assign(
        post.pk, person.pk, by=lead, now=NIGHT - timedelta(days=1), override_reason="人手不够，本人同意"
    )
    assert (signup.override_reason, signup.override_by_id) == ("人手不够，本人同意", lead.pk)


def test_check_in_from_an_hour_before_until_the_end_and_once(lead):
    signup = sign_up(make.post())
    refused("too_early", attendance.check_in, signup.pk, by=lead, now=DAWN - timedelta(minutes=61))
    refused("not_fit", attendance.check_in, signup.pk, by=lead, now=MORNING, fit=False)
    first = attendance.check_in(signup.pk, by=lead, now=MORNING)
    again = attendance.check_in(signup.pk, by=lead, now=MORNING + timedelta(minutes=5))
    assert (first.status, again.checked_in_at) == ("checked_in", MORNING)


def test_check_out_writes_the_minutes_and_too_many_need_a_second_person(lead):
    signup = sign_up(make.post())
    refused("invalid_transition", attendance.check_out, signup.pk, by=lead, now=MORNING)
    attendance.check_in(signup.pk, by=lead, now=DAWN)
    refused("too_long", attendance.check_out, signup.pk, by=lead, now=DAWN + timedelta(hours=25))
    refused("too_long", attendance.check_out, signup.pk, by=lead, approver=lead, now=DAWN + timedelta(hours=25))
    attendance.check_out(signup.pk, by=lead, now=DAWN + BLOCK)
    assert signup.volunteer.records.get().minutes == 195


def test_a_mistaken_check_in_is_undone_within_ten_minutes(lead):
    signup = sign_up(make.post())
    attendance.check_in(signup.pk, by=lead, now=MORNING)
    assert attendance.undo_check_in(signup.pk, by=lead, now=MORNING + timedelta(minutes=10)).status == "confirmed"
    attendance.check_in(signup.pk, by=lead, now=MORNING)
    refused("invalid_transition", attendance.undo_check_in, signup.pk, by=lead, now=MORNING + timedelta(minutes=11))


def test_a_no_show_frees_the_seat_and_can_be_corrected_by_two(lead):
    post = make.post(seats=1)
    signup, heir = sign_up(post), sign_up(post)
    refused("too_early", attendance.mark_no_show, signup.pk, by=lead, now=DAWN + timedelta(minutes=14))
    attendance.mark_no_show(signup.pk, by=lead, now=DAWN + timedelta(minutes=15))
    heir.refresh_from_db()
    assert heir.status == "invited"
    with pytest.raises(Refused, match="same_person"):
        attendance.correct(
            signup.pk, by=lead, approver=lead, started_at=DAWN, ended_at=DAWN + BLOCK, now=DAWN + timedelta(days=1)
        )
    other = places.user()
    attendance.correct(
        signup.pk, by=lead, approver=other, started_at=DAWN, ended_at=DAWN + BLOCK, now=DAWN + timedelta(days=1)
    )
    assert signup.volunteer.records.get().confirmed_by == other


def test_a_walk_in_is_in_at_once_or_told_that_it_is_full(lead):
    post = make.post(seats=1)
    signup = attendance.walk_in(post.pk, make.volunteer().pk, by=lead, now=MORNING)
    assert (signup.status, signup.channel, signup.entered_by) == ("checked_in", "walk_in", lead)
    refused("full", attendance.walk_in, post.pk, make.volunteer().pk, by=lead, now=MORNING)
    assert SignUp.objects.count() == 1


def test_promised_seats_are_kept_named_and_given_back_when_due(lead):
    post, office = make.post(seats=3), places.organisation()
    pledge = pledges.promise(post.pk, office.pk, 2, NIGHT + timedelta(minutes=90), by=lead, now=NIGHT)
    assert sign_up(post).status == "confirmed"
    waiting = sign_up(post)
    assert waiting.status == "waitlisted"
    named = pledges.name(pledge.pk, make.volunteer(kind="seconded").pk, by=lead, now=NIGHT)
    assert (named.status, named.pledge_id) == ("confirmed", pledge.pk)
    assert pledges.lapse(NIGHT + timedelta(minutes=89)) == 0
    assert pledges.lapse(NIGHT + timedelta(minutes=90)) == 1
    waiting.refresh_from_db()
    post.refresh_from_db()
    assert (waiting.status, post.pledged, post.taken) == ("invited", 0, 3)


def test_more_is_not_promised_than_is_free(lead):
    post = make.post(seats=2)
    sign_up(post)
    refused("not_enough_room", pledges.promise, post.pk, places.organisation().pk, 2, NIGHT + BLOCK, by=lead, now=NIGHT)


def test_seats_below_the_filled_are_refused_with_the_names(lead):
    post = make.post(seats=3)
    names = [sign_up(post).volunteer.name for _seat in range(2)]
    with pytest.raises(Refused) as caught:
        shifts.set_seats(post.pk, 1, by=lead, now=NIGHT)
    assert (caught.value.code, caught.value.reasons[0].facts) == (
        "seats_below_filled",
        {"filled": 2, "people": "、".join(names)},
    )
    assert shifts.set_seats(post.pk, 2, by=lead, now=NIGHT).seats == 2


def test_more_seats_go_to_the_line_first(lead):
    post = make.post(seats=1)
    sign_up(post)
    line = [sign_up(post) for _place in range(2)]
    post = shifts.set_seats(post.pk, 4, by=lead, now=NIGHT)
    assert [SignUp.objects.get(pk=place.pk).status for place in line] == ["invited"] * 2
    assert (post.taken, post.waiting, post.room) == (3, 0, 1)


def in_state(status, lead):
    """A sign-up brought into the state by the steps that lead there."""
    post = make.post(seats=1, auto_confirm=status != "signed_up")
    if status in {"waitlisted", "invited", "declined", "expired"}:
        holder, signup = sign_up(post), sign_up(post)
        if status != "waitlisted":
            signups.withdraw(holder.pk, now=NIGHT)
        if status == "declined":
            offers.decline(signup.pk, now=NIGHT)
        if status == "expired":
            offers.expire(signup.pk, now=NIGHT + timedelta(hours=2))
    else:
        signup = sign_up(post)
    if status == "cancelled":
        signups.withdraw(signup.pk, now=NIGHT)
    if status in {"checked_in", "completed"}:
        attendance.check_in(signup.pk, by=lead, now=MORNING)
    if status == "completed":
        attendance.check_out(signup.pk, by=lead, now=DAWN + BLOCK)
    if status == "no_show":
        attendance.mark_no_show(signup.pk, by=lead, now=DAWN + BLOCK)
    signup.refresh_from_db()
    assert signup.status == status
    return signup


STEPS = {
    "confirm": (lambda s, lead: decisions.confirm(s, by=lead, now=NIGHT), "confirmed", {"signed_up"}),
    "turn_down": (
        lambda s, lead: decisions.turn_down(s, by=lead, now=NIGHT, reason="enough_people"),
        "declined",
        {"signed_up"},
    ),
    "accept": (lambda s, lead: offers.accept(s, now=NIGHT), "confirmed", {"invited"}),
    "decline": (lambda s, lead: offers.decline(s, now=NIGHT), "declined", {"invited"}),
    "withdraw": (
        lambda s, lead: signups.withdraw(s, now=NIGHT),
        "cancelled",
        {"signed_up", "confirmed", "waitlisted", "invited"},
    ),
    "cancel": (
        lambda s, lead: decisions.cancel(s, by=lead, now=NIGHT, reason="x"),
        "cancelled",
        {"signed_up", "confirmed", "waitlisted", "invited"},
    ),
    "check_in": (lambda s, lead: attendance.check_in(s, by=lead, now=MORNING), "checked_in", {"confirmed"}),
    "check_out": (lambda s, lead: attendance.check_out(s, by=lead, now=DAWN + BLOCK), "completed", {"checked_in"}),
    "no_show": (lambda s, lead: attendance.mark_no_show(s, by=lead, now=DAWN + BLOCK), "no_show", {"confirmed"}),
}


@pytest.mark.parametrize("status", list(SignUpStatus))
@pytest.mark.parametrize("step", list(STEPS))
def test_each_step_is_taken_from_where_it_may_be_and_refused_elsewhere(step, status, lead):
    action, target, allowed = STEPS[step]
    signup = in_state(status, lead)
    before = SignUp.objects.filter(pk=signup.pk).values().get()
    if status in allowed or status == target:
        assert action(signup.pk, lead).status == target
    else:
        with pytest.raises((Refused, Gone)):
            action(signup.pk, lead)
        assert SignUp.objects.filter(pk=signup.pk).values().get() == before


def test_the_table_of_steps_ends_where_nothing_may_follow():
    terminal = {status for status, following in SIGN_UP.items() if not following}
    assert terminal == set(SignUpStatus) - ALIVE - {SignUpStatus.NO_SHOW}


def test_entering_somebody_on_their_behalf_keeps_who_did_it(lead):
    signup = sign_up(make.post(), entry=Entry(channel="desk", by=lead, on_behalf=True))
    signup.refresh_from_db()
    assert (signup.entered_by, signup.channel) == (lead, "desk")
