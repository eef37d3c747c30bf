"""Both ends of a secondment, and both sides of a seat, at the same moment."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from communities.errors import Refused
from communities.states import RoleName
from staffing.actions import decisions, recalls, secondments
from staffing.models import Secondment, SignUp
from staffing.states import ALIVE
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.races.threads import rush
from volunteers.actions import imports
from volunteers.models import StaffImport, StaffImportRow

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)
UNDECIDED = {"accepted_by": None, "accepted_at": None, "acknowledged_at": None, "period": (NIGHT, NIGHT + WEEK)}


def outcome(act):
    try:
        return act().status
    except Refused as refused:
        return refused.code


def test_two_communities_take_the_same_person_and_one_gets_them():
    person, role = make.volunteer(), make.role("runner")
    rows = [make.lend(person, places.area(), status="approved", **UNDECIDED) for _community in range(6)]
    leads = [places.lead(row.area) for row in rows]

    def take(index):
        return outcome(lambda: secondments.accept(rows[index].pk, role.pk, by=leads[index], now=NIGHT))

    found = rush(take, range(6))
    assert sorted(found) == ["accepted"] + ["already_lent"] * 5
    assert Secondment.objects.binding().filter(volunteer=person).count() == 1


def test_control_looking_before_taking_gives_the_person_to_many():
    """The same without the person's lock: everybody finds them free. The constraint alone would have to say no."""
    person = make.volunteer()
    took = []

    @transaction.atomic
    def naive(community: int) -> None:
        if not Secondment.objects.binding().filter(volunteer=person).exists():
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.2)")
            took.append(community)

    rush(naive, range(6))
    assert len(took) > 1


def test_a_seat_given_while_the_person_is_called_back_does_not_stay():
    area = places.area()
    person = make.seconded(area)
    found, lead = Secondment.objects.get(), places.lead(area)
    officer = places.grant(RoleName.ORG_HR, organisation=found.organisation).user
    posts = [make.post(make.shift(places.site(area), start=DAWN + timedelta(days=day))) for day in range(2, 8)]
    acts = [lambda pk=post.pk: outcome(lambda: decisions.assign(pk, person.pk, by=lead, now=NIGHT)) for post in posts]
    rush(lambda act: act(), [*acts, lambda: outcome(lambda: recalls.recall(found.pk, by=officer, now=NIGHT))])
    kept = SignUp.objects.filter(
        volunteer=person, status__in=ALIVE, period__startswith__gte=NIGHT + timedelta(hours=24)
    )
    assert kept.count() == 0
    assert {post.taken for post in type(posts[0]).objects.filter(pk__in=[post.pk for post in posts])} == {0}


def test_two_workers_read_the_same_list_and_every_row_is_there_once(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 5)
    unit, officer = places.organisation(), places.user(is_demo=True)
    lines = "".join(f"王演示{n},1200008{n:04d}\n" for n in range(40))
    staff = imports.upload(unit.pk, "a.csv", f"姓名,手机\n{lines}".encode(), by=officer, now=NIGHT)
    rush(lambda _worker: imports.work(staff.pk, NIGHT), range(3))
    imports.work(staff.pk, NIGHT)
    staff.refresh_from_db()
    assert (staff.status, staff.rows, StaffImportRow.objects.count()) == ("read", 40, 40)
    imports.decide(staff.pk, by=officer, now=NIGHT)
    rush(lambda _worker: imports.work(staff.pk, NIGHT), range(3))
    assert (StaffImport.objects.get().taken, unit.affiliations.count()) == (40, 40)
