"""Norms in the admin site: saving makes a new version, within one's own scope."""

import pytest
from django.urls import reverse

from communities.states import RoleName
from staffing.demo import catalogue
from staffing.models import NormProfile
from staffing.queries.norms import nearest
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return places.area()


def browser(role, area):
    return places.client(places.grant(role, area, places.user(is_staff=True)).user)


def page(norm):
    return reverse("admin:staffing_normprofile_change", args=[norm.pk])


def form_of(client, norm):
    """What the page would send back unchanged."""
    shown = client.get(page(norm)).context
    sent = {}
    for form in [shown["adminform"].form, *shown["inline_admin_formsets"][0].formset.forms]:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value not in ("", []):
                sent[field.html_name] = "on" if value is True else value
    formset = shown["inline_admin_formsets"][0].formset
    return sent | {field.html_name: field.value() for field in formset.management_form}


def test_another_rate_makes_the_next_version_with_the_same_rules(town):
    norm, client = make.norm(town), browser(RoleName.COMMUNITY_LEAD, town)
    answer = client.post(page(norm), form_of(client, norm) | {"lane_rate": "90"})
    norm.refresh_from_db()
    new = NormProfile.objects.get(slug=norm.slug, current=True)
    assert answer.status_code == 302
    assert [(one.version, one.current, one.lane_rate, one.rules.count()) for one in (norm, new)] == [
        (1, False, 75, 1),
        (2, True, 90, 1),
    ]


def test_a_rule_taken_away_is_in_the_old_version_still(town):
    norm, client = make.norm(town), browser(RoleName.COMMUNITY_LEAD, town)
    client.post(page(norm), form_of(client, norm) | {"rules-0-quantity": "2"})
    new = NormProfile.objects.get(slug=norm.slug, current=True)
    assert [one.rules.get().quantity for one in (norm, new)] == [1, 2]


def test_a_break_longer_than_the_block_is_refused(town):
    norm, client = make.norm(town), browser(RoleName.COMMUNITY_LEAD, town)
    answer = client.post(page(norm), form_of(client, norm) | {"break_hours": "5"})
    assert (answer.status_code, NormProfile.objects.count()) == (200, 1)


def test_ranges_that_cannot_be_read_are_refused(town):
    norm, client = make.norm(town), browser(RoleName.COMMUNITY_LEAD, town)
    answer = client.post(page(norm), form_of(client, norm) | {"ranges": '["no"]'})
    assert (answer.status_code, NormProfile.objects.count()) == (200, 1)


def test_a_preset_is_read_by_a_lead_and_changed_by_the_systems_keeper(town):
    catalogue.norms()
    preset = nearest(town, "flood")
    lead, keeper = browser(RoleName.COMMUNITY_LEAD, town), browser(RoleName.SYSTEM_ADMIN, town)
    assert lead.get(page(preset)).status_code == 200
    assert lead.post(page(preset), {"lane_rate": "30"}).status_code == 403
    assert keeper.post(page(preset), form_of(keeper, preset) | {"lane_rate": "30"}).status_code == 302
    assert nearest(town, "flood").lane_rate == 30


def test_an_old_version_is_only_read(town):
    norm, client = make.norm(town), browser(RoleName.COMMUNITY_LEAD, town)
    client.post(page(norm), form_of(client, norm) | {"lane_rate": "90"})
    assert client.post(page(norm), {"lane_rate": "80"}).status_code == 403
