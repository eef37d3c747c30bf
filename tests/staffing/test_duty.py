"""People on duty are put on posts by their lead: who is offered for a post, many at once, or as they are received."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.errors import Refused
from communities.states import RoleName, ZoneLevel
from staffing.actions import decisions, placing
from staffing.models import Secondment, SignUp
from staffing.queries.duty import place_for, to_place
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.states import PersonKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Scene:
    """A community with an open post tomorrow, and people lent to it for a week."""

    def __init__(self):
        self.now = timezone.now()
        self.period = (self.now - DAY, self.now + 7 * DAY)
        self.home = places.compound()
        self.area = self.home.community
        self.lead = places.lead(self.area)
        self.shift = make.shift(places.site(compound=self.home), start=self.now + DAY)
        self.post = make.post(self.shift, seats=5)

    def lent(self, home=None, **fields):
        person = make.volunteer(home or self.home, kind="seconded", community=self.area)
        return make.lend(person, self.area, **{"period": self.period} | fields)

    def waiting(self, home=None, **fields):
        """Approved by the unit and agreed by the person, for the community to receive."""
        person = make.volunteer(home or self.home)
        how = {"status": "approved", "accepted_by": None, "accepted_at": None, "period": self.period}
        found = make.lend(person, self.area, **how | fields)
        found.refresh_from_db()  # with its period as a range
        return found

    def offered(self):
        return [person.pk for person in to_place(self.post, self.area, self.now)]


@pytest.fixture
def scene():
    return Scene()


def test_offered_for_a_post_are_those_whose_duty_it_can_be_who_lives_there_first(scene):
    other = places.compound(scene.area)
    far, near = scene.lent(other), scene.lent()
    staff = make.volunteer(scene.home, kind=PersonKind.GRID_MEMBER)
    decisions.assign(scene.post.pk, scene.lent().volunteer_id, by=scene.lead, now=scene.now)
    make.volunteer(scene.home)  # a neighbour
    scene.lent(period=(scene.now - DAY, scene.now + timedelta(hours=2)))  # gone by then
    scene.lent(status="ended")
    make.lend(make.volunteer(scene.home, kind="seconded"), places.area(), period=scene.period)  # lent elsewhere
    assert scene.offered() == [near.volunteer_id, staff.pk, far.volunteer_id]


def test_nobody_is_offered_against_a_rule(scene):
    sealed = places.compound(scene.area)
    places.zone(ZoneLevel.LOCKDOWN, since=scene.now - DAY, compound=sealed)
    scene.lent(sealed)
    fit = scene.lent()
    assert scene.offered() == [fit.volunteer_id]


def test_thirty_people_cost_no_more_statements_than_one(scene, queries_of):
    scene.lent()
    scene.offered()
    one = queries_of(scene.offered)
    for _person in range(29):
        scene.lent()
    assert queries_of(scene.offered) == one


def test_a_lead_puts_many_on_a_post_at_once_and_never_a_volunteer(scene):
    people, neighbour = [scene.lent().volunteer_id for _one in range(3)], make.volunteer(scene.home)
    client, address = places.client(scene.lead), reverse("post_assign", args=[scene.post.pk])
    page = client.get(reverse("post_find", args=[scene.post.pk]))
    assert [person.pk for person in page.context["duty"]] == people
    assert [person.pk for person in page.context["people"]] == [neighbour.pk]
    assert client.post(address, {"p": [*people, neighbour.pk]}).status_code == 403
    assert client.post(address, {"p": people}).status_code == 303
    assert set(SignUp.objects.values_list("volunteer", "status", "secondment__area")) == {
        (person, "confirmed", scene.area.pk) for person in people
    }
    assert client.post(address, {}).status_code == 303


def test_who_does_not_run_the_shift_puts_nobody_there(scene):
    person = scene.lent().volunteer_id
    grid = places.client(places.lead(scene.area, RoleName.GRID_MEMBER))
    address = reverse("post_assign", args=[scene.post.pk])
    assert grid.post(address, {"p": person}).status_code == 403
    assert places.client(places.lead(places.area())).post(address, {"p": person}).status_code == 404
    assert grid.get(reverse("post_find", args=[scene.post.pk])).context["duty"] == []


def test_a_post_at_home_is_suggested_before_an_earlier_one_elsewhere(scene):
    found = scene.waiting()
    make.post(make.shift(places.site(scene.area), start=scene.now + timedelta(hours=3)))
    assert place_for(found, scene.now) == scene.post
    scene.shift.status = "cancelled"
    scene.shift.save()
    assert place_for(found, scene.now).shift.site.compound is None


def test_received_with_a_post_they_stand_on_it_or_are_not_received(scene):
    found = scene.waiting()
    placing.receive_at(found.pk, scene.post.pk, by=scene.lead, now=scene.now)
    found.refresh_from_db()
    assert (found.status, found.role) == ("active", scene.post.role)
    assert SignUp.objects.get().secondment == found
    barred = make.post(scene.shift, role=make.role("sampler"), person_kinds=["medical"])
    with pytest.raises(Refused, match="person_kind"):
        placing.receive_at(scene.waiting().pk, barred.pk, by=scene.lead, now=scene.now)
    assert Secondment.objects.filter(status="approved").count() == 1


def test_the_desk_suggests_the_post_and_puts_them_there_with_one_button(scene):
    found, client = scene.waiting(), places.client(scene.lead)
    page = client.get(f"/desk/secondments/?area={scene.area.pk}&tab=new&p={found.pk}")
    assert page.context["place"] == scene.post
    asked = {"do": "accept-place", "p": found.pk, "post": scene.post.pk, "back": "/desk/secondments/"}
    assert client.post("/desk/secondments/do/", asked | {"post": "x"}).status_code == 404
    assert client.post("/desk/secondments/do/", asked).status_code == 303
    assert SignUp.objects.filter(post=scene.post, volunteer=found.volunteer, status="confirmed").exists()


def test_nothing_is_suggested_for_who_has_not_agreed_yet(scene):
    found = scene.waiting(acknowledged_at=None)
    page = places.client(scene.lead).get(f"/desk/secondments/?area={scene.area.pk}&tab=new&p={found.pk}")
    assert page.context["place"] is None
