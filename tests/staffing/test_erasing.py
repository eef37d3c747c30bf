"""Somebody is forgotten: seats first, then the identity everywhere; hours stay under a pseudonym."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import Sum

from communities.errors import Refused
from communities.messages import gates
from communities.models import IdempotentAnswer, User
from staffing.actions import attendance, erasing, signups
from staffing.models import Driver, Erasure, SignUp
from staffing.states import SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from tests.staffing import traces
from volunteers.actions import certificates, consents
from volunteers.actions.certificates import Wish
from volunteers.actions.people import Profile, enrol
from volunteers.models import Absence, AccessPass, Affiliation, ServiceRecord, Volunteer
from volunteers.states import Purpose

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL = "欧阳留痕", "+8612009009009", "liuhen@example.org"
AFTER = DAWN + timedelta(days=3)
WORDS = [NAME, PHONE, MAIL, "留痕同事", "GH-4711", "晋A·L4711", "留痕的理由"]


@pytest.fixture
def person() -> Volunteer:
    """Served once, with everything that can be known of somebody in every table it can stand in."""
    home = places.compound()
    user = places.user(NAME, PHONE, email=MAIL)
    volunteer = enrol(user, home.community_id, Profile(residence=home.pk, is_adult=True), now=NIGHT)
    unit, lead = places.organisation(), places.lead(home.community)
    Affiliation.objects.create(volunteer=volunteer, organisation=unit, known_as="留痕同事", external_id="GH-4711")
    Absence.objects.create(volunteer=volunteer, period=(AFTER + timedelta(days=9), AFTER + timedelta(days=10)))
    AccessPass.objects.create(
        volunteer=volunteer, compound=home, period=(NIGHT, DAWN), reason="留痕的理由", asked_by=lead, asked_at=NIGHT
    )
    Driver.objects.create(volunteer=volunteer, area=home.community, plate="晋A·L4711")
    served(volunteer, home)
    made = certificates.ask(Wish(volunteer.pk, home.community_id, DAWN.date(), DAWN.date()), by=user, now=AFTER)
    certificates.issue(made.pk, by=lead, now=AFTER)
    told_of(volunteer, lead)
    return volunteer


def served(volunteer: Volunteer, home) -> SignUp:
    post = make.post(make.shift(places.site(home.community, home), make.call(home.community)))
    entry = signups.Entry(by=places.user(), on_behalf=True, channel="desk", override_reason="留痕的理由")
    seat = signups.sign_up(post.pk, volunteer.pk, now=NIGHT, entry=entry)
    attendance.check_in(seat.pk, by=volunteer.user, now=DAWN)
    return attendance.check_out(seat.pk, by=volunteer.user, now=DAWN + BLOCK)


def told_of(volunteer: Volunteer, lead: User) -> None:
    """What others have of the person: the admin site's log, and an answer that waits for a repeated request."""
    kind = ContentType.objects.get_for_model(Volunteer)
    LogEntry.objects.create(user=lead, content_type=kind, object_id=volunteer.pk, object_repr=NAME, action_flag=2)
    IdempotentAnswer.objects.create(user=lead, key="k", request_hash="h", status=201, body={"name": NAME})


def test_nothing_says_who_it_was_and_the_hours_stay(person):
    assert set(traces.in_database(WORDS)) >= {"communities_user.name", "communities_userevent.name"}
    minutes = ServiceRecord.objects.aggregate(sum=Sum("minutes"))["sum"]
    number = person.number

    erasing.erase(person.user_id, now=AFTER)

    assert traces.in_database([*WORDS, number]) == {}
    assert traces.in_redis(WORDS) == set()
    assert ServiceRecord.objects.aggregate(sum=Sum("minutes"))["sum"] == minutes == 195
    person.refresh_from_db()
    assert (person.user.name, person.user.phone, person.user.is_active, person.residence) == ("", None, False, None)


def test_asked_twice_it_is_the_same_erasure(person):
    first = erasing.erase(person.user_id, now=AFTER)
    assert erasing.erase(person.user_id, now=AFTER + timedelta(days=1)) == first
    assert Erasure.objects.get().counts["staffing.SignUp"] == 1


def test_a_coming_seat_goes_to_who_is_next_in_line(person):
    shift = make.shift(call_up=make.call(), start=AFTER + timedelta(days=1))
    post = make.post(shift)
    seat = signups.sign_up(post.pk, person.pk, now=AFTER)
    waiting = signups.sign_up(post.pk, make.volunteer().pk, now=AFTER)

    erasing.erase(person.user_id, now=AFTER)

    seat.refresh_from_db()
    waiting.refresh_from_db()
    assert (seat.status, waiting.status) == (SignUpStatus.CANCELLED, SignUpStatus.INVITED)


def test_who_is_needed_at_this_moment_hears_what_has_to_end_first(person):
    places.grant("grid_member", places.area(), person.user, starts_at=NIGHT)
    Volunteer.objects.filter(pk=person.pk).update(kind="seconded")
    make.lend(person, places.area())
    seat = SignUp.objects.get(volunteer=person)
    SignUp.objects.filter(pk=seat.pk).update(status=SignUpStatus.CHECKED_IN)

    with pytest.raises(Refused) as refused:
        erasing.erase(person.user_id, now=AFTER)

    assert [reason.code for reason in refused.value.reasons] == ["still_on_duty", "holds_a_role", "lent_by_a_unit"]
    assert person.user.name == NAME
    assert SignUp.objects.get(pk=seat.pk).status == SignUpStatus.CHECKED_IN


def test_the_phone_can_begin_anew_and_leads_to_nothing(person):
    erasing.erase(person.user_id, now=AFTER)
    again = places.user(NAME, PHONE)
    assert again.pk != person.user_id
    assert not Volunteer.objects.filter(user=again).exists()


def test_a_name_with_signs_of_search_patterns_takes_nobody_elses_words(person):
    other = IdempotentAnswer.objects.create(
        user=places.user(), key="o", request_hash="h", status=201, body={"name": "王演示"}
    )
    User.objects.filter(pk=person.user_id).update(name="%_")
    erasing.erase(person.user_id, now=AFTER)
    other.refresh_from_db()
    assert other.body == {"name": "王演示"}


class TestSilence:
    """Before each handful of messages leaves, it is asked who wants to hear nothing more."""

    def silent(self, *people: Volunteer) -> set[int]:
        return set().union(*(ask({one.user_id for one in people}) for ask in gates.SILENCED))

    def test_who_withdraws_is_told_nothing_from_that_moment_on_until_they_agree_again(self):
        person = enrol(places.user(), places.area().pk, Profile(), now=NIGHT)
        assert self.silent(person) == set()
        consents.withdraw(person.pk, Purpose.SERVICE, now=NIGHT)
        assert self.silent(person) == {person.user_id}
        consents.give(person.pk, Purpose.SERVICE, now=NIGHT)
        assert self.silent(person) == set()

    def test_who_is_on_duty_or_holds_a_role_is_told_on_that_ground(self):
        people = [enrol(places.user(), places.area().pk, Profile(), now=NIGHT) for _ in range(3)]
        for person in people:
            consents.withdraw(person.pk, Purpose.SERVICE, now=NIGHT)
        places.grant("grid_member", places.area(), people[0].user)
        Volunteer.objects.filter(pk=people[1].pk).update(kind="seconded")
        assert self.silent(*people) == {people[2].user_id}

    def test_a_closed_account_is_told_nothing(self):
        person = make.volunteer(user=places.user(is_active=False))
        assert self.silent(person) == {person.user_id}

    def test_any_number_is_asked_in_one_query(self, queries_of):
        people = [make.volunteer() for _ in range(30)]
        assert queries_of(lambda: self.silent(people[0])) == queries_of(lambda: self.silent(*people)) == 1


class TestPurposes:
    def test_taking_back_one_leaves_the_others(self):
        person = enrol(places.user(), places.area().pk, Profile(), now=NIGHT)
        make.qualification("typing")
        consents.give(person.pk, Purpose.URGENT_CALLS, now=NIGHT)
        consents.give(person.pk, Purpose.PUBLICITY, now=NIGHT)
        assert User.objects.get(pk=person.user_id).urgent_calls is True

        consents.withdraw(person.pk, Purpose.URGENT_CALLS, now=AFTER)

        assert User.objects.get(pk=person.user_id).urgent_calls is False
        left = person.consents.filter(withdrawn_at=None).values_list("purpose", flat=True)
        assert set(left) == {"service", "publicity"}

    def test_without_service_everything_ends(self):
        person = enrol(places.user(), places.area().pk, Profile(), now=NIGHT)
        consents.give(person.pk, Purpose.STAYING, now=NIGHT)
        consents.withdraw(person.pk, Purpose.SERVICE, now=AFTER)
        assert not person.consents.filter(withdrawn_at=None).exists()

    def test_skills_said_by_oneself_go_with_the_consent_to_keep_them(self):
        person = enrol(places.user(), places.area().pk, Profile(), now=NIGHT)
        make.held(person, "typing")
        make.held(person, "licence")
        person.held.filter(qualification__slug="licence").update(verified_at=NIGHT)
        consents.give(person.pk, Purpose.SKILLS, now=NIGHT)
        consents.withdraw(person.pk, Purpose.SKILLS, now=AFTER)
        assert not person.held.filter(qualification__self_declared=True).exists()


def test_after_a_restore_the_list_forgets_everybody_again(person, tmp_path, capsys):
    list_ = tmp_path / "erasures.jsonl"
    erasing.erase(person.user_id, now=AFTER)
    call_command("erasures")
    list_.write_text(capsys.readouterr().out)
    Erasure.objects.all().delete()
    User.objects.filter(pk=person.user_id).update(name=NAME)

    call_command("erasures", "--again", str(list_))
    assert "1 forgotten again" in capsys.readouterr().out
    assert User.objects.get(pk=person.user_id).name == ""
    call_command("erasures", "--again", str(list_))
    assert "0 forgotten again, 1 were already" in capsys.readouterr().out
