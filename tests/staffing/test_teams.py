"""Teams: proposed alike, adopted as shown, changed, sent to a shift, asked in a wave."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from communities.actions.optouts import no_more
from communities.errors import Invalid, Refused
from communities.messages.delivery import deliver
from communities.models import Message, User
from communities.rules.names import first_name
from communities.states import Level, Topic
from staffing.actions import teams, waves
from staffing.actions.teams import Wish
from staffing.actions.waves import RunPlan
from staffing.models import SignUp, Team, TeamMember
from staffing.queries.teams import Pool, candidates, listed, members_of
from staffing.rules.teams import against, balance, fingerprint, numbered
from staffing.states import TeamPart
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db

LATE, DAY = NIGHT + timedelta(hours=3), NIGHT + timedelta(hours=14)


class County:
    """People of one unit who live in two communities of a district and serve there."""

    def __init__(self, people=12):
        self.district = places.area(Level.DISTRICT)
        self.unit = places.organisation()
        self.lead = places.lead(self.district)
        self.homes = [places.compound(places.area(parent=self.district)) for _home in range(2)]
        self.people = []
        for number in range(people):
            home = self.homes[number % 2]
            person = make.volunteer(home, kind="seconded")
            make.lend(person, home.community, organisation=self.unit)
            if number % 3 == 0:
                make.held(person, "typing")
            self.people.append(person)

    def wish(self, **said):
        return Wish(**{"area": self.district.pk, "name": "工作队", "teams": 3, "organisation": self.unit.pk} | said)

    def adopted(self, **said):
        wish = self.wish(**said)
        return teams.adopt(wish, teams.propose(wish).mark, by=self.lead, now=NIGHT)


@pytest.fixture
def county():
    return County()


def ids(team):
    return [member.volunteer_id for member in members_of(team)]


def test_rules_in_numbers():
    assert against(122, 3) == []
    assert [reason.code for reason in against(5, 3)] == ["teams_too_small"]
    assert [reason.code for reason in against(5, 0)] == ["teams_number"]
    assert numbered("队", 2) == ["队 1", "队 2"]
    assert fingerprint([[2, 1], [3]]) == fingerprint([[1, 2], [3]]) != fingerprint([[1], [2, 3]])
    assert balance([]).skill_spread == 0


def test_a_proposal_stands_nowhere_and_says_how_alike_the_teams_are(county):
    make.volunteer(county.homes[0])  # a neighbour, not of the unit
    found = teams.propose(county.wish())
    assert Team.objects.count() == 0
    assert found.balance.sizes == (4, 4, 4)
    assert (found.balance.home_spread, found.balance.skill_spread) == (0, 1)
    assert teams.propose(county.wish()).mark == found.mark


def test_what_was_shown_is_adopted_at_once_and_only_once(county):
    made = county.adopted()
    again = teams.adopt(county.wish(), fingerprint(ids(team) for team in made), by=county.lead, now=NIGHT)
    assert [team.name for team in made] == ["工作队 1", "工作队 2", "工作队 3"]
    assert [team.pk for team in again] == [team.pk for team in made]
    assert sorted(pk for team in made for pk in ids(team)) == [person.pk for person in county.people]


def test_a_whole_city_costs_no_more_statements_than_a_few(county, queries_of):
    def statements(those, number):
        wish = those.wish(teams=number)
        return queries_of(lambda: teams.adopt(wish, teams.propose(wish).mark, by=those.lead, now=NIGHT))

    assert statements(county, 2) == statements(County(people=60), 12)


def test_who_came_since_makes_the_lead_look_again(county):
    mark = teams.propose(county.wish()).mark
    late = make.volunteer(county.homes[0], kind="seconded")
    make.lend(late, county.homes[0].community, organisation=county.unit)
    with pytest.raises(Refused) as found:
        teams.adopt(county.wish(), mark, by=county.lead, now=NIGHT)
    assert (found.value.code, Team.objects.count()) == ("proposal_changed", 0)


def test_nobody_is_in_two_teams_of_an_area(county):
    (first, *_rest) = county.adopted()
    person = ids(first)[0]
    with pytest.raises(Refused) as found:
        teams.form(county.wish(name="夜班队"), [person], by=county.lead, now=NIGHT)
    assert found.value.code == "in_another_team"
    other = Team.objects.create(area=county.district, name="x", formed_by=county.lead, formed_at=NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.create(team=other, area=county.district, volunteer_id=person, joined_at=NIGHT)
    assert candidates(Pool(county.district)) == []


def test_a_team_by_hand_is_of_people_who_are_known_there(county):
    stranger = make.volunteer(places.compound())
    people = [person.pk for person in county.people[:3]]
    made = teams.form(county.wish(name="夜班队"), people, by=county.lead, now=NIGHT)
    assert teams.form(county.wish(name="夜班队"), people, by=county.lead, now=NIGHT).pk == made.pk
    with pytest.raises(Invalid):
        teams.form(county.wish(name="二队"), [stranger.pk], by=county.lead, now=NIGHT)
    with pytest.raises(Refused) as found:
        teams.form(county.wish(name="夜班队"), [county.people[5].pk], by=county.lead, now=NIGHT)
    assert found.value.code == "name_taken"


def test_one_leader_and_one_deputy_and_who_was_it_before_stays_in_the_team(county):
    (team, *_rest) = county.adopted()
    first, second, *_others = members_of(team)
    teams.appoint(first.pk, TeamPart.LEADER, by=county.lead, now=NIGHT)
    teams.appoint(second.pk, TeamPart.LEADER, by=county.lead, now=NIGHT)
    teams.appoint(first.pk, TeamPart.DEPUTY, by=county.lead, now=NIGHT)
    assert [(one.pk, one.part) for one in members_of(team)[:3]] == [
        (second.pk, "leader"),
        (first.pk, "deputy"),
        (members_of(team)[2].pk, "member"),
    ]
    (shown,) = listed(Team.objects.filter(pk=team.pk))
    assert (shown.size, [head.part for head in shown.heads]) == (4, ["leader", "deputy"])


def test_who_leaves_or_whose_team_is_dissolved_is_free_for_another(county):
    (team, other, *_rest) = county.adopted()
    gone = teams.remove(members_of(team)[0].pk, by=county.lead, now=NIGHT)
    assert teams.remove(gone.pk, by=county.lead, now=DAWN).left_at == NIGHT
    assert teams.add(other.pk, gone.volunteer_id, by=county.lead, now=NIGHT).team_id == other.pk
    teams.dissolve(team.pk, by=county.lead, now=NIGHT)
    assert len(candidates(Pool(county.district))) == 3
    with pytest.raises(Refused) as found:
        teams.add(team.pk, county.people[0].pk, by=county.lead, now=NIGHT)
    assert found.value.code == "team_dissolved"


def test_sent_to_a_shift_staff_stand_there_volunteers_are_asked_and_who_cannot_is_named_with_why(county):
    home = county.homes[0]
    neighbour, away = make.volunteer(home), county.people[1]
    people = [county.people[0].pk, away.pk, neighbour.pk]
    team = teams.form(county.wish(name="夜班队"), people, by=county.lead, now=NIGHT)
    post = make.post(make.shift(places.site(compound=home), make.call(home.community)), seats=5)
    placed = teams.send(team.pk, post.pk, by=county.lead, now=NIGHT)
    assert {one.volunteer_id: one.status for one in placed.done} == {
        county.people[0].pk: "confirmed",
        neighbour.pk: "invited",
    }
    assert {pk: [reason.code for reason in why] for pk, why in placed.stayed.items()} == {away.pk: ["not_lent_here"]}
    again = teams.send(team.pk, post.pk, by=county.lead, now=NIGHT)
    assert (len(again.done), SignUp.objects.count()) == (2, 2)


def test_a_wave_of_a_team_asks_its_people_alone_and_no_groups():
    here = places.area()
    home, lead = places.compound(here), places.lead(here)
    neighbours = [make.volunteer(home) for _person in range(6)]
    team = teams.form(Wish(here.pk, "楼长队", 1), [one.pk for one in neighbours[:2]], by=lead, now=NIGHT)
    call = make.call(here)
    make.post(make.shift(places.site(compound=home), call), seats=6)
    assert waves.preview(call, RunPlan(team=team.pk), NIGHT).audience == 2
    run = waves.start(call.pk, RunPlan(team=team.pk), by=lead, now=NIGHT)
    asked = set(Message.objects.filter(kind="call_up").values_list("reader", flat=True))
    assert (run.team_id, asked) == (team.pk, {one.user_id for one in neighbours[:2]})


def test_lists_cost_the_same_for_one_team_and_for_thirty(county, queries_of):
    county.adopted(teams=1)
    one = queries_of(lambda: listed(Team.objects.all()))
    for number in range(30):
        Team.objects.create(area=county.district, name=f"{number}", formed_by=county.lead, formed_at=NIGHT)
    assert queries_of(lambda: listed(Team.objects.all())) == one


@pytest.mark.django_db(transaction=True)
def test_two_who_adopt_at_the_same_moment_form_the_teams_once():
    county = County(people=8)
    wish = county.wish(teams=2)
    mark, codes = teams.propose(wish).mark, []
    ready = threading.Barrier(2)

    def adopt():
        from django.db import connection

        ready.wait()
        try:
            codes.append(len(teams.adopt(wish, mark, by=county.lead, now=NIGHT)))
        except Refused as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=adopt) for _both in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert codes == [2, 2]
    assert (Team.objects.count(), TeamMember.objects.count()) == (2, 8)


class TestWhatPeopleAreTold:
    """Once for each thing that happens to them; never of what is over before it was told."""

    def told(self, person=None):
        found = Message.objects.filter(kind__startswith="team_").exclude(status="cancelled").order_by("pk")
        return list((found.filter(reader=person.user) if person else found).values_list("kind", flat=True))

    def leave(self, now=DAY):
        """Everything that is due goes out, by e-mail."""
        address = Concat(Value("p"), Cast("pk", CharField()), Value("@example.org"))
        User.objects.update(email=address, language="en")
        deliver("callup", now)

    def test_adopted_teams_are_told_to_each_person_once(self, county):
        made = county.adopted()
        assert self.told() == ["team_joined"] * 12
        teams.adopt(county.wish(), fingerprint(ids(team) for team in made), by=county.lead, now=NIGHT)
        assert len(self.told()) == 12

    def test_by_hand_and_one_by_one_too(self, county):
        first, second, *_others = county.people
        for _time in range(2):
            team = teams.form(county.wish(name="夜班队"), [first.pk], by=county.lead, now=NIGHT)
        for _time in range(2):
            teams.add(team.pk, second.pk, by=county.lead, now=NIGHT)
        assert (self.told(first), self.told(second)) == (["team_joined"], ["team_joined"])

    def test_who_is_taken_out_hears_it_once_and_only_if_they_knew(self, county):
        (team, *_rest) = county.adopted()
        hasty, known, *others = members_of(team)
        teams.remove(hasty.pk, by=county.lead, now=NIGHT)
        assert self.told(hasty.volunteer) == []
        self.leave()
        for _time in range(2):
            teams.remove(known.pk, by=county.lead, now=DAY)
        assert self.told(known.volunteer) == ["team_joined", "team_left"]
        for _time in range(2):
            teams.dissolve(team.pk, by=county.lead, now=DAY)
        assert [self.told(one.volunteer)[1:] for one in others] == [["team_left"]] * len(others)
        assert self.told(known.volunteer)[2:] == []

    def test_a_part_is_told_to_who_has_it_now_and_to_who_had_it(self, county):
        (team, *_rest) = county.adopted()
        self.leave()
        first, second, *_others = members_of(team)
        for member in (first, second, second):
            teams.appoint(member.pk, TeamPart.LEADER, by=county.lead, now=DAY)
        assert self.told(first.volunteer)[1:] == ["team_part", "team_part"]
        assert self.told(second.volunteer)[1:] == ["team_part"]

    def test_the_words_name_the_team_who_leads_it_and_that_seats_stay(self, county):
        (team, *_rest) = county.adopted()
        leader, member, *_others = members_of(team)
        teams.appoint(leader.pk, TeamPart.LEADER, by=county.lead, now=NIGHT)
        self.leave()
        teams.remove(member.pk, by=county.lead, now=DAY)
        deliver("callup", DAY)
        letters = {(letter.to[0], letter.subject): letter.body for letter in mail.outbox}
        mine = [body for (to, _about), body in letters.items() if to == f"p{member.volunteer.user_id}@example.org"]
        assert "“工作队 1”" in mine[0]
        assert first_name(leader.volunteer.user.name) in mine[0]
        assert "Seats you have stay yours." in mine[1]
        assert any("You lead it." in body for body in letters.values())

    def test_who_wants_to_hear_no_more_of_teams_does_not(self, county):
        unwilling = county.people[0]
        no_more(unwilling.user, [Topic.TEAMS], now=NIGHT)
        county.adopted()
        self.leave()
        assert self.told(unwilling) == []
        assert len(self.told()) == 11

    def test_at_night_the_message_waits_for_the_morning(self, county):
        county.adopted()
        self.leave(LATE)
        assert mail.outbox == []
        assert {message.due_at > LATE for message in Message.objects.filter(kind="team_joined")} == {True}
