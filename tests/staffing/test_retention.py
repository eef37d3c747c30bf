"""One place for all rules of keeping: no column that can name somebody is without one, and the guide says the same."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from communities.actions.answers import KEPT as ANSWERS_KEPT
from communities.actions.codes import LIFE as CODES_LIVE
from communities.models import DeadEnd, Message, User
from config.celery import app
from staffing.actions.retention import forget_old, to_forget
from staffing.models import Erasure, Ride, SignUp
from staffing.rules.closeouts import USUAL_NOTICE
from staffing.rules.doors import KEPT as DOORS_KEPT
from staffing.rules.retention import NOTHING_PERSONAL, OF_A_CASE, OF_A_PERSON, TERMS
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.actions import consents
from volunteers.actions.people import Profile, enrol
from volunteers.models import Absence, ServiceRecord
from volunteers.states import Purpose

GUIDE = Path("docs/security.md")
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)


def tables() -> list[Any]:
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy and not one.__name__.endswith("Event")]


def says_something(field: Any) -> bool:
    """Holds words that somebody has written, or that could be anything."""
    if isinstance(field, ArrayField) and not isinstance(field.base_field, models.CharField | models.TextField):
        return False
    return isinstance(field, TEXTS) and not field.choices and not isinstance(field, models.SlugField)


def ruled() -> dict[str, set[str]]:
    """By table, the columns for which there is a rule; `*` for all of them."""
    found: dict[str, set[str]] = {}
    for rule in (*OF_A_PERSON, *OF_A_CASE, *(term for term in TERMS if term.table)):
        found.setdefault(rule.table, set()).update(rule.blank or ["*"])
    for plain in NOTHING_PERSONAL:
        found.setdefault(plain.table, set()).update(plain.columns.split())
    return found


def test_every_column_that_holds_words_has_its_rule():
    """A new column: put it into `staffing/rules/retention.py`, as what goes with a person, with a case, or names nobody."""
    rules = ruled()
    missing = [
        f"{table._meta.label}.{field.name}"
        for table in tables()
        for field in table._meta.concrete_fields
        if says_something(field) and not rules.get(table._meta.label, set()) & {"*", field.name}
    ]
    assert missing == []


def test_no_rule_speaks_of_a_column_that_is_not_there():
    known = {table._meta.label: {field.name for field in table._meta.concrete_fields} | {"*"} for table in tables()}
    assert {
        table: names - known.get(table, set()) for table, names in ruled().items() if names - known.get(table, set())
    } == {}


def rows() -> dict[str, list[str]]:
    """The table of the guide: its rows by their code."""
    lines = GUIDE.read_text().split("## How long what is kept")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {cell[0].strip("`"): cell for cell in cells}


def spoken(after: timedelta | None) -> str:
    if after is None:
        return "always"
    if after == timedelta(0):
        return "at once"
    if after.days >= 3650:
        return f"{after.days // 365} years"
    return f"{after.days} days" if after.days else f"{after.seconds // 60} minutes"


def test_the_guide_says_how_long_what_is_kept_and_nothing_else():
    told = rows()
    assert set(told) == {term.code for term in TERMS}
    for term in TERMS:
        assert spoken(term.after) in told[term.code][2], term.code
        assert f"`{term.by}`" in told[term.code][4], term.code


def test_what_others_carry_out_lasts_as_long_as_the_list_says(settings):
    after = {term.code: term.after for term in TERMS}
    assert after["doors"] == DOORS_KEPT
    assert after["answers"] == ANSWERS_KEPT
    assert after["codes"] == CODES_LIVE
    assert after["sessions"] == settings.SESSION_LIFE
    assert after["incident"] == timedelta(days=USUAL_NOTICE)


def test_the_clock_knows_every_task_that_is_named():
    app.loader.import_default_modules()
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    others = {"over", "SESSION_LIFE", "codes", "solve_fillings"}
    assert {term.by for term in TERMS} - others <= tasks


@pytest.mark.django_db
class TestTheClock:
    def test_ticks_notes_and_absences_go_when_their_time_is_over_and_not_before(self):
        (seat,) = make.seats(1)
        SignUp.objects.update(fit_for_duty=True)
        ride = Ride.objects.create(
            area=seat.shift.site.area,
            origin="x",
            origin_note="王奶奶楼下",
            destination=seat.shift.site,
            pick_up_at=DAWN,
            arrive_by=DAWN + make.BLOCK,
            period=(DAWN, DAWN + make.BLOCK),
            passengers=1,
            status="done",
            finished_at=seat.shift.ends_at,
        )
        Absence.objects.create(volunteer=seat.volunteer, period=(NIGHT, DAWN))
        over = seat.shift.ends_at + timedelta(days=14)

        assert sum(forget_old(over - timedelta(seconds=1)).values()) == 0
        foreseen = to_forget(over)
        gone = forget_old(over)

        assert gone == foreseen
        assert (gone["fit_for_duty"], gone["ride_notes"], gone["absences"]) == (1, 1, 0)
        seat.refresh_from_db()
        ride.refresh_from_db()
        assert (seat.fit_for_duty, ride.origin_note) == (None, "")
        assert not seat.events.filter(fit_for_duty=True).exists()
        assert not ride.events.exclude(origin_note="").exists()
        assert forget_old(DAWN + timedelta(days=30))["absences"] == 1

    def test_twice_is_once(self):
        make.seats(1)
        SignUp.objects.update(fit_for_duty=True)
        later = DAWN + timedelta(days=400)
        assert forget_old(later)["fit_for_duty"] == 1
        assert sum(forget_old(later).values()) == 0

    def test_who_left_a_month_ago_cannot_be_reached_any_more_and_keeps_their_name(self):
        stays, left, back = (self.somebody() for _ in range(3))
        for one in (left, back):
            consents.withdraw(one.pk, Purpose.SERVICE, now=NIGHT)
        DeadEnd.objects.create(user=left.user, channel="sms", since=NIGHT)
        consents.give(back.pk, Purpose.SERVICE, now=NIGHT + timedelta(days=3))

        assert forget_old(NIGHT + timedelta(days=29))["address"] == 0
        assert forget_old(NIGHT + timedelta(days=30))["address"] == 1

        phones = [User.objects.get(pk=one.user_id).phone for one in (stays, left, back)]
        assert [bool(phone) for phone in phones] == [True, False, True]
        assert User.objects.get(pk=left.user_id).name
        assert not DeadEnd.objects.exists()

    def somebody(self):
        return enrol(places.user(), places.area().pk, Profile(), now=NIGHT)

    def test_ten_years_after_the_last_service_the_name_goes_and_the_hours_stay(self):
        old, young = make.volunteer(), make.volunteer()
        self.serve(old, DAWN)
        self.serve(young, DAWN)
        self.serve(young, DAWN + timedelta(days=700))
        assert forget_old(DAWN + timedelta(days=3653))["name"] == 0

        assert forget_old(DAWN + timedelta(days=3654))["name"] == 1

        assert [bool(User.objects.get(pk=one.user_id).name) for one in (old, young)] == [False, True]
        assert Erasure.objects.get().cause == "time"
        assert ServiceRecord.objects.count() == 3

    def serve(self, person, start: datetime) -> None:
        ServiceRecord.objects.create(
            volunteer=person,
            sign_up=ServiceRecord.objects.count() + 1,
            community=places.area(),
            kind="volunteer",
            what="x",
            where="y",
            started_at=start,
            ended_at=start + make.BLOCK,
            minutes=195,
        )

    def test_messages_go_half_a_year_after_they_were_due(self):
        make.seats(1)
        count = Message.objects.count()
        assert forget_old(timezone.now() + timedelta(days=181))["messages"] == count > 0

    def test_the_command_says_what_would_go(self, capsys):
        make.seats(1)
        SignUp.objects.update(fit_for_duty=True)
        call_command("forget", "--dry-run")
        assert "fit_for_duty: 1" in capsys.readouterr().out
        assert SignUp.objects.get().fit_for_duty is True
        call_command("forget")
        assert SignUp.objects.get().fit_for_duty is None
