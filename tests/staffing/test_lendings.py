"""Communities lend each other people: every step and guard, by the rules of every seat, and back again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from communities.errors import Forbidden, Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from communities.states import Level, RoleName, ZoneLevel
from staffing.actions import decisions, lendings, recalls, signups, terms
from staffing.actions.lendings import Plan
from staffing.models import Lending, LentPerson, Post, Secondment
from staffing.rules.lendings import LONGEST
from staffing.rules.periods import unfit
from staffing.rules.transitions import LENDING
from staffing.states import LendingEnd, LendingStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.models import Enrolment

pytestmark = pytest.mark.django_db
L, GIVER, TAKER = LendingStatus, LendingEnd.GIVER, LendingEnd.TAKER
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Cast:
    """A district above two communities with a lead each; somebody on duty and a volunteer with the one that gives."""

    def __init__(self):
        self.district = places.area(Level.DISTRICT)
        self.giver, self.taker = (places.area(parent=self.district) for _community in range(2))
        self.above = places.grant(RoleName.DISTRICT_LEAD, self.district, starts_at=NIGHT - DAY).user
        self.gives, self.takes = (
            places.grant(RoleName.COMMUNITY_LEAD, area, starts_at=NIGHT - DAY).user for area in (self.giver, self.taker)
        )
        self.home = places.compound(self.giver)
        self.staff, self.neighbour = make.seconded(self.giver, self.home), make.volunteer(self.home)
        self.post = self.seats()

    def seats(self, number=3, start=DAWN, area=None):
        area = area or self.taker
        return make.post(make.shift(places.site(area), make.call(area), start=start), seats=number)

    def plan(self, *people, **fields):
        ids = [person.pk for person in people or (self.staff, self.neighbour)]
        said = {"start": NIGHT, "end": NIGHT + DAY, "reason": "明早缺人"}
        return Plan(self.giver.pk, self.taker.pk, ids, **said | fields)

    def proposed(self, *people, **fields):
        return lendings.propose(self.plan(*people, **fields), by=self.above, now=NIGHT)

    def agreed(self, *people, **fields):
        pk = self.proposed(*people, **fields).lending.pk
        lendings.agree(pk, GIVER, by=self.gives, now=NIGHT)
        return lendings.agree(pk, TAKER, by=self.takes, now=NIGHT)


@pytest.fixture
def cast():
    return Cast()


def codes(act):
    with pytest.raises(Refused) as found, transaction.atomic():
        act()
    return [reason.code for reason in found.value.reasons]


def kinds(user):
    return sorted(Message.objects.filter(reader=user).exclude(status="cancelled").values_list("kind", flat=True))


def test_proposed_agreed_at_both_ends_and_over_by_itself(cast):
    made = cast.proposed()
    assert (made.lending.status, made.stayed, made.lending.people.count()) == (L.PROPOSED, {}, 2)
    assert (kinds(cast.gives), kinds(cast.takes)) == (["lending_asked"], ["lending_asked"])
    first = lendings.agree(made.lending.pk, TAKER, by=cast.takes, now=NIGHT)
    assert (first.status, first.taken_by, first.given_by) == (L.PROPOSED, cast.takes, None)
    assert not Enrolment.objects.filter(community=cast.taker).exists()
    done = lendings.agree(made.lending.pk, GIVER, by=cast.gives, now=NIGHT)
    assert (done.status, Enrolment.objects.filter(community=cast.taker, ended_at=None).count()) == (L.AGREED, 2)
    assert (kinds(cast.above), kinds(cast.neighbour.user)) == (["lending_settled"], ["lent"])
    assert terms.sweep(NIGHT + DAY) == 1
    done.refresh_from_db()
    assert (done.status, Enrolment.objects.filter(community=cast.taker, ended_at=None).count()) == (L.ENDED, 0)


def test_lent_staff_are_put_on_seats_there_and_not_at_home_and_volunteers_are_asked(cast):
    at_home = cast.seats(area=cast.giver)
    assert codes(lambda: decisions.assign(cast.post.pk, cast.staff.pk, by=cast.takes, now=NIGHT)) == ["not_lent_here"]
    cast.agreed()
    assert codes(lambda: decisions.assign(at_home.pk, cast.staff.pk, by=cast.gives, now=NIGHT)) == ["not_lent_here"]
    seat = decisions.assign(cast.post.pk, cast.staff.pk, by=cast.takes, now=NIGHT)
    assert (seat.status, seat.secondment) == ("confirmed", Secondment.objects.get(volunteer=cast.staff))
    assert codes(lambda: decisions.assign(cast.post.pk, cast.neighbour.pk, by=cast.takes, now=NIGHT)) == ["volunteers_are_asked"]  # fmt: skip
    assert decisions.invite(cast.post.pk, cast.neighbour.pk, by=cast.takes, now=NIGHT).status == "invited"
    beyond = cast.seats(start=NIGHT + DAY)
    assert codes(lambda: decisions.assign(beyond.pk, cast.staff.pk, by=cast.takes, now=NIGHT)) == ["not_lent_here"]


def test_who_cannot_help_there_is_left_out_with_every_reason(cast):
    stranger, tired = make.volunteer(), make.volunteer(cast.home)
    late = cast.seats(start=DAWN - BLOCK - 3 * HOUR, area=places.area())
    signups.sign_up(late.pk, tired.pk, now=NIGHT - DAY)
    made = cast.proposed(cast.staff, stranger, tired)
    assert {pk: [reason.code for reason in why] for pk, why in made.stayed.items()} == {
        stranger.pk: ["not_of_the_community"],
        tired.pk: ["too_little_rest"],
    }
    assert [one.volunteer for one in made.lending.people.all()] == [cast.staff]


def test_if_nobody_can_help_all_reasons_are_told_at_once(cast):
    cast.post.role.requires.add(make.qualification("disinfection", self_declared=False))
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - HOUR, compound=cast.home)
    assert codes(lambda: cast.proposed(make.volunteer(cast.home))) == ["unqualified", "zone_cannot_leave"]
    cast.taker = places.area(parent=cast.district)
    assert codes(cast.proposed) == ["no_open_post"]
    assert Lending.objects.count() == 0


def test_who_is_needed_at_home_or_lent_elsewhere_stays(cast):
    kept = cast.seats(area=cast.giver)
    decisions.assign(kept.pk, cast.staff.pk, by=cast.gives, now=NIGHT)
    make.lending(cast.neighbour, cast.giver, places.area())
    found = codes(cast.proposed)
    assert {"needed_at_home", "already_lent"} <= set(found)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": NIGHT + 4 * DAY}, "end"),
        ({"end": NIGHT}, "end"),
        ({"start": NIGHT - 3 * DAY, "end": NIGHT - DAY}, "end"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_read_is_told_per_field(cast, fields, field):
    with pytest.raises(Invalid) as found:
        cast.proposed(**fields)
    assert list(found.value.fields) == [field]
    assert unfit(NIGHT, NIGHT + 3 * DAY, NIGHT, longest=LONGEST, too_long="lending_too_long") == ""


def test_said_again_nothing_changes(cast):
    first = cast.proposed()
    again = cast.proposed()
    assert (again.lending, again.new, Lending.objects.count()) == (first.lending, False, 1)
    for end, by in ((GIVER, cast.gives), (TAKER, cast.takes)) * 2:
        done = lendings.agree(first.lending.pk, end, by=by, now=NIGHT)
    assert (done.status, done.given_at, LentPerson.objects.filter(binds=True).count()) == (L.AGREED, NIGHT, 2)
    assert lendings.end(done.pk, by=cast.above, now=NIGHT).status == L.ENDED
    assert lendings.end(done.pk, by=cast.above, now=DAWN).closed_at == NIGHT


def test_nobody_says_it_for_both_nor_about_themselves(cast):
    pk = cast.proposed().lending.pk
    lendings.agree(pk, GIVER, by=cast.gives, now=NIGHT)
    with pytest.raises(Forbidden) as both:
        lendings.agree(pk, TAKER, by=cast.gives, now=NIGHT)
    with pytest.raises(Forbidden) as own:
        lendings.agree(pk, TAKER, by=cast.staff.user, now=NIGHT)
    assert (both.value.code, own.value.code) == ("both_ends", "own_lending")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lending.objects.filter(pk=pk).update(taken_by=cast.gives)


def test_a_no_a_withdrawal_and_what_is_no_step(cast):
    refused = lendings.refuse(cast.proposed().lending.pk, "自己也缺", by=cast.gives, now=NIGHT)
    assert (refused.status, refused.answer) == (L.REFUSED, "自己也缺")
    assert "lending_settled" in kinds(cast.above)
    assert codes(lambda: lendings.agree(refused.pk, TAKER, by=cast.takes, now=NIGHT)) == ["invalid_transition"]
    gone = lendings.withdraw(cast.proposed().lending.pk, by=cast.above, now=NIGHT)
    assert gone.status == L.WITHDRAWN
    assert codes(lambda: lendings.refuse(gone.pk, "x", by=cast.gives, now=NIGHT)) == ["invalid_transition"]
    late = cast.proposed().lending
    assert codes(lambda: lendings.agree(late.pk, GIVER, by=cast.gives, now=NIGHT + DAY)) == ["lending_is_over"]
    assert {there for steps in LENDING.values() for there in steps} == {L.AGREED, L.REFUSED, L.WITHDRAWN, L.ENDED}


def test_whoever_can_help_no_longer_when_both_have_agreed_is_left_out(cast):
    pk = cast.proposed().lending.pk
    lendings.agree(pk, GIVER, by=cast.gives, now=NIGHT)
    kept = cast.seats(area=cast.giver)
    signups.sign_up(kept.pk, cast.neighbour.pk, now=NIGHT)
    lendings.agree(pk, TAKER, by=cast.takes, now=NIGHT)
    people = {one.volunteer_id: (one.binds, one.dropped) for one in LentPerson.objects.all()}
    assert people == {cast.staff.pk: (True, ""), cast.neighbour.pk: (False, "needed_at_home")}


def test_ended_early_seats_of_staff_open_again_and_a_volunteers_yes_stays_theirs(cast):
    found, later = cast.agreed(), cast.seats(1, start=DAWN + BLOCK + 2 * HOUR)
    seat = decisions.assign(cast.post.pk, cast.staff.pk, by=cast.takes, now=NIGHT)
    own = signups.sign_up(cast.post.pk, cast.neighbour.pk, now=NIGHT)
    second = decisions.assign(later.pk, make.seconded(cast.taker).pk, by=cast.takes, now=NIGHT)
    ended = lendings.end(found.pk, by=cast.gives, now=NIGHT + HOUR)
    for one in (seat, own, second):
        one.refresh_from_db()
    assert (ended.status, ended.period.upper) == (L.ENDED, NIGHT + HOUR)
    assert [(one.status, one.reason) for one in (seat, own, second)] == [
        ("cancelled", "lending_ended"),
        ("confirmed", ""),
        ("confirmed", ""),
    ]
    assert Post.objects.get(pk=cast.post.pk).taken == 1
    assert {"cancelled", "lent_over"} <= set(kinds(cast.staff.user))
    at_home = cast.seats(area=cast.giver)
    assert decisions.assign(at_home.pk, cast.staff.pk, by=cast.gives, now=NIGHT + HOUR).status == "confirmed"


def test_a_recall_by_the_unit_opens_the_seats_over_there_too(cast):
    cast.agreed()
    later = cast.seats(start=NIGHT + 20 * HOUR)
    seat = decisions.assign(later.pk, cast.staff.pk, by=cast.takes, now=NIGHT)
    found = Secondment.objects.get(volunteer=cast.staff)
    officer = places.grant(RoleName.ORG_HR, organisation=found.organisation).user
    recalls.recall(found.pk, by=officer, now=NIGHT, urgent=True)
    seat.refresh_from_db()
    assert seat.status == "cancelled"


def test_it_is_in_the_history_with_whoever_said_yes(cast):
    found = cast.agreed()
    assert [event.status for event in found.events.order_by("pgh_id")][-1] == L.AGREED
    assert found.events.filter(given_by=cast.gives).exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("能借2人吗？", "两边都同意", "你被借到", "那边不用再去了")),
        ("en", ("lend 2 people?", "Agreed by both", "you are lent to", "needs you no longer")),
    ],
)
def test_each_message_says_what_has_happened(cast, language, words):
    found = cast.agreed()
    asked = cast.proposed(make.seconded(cast.giver, cast.home), make.seconded(cast.giver, cast.home))
    texts = rendered(language)
    lendings.end(found.pk, by=cast.above, now=NIGHT + HOUR)
    texts += rendered(language)
    assert [word for word in words if word not in texts] == []
    assert asked.lending.reason in texts


def rendered(language):
    """Every message about a lending as it would be sent now."""
    with translation.override(language):
        rows = Message.objects.filter(kind__in=["lending_asked", "lending_settled", "lent", "lent_over"])
        said = []
        for row in rows:
            claimed = Claimed(row.pk, row.kind, row.key, row.target, row.reader_id, None, row.facts, "sms", 1, None)
            kind = KINDS[row.kind]
            said += [kind.text(context) for context in kind.contexts([claimed], NIGHT).values()]
    return "\n".join(said)
