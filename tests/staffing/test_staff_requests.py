"""A community asks a unit for people: chosen by the unit, enough of them close it, either side may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.errors import Refused
from staffing.actions import staff_requests
from staffing.models import Secondment, StaffRequest
from staffing.queries.secondments import free_for
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.staffing.desks import text
from tests.staffing.test_secondments import Cast
from volunteers.models import Affiliation

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def cast():
    return Cast()


class TestAsked:
    """A community asks a unit for two people; the unit has three, one of them lent elsewhere."""

    @pytest.fixture
    def asked(self, cast):
        return staff_requests.ask(
            cast.area.pk, cast.unit.pk, cast.role.pk, 2, NIGHT, NIGHT + WEEK, by=cast.lead, now=NIGHT
        )

    @pytest.fixture
    def staff(self, cast):
        people = [make.volunteer(places.compound(cast.area)) for _n in range(2)] + [make.volunteer()]
        for number, person in enumerate(people):
            Affiliation.objects.create(volunteer=person, organisation=cast.unit, known_as=f"职工{number}")
        return people

    def test_who_is_free_is_listed_those_who_live_there_first(self, cast, asked, staff):
        gone = make.volunteer(places.compound(cast.area))
        make.lend(gone, places.area(), organisation=cast.unit, period=(NIGHT, NIGHT + WEEK))
        names = [one.name for one in free_for(asked)]
        assert names[-1:] == ["职工2"]
        assert {"职工0", "职工1"} <= set(names[:-1])
        assert gone.pk not in {one.volunteer_id for one in free_for(asked)}

    def test_those_chosen_are_offered_for_it_and_enough_of_them_close_it(self, cast, asked, staff):
        first = staff_requests.answer(asked.pk, [staff[0].pk], by=cast.officer, now=NIGHT)
        again = staff_requests.answer(asked.pk, [staff[0].pk], by=cast.officer, now=NIGHT)
        assert [one.pk for one in first.done] == [one.pk for one in again.done]
        asked.refresh_from_db()
        assert asked.closed_at is None
        staff_requests.answer(asked.pk, [staff[1].pk], by=cast.officer, now=NIGHT)
        asked.refresh_from_db()
        assert asked.closed_at == NIGHT
        found = Secondment.objects.filter(request=asked)
        assert set(found.values_list("volunteer", "status", "role")) == {
            (person.pk, "proposed", cast.role.pk) for person in staff[:2]
        }
        with pytest.raises(Refused) as refused:
            staff_requests.answer(asked.pk, [staff[2].pk], by=cast.officer, now=NIGHT)
        assert [reason.code for reason in refused.value.reasons] == ["request_closed"]

    def test_who_is_not_theirs_or_is_lent_stays_and_does_not_keep_the_others(self, cast, asked, staff):
        stranger = make.volunteer()
        make.lend(staff[1], places.area(), organisation=cast.unit, period=(NIGHT, NIGHT + WEEK))
        found = staff_requests.answer(asked.pk, [stranger.pk, staff[1].pk, staff[0].pk], by=cast.officer, now=NIGHT)
        assert [one.volunteer_id for one in found.done] == [staff[0].pk]
        assert {pk: why[0].code for pk, why in found.stayed.items()} == {
            stranger.pk: "not_of_the_unit",
            staff[1].pk: "already_lent",
        }

    def test_either_side_closes_it_and_what_is_over_is_asked_no_more(self, cast, asked):
        assert staff_requests.close(asked.pk, now=DAWN).closed_at == DAWN
        assert staff_requests.close(asked.pk, now=DAWN + WEEK).closed_at == DAWN
        other = staff_requests.ask(
            cast.area.pk, cast.unit.pk, cast.role.pk, 1, NIGHT, NIGHT + WEEK, by=cast.lead, now=NIGHT
        )
        assert set(StaffRequest.objects.open(DAWN)) == {other}
        assert set(StaffRequest.objects.open(NIGHT + WEEK)) == set()

    def test_the_unit_chooses_on_its_page_and_the_community_sees_how_many(self, cast, staff):
        now = timezone.now()
        wanted = staff_requests.ask(cast.area.pk, cast.unit.pk, cast.role.pk, 2, now, now + WEEK, by=cast.lead, now=now)
        officer, lead = places.client(cast.officer), places.client(cast.lead)
        address = f"/desk/staff-requests/{wanted.pk}/"
        assert address in text(officer.get("/desk/lent/"))
        page = text(officer.get(address))
        assert page.count(" checked") == 2
        assert officer.post(address, {"p": [staff[0].pk]}).status_code == 303
        client = places.client(cast.lead)
        client.cookies["django_language"] = "en"
        assert "1 of 2 offered" in text(client.get(f"/desk/secondments/?area={cast.area.pk}"))
        assert lead.post(f"{address}close/").status_code == 303
        assert "1 of 2 offered" not in text(client.get(f"/desk/secondments/?area={cast.area.pk}"))
