"""Places and bodies over REST: everybody reads, who looks after the place writes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Compound, Site
from communities.states import Level, RoleName
from tests.doors import Api, told
from tests.factories import communities as places

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return places.area(Level.DISTRICT)


@pytest.fixture
def here(district):
    return places.area(parent=district, name="香樟社区", name_en="Camphor", code="140105007001")


@pytest.fixture
def lead(here):
    return Api(places.lead(here))


@pytest.fixture
def reader():
    return Api(places.user())


MAKE = {
    "areas/": places.area,
    "communities/": places.area,
    "compounds/": places.compound,
    "sites/": places.site,
    "sampling-points/": places.site,
    "organisations/": places.organisation,
}


@pytest.mark.parametrize("path", MAKE)
def test_thirty_rows_cost_as_many_statements_as_one(reader, path):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(path).status_code == 200
        return len(queries)

    MAKE[path]()
    count()
    one = count()
    for _row in range(30):
        MAKE[path]()
    assert (count(), one <= 3) == (one, True)


@pytest.mark.parametrize("path", MAKE)
def test_an_unknown_row_parameter_or_ordering_is_refused(reader, path):
    assert told(reader.get(f"{path}999999999/")) == (404, "not_found")
    assert reader.get(f"{path}x/").status_code == 404
    for asked in ({"name": "x"}, {"ordering": "path"}, {"is_demo": "true"}, {"include": "grants"}):
        assert (reader.get(path, **asked).status_code, list(reader.get(path, **asked).json()["errors"])) == (
            400,
            list(asked),
        )


def test_areas_by_level_parent_subtree_and_code(reader, district, here):
    other = places.area(Level.DISTRICT)
    assert reader.ids("areas/", level="district") == [district.pk, other.pk]
    assert reader.ids("areas/", parent=district.pk) == [here.pk]
    assert reader.ids("areas/", under=district.pk) == [district.pk, here.pk]
    assert reader.ids("areas/", under=10**9) == []
    assert reader.ids("communities/", code="140105007001") == [here.pk]
    assert told(reader.get(f"communities/{district.pk}/")) == (404, "not_found")
    row = reader.get(f"areas/{here.pk}/").json()
    assert (row["name"], row["name_en"], row["parent"]) == ("香樟社区", "Camphor", district.pk)


def test_a_site_with_its_area_and_compound_written_out(reader, here):
    compound = places.compound(here)
    site = places.site(here, compound)
    bare = reader.get(f"sites/{site.pk}/").json()
    full = reader.get(f"sites/{site.pk}/", include="area,compound").json()
    assert (bare["area"], bare["compound"]) == (here.pk, compound.pk)
    assert (full["area"]["name"], full["compound"]["id"]) == ("香樟社区", compound.pk)
    assert full | {"area": here.pk, "compound": compound.pk} == bare


def test_sampling_points_are_the_sites_of_one_kind(reader, here):
    point, gate = places.site(here), places.site(here, kind="checkpoint")
    assert reader.ids("sampling-points/") == [point.pk]
    assert reader.ids("sites/", kind="checkpoint") == [gate.pk]
    assert told(reader.get(f"sampling-points/{gate.pk}/")) == (404, "not_found")


def test_who_looks_after_the_community_enters_and_corrects_its_places(lead, here):
    compound = lead.post(
        "compounds/", {"community": here.pk, "name": "示范小区A", "residents": 4300, "counted_at": "2022-04-01"}
    )
    assert (compound.status_code, compound.json()["residents"], compound.json()["zone"]) == (201, 4300, "none")
    body = {"area": here.pk, "compound": compound.json()["id"], "name": "1号点", "no": 1, "lanes": 2}
    site = lead.post("sampling-points/", body)
    assert (site.status_code, site.json()["kind"], site.json()["lanes"]) == (201, "sampling_point", 2)
    assert told(lead.post("sampling-points/", body)) == (409, "name_taken")
    changed = lead.patch(f"sites/{site.json()['id']}/", {"gate": "南门进", "lanes": None}).json()
    assert (changed["gate"], changed["lanes"], changed["name"]) == ("南门进", None, "1号点")
    assert lead.patch(f"compounds/{compound.json()['id']}/", {"households": 1850}).json()["households"] == 1850
    assert lead.post("sites/", {"area": here.pk, "name": "岗亭", "kind": "checkpoint"}).json()["kind"] == "checkpoint"


def test_a_compound_of_another_community_is_no_place_for_a_site(lead, here):
    answer = lead.post("sampling-points/", {"area": here.pk, "name": "x", "compound": places.compound().pk})
    assert (answer.status_code, list(answer.json()["errors"]), Site.objects.count()) == (400, ["compound"], 0)


def test_others_are_told_that_it_is_not_theirs(here, district):
    compound, site = places.compound(here), places.site(here)
    others = [places.user(), places.lead(places.area())] + [
        places.lead(here, role) for role in (RoleName.POINT_LEAD, RoleName.AUDITOR, RoleName.SYSTEM_ADMIN)
    ]
    for user in others:
        api = Api(user)
        answers = [
            api.post("compounds/", {"community": here.pk, "name": "x"}),
            api.post("sites/", {"area": here.pk, "name": "x", "kind": "checkpoint"}),
            api.post("sampling-points/", {"area": here.pk, "name": "x"}),
            api.patch(f"compounds/{compound.pk}/", {"name": "x"}),
            api.patch(f"sites/{site.pk}/", {"name": "x"}),
            api.post(f"compounds/{compound.pk}/zone/", {}),
        ]
        assert [told(answer) for answer in answers] == [(403, "not_your_role")] * 6
    assert (Compound.objects.count(), Site.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"residents": "4300"}, "residents"),
        ({"residents": -1}, "residents"),
        ({"residents": True}, "residents"),
        ({"name": 7}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"counted_at": "2022-13-01"}, "counted_at"),
        ({"counted_at": 20220401}, "counted_at"),
        ({"is_demo": True}, "is_demo"),
        ({"community": 1}, "community"),
        ({"id": 1}, "id"),
    ],
)
def test_what_a_compound_cannot_be(lead, here, body, field):
    compound = places.compound(here)
    answer = lead.patch(f"compounds/{compound.pk}/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    compound.refresh_from_db()
    assert compound.community_id == here.pk


def test_the_district_sets_a_zone_and_everybody_reads_it(district, here, reader):
    places.policies()
    compound = places.compound(here)
    body = {"level": "lockdown", "since": timezone.now().isoformat(), "issuer": "示范指挥部", "notice_no": "2022-17"}
    answer = Api(places.lead(district, RoleName.DISTRICT_LEAD)).post(f"compounds/{compound.pk}/zone/", body)
    assert (answer.status_code, answer.json()["zone"]) == (200, "lockdown")
    assert reader.get(f"compounds/{compound.pk}/").json()["zone"] == "lockdown"


def test_organisations_below_one(reader):
    top = places.organisation(kind="police")
    below = places.organisation(parent=top)
    assert reader.ids("organisations/", under=top.pk) == [top.pk, below.pk]
    assert reader.ids("organisations/", parent=top.pk) == [below.pk]
    assert reader.ids("organisations/", kind="police") == [top.pk]
