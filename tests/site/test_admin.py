"""The admin site: every model is there, scoped to the reader, counted in constant queries."""

from datetime import timedelta
from uuid import uuid4

import pghistory.models
import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from communities.actions.proposals import Wish, propose
from communities.actions.zones import Decree, Target, set_level
from communities.models import (
    ApiToken,
    Area,
    Browser,
    Building,
    DeadEnd,
    Delivery,
    Door,
    Entrance,
    Grant,
    GroupRobot,
    Happening,
    Message,
    OptOut,
    PlaceAlias,
    Site,
    User,
    Webhook,
    WebhookDelivery,
    ZonePolicy,
)
from communities.states import Level, RoleName
from staffing.actions import (
    beats,
    broadcasts,
    chains,
    door_rounds,
    door_visits,
    fillings,
    hand_overs,
    readiness,
    rechecks,
    rides,
    secondments,
    staff_requests,
    swaps,
    takeovers,
    task_forces,
    teams,
)
from staffing.actions.chains import Answer
from staffing.actions.pledges import promise
from staffing.actions.signups import sign_up
from staffing.models import (
    Asking,
    ChainAlias,
    CloseOut,
    ComingAgain,
    Driver,
    Equipment,
    EquipmentIssue,
    Gap,
    Inspection,
    Move,
    OnCall,
    OutsideCrew,
    PlanOverride,
    Proposal,
    Reply,
    Ride,
    Rota,
    RotaDay,
    RotaDayOff,
    RotaMember,
    RotaSite,
    RoundDoor,
    Shortage,
    SignUp,
    SupplyChange,
    SupplyRequest,
    Wave,
    WaveRun,
    WorkCount,
)
from staffing.states import DoorOutcome, Duty, Need
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions.passes import PassPlan, ask
from volunteers.models import (
    Absence,
    Affiliation,
    Availability,
    Certificate,
    Companionship,
    Consent,
    HeldQualification,
    ServiceRecord,
)

pytestmark = pytest.mark.django_db
PACKAGES = ("communities", "volunteers", "staffing")
# Answers and keys, and what is there for a while only: who rides, and what a list says until it is taken over.
INTERNAL = {
    "communities.IdempotentAnswer",
    "communities.Happening",
    "volunteers.CalendarFeed",
    "volunteers.StaffImport",
    "volunteers.StaffImportRow",
    "staffing.Passenger",
    "staffing.FillingFacts",
    "staffing.FillingChunk",
    "staffing.FillingPart",
}
SYSTEM = {
    "user",
    "grant",
    "apitoken",
    "grouprobot",
    "message",
    "delivery",
    "deadend",
    "erasure",
    "optout",
    "browser",
    "webhook",
    "webhookdelivery",
}  # a lead sees no accounts and no keys
NO_ROWS_OF_ONE_COMMUNITY = {
    "organisation",
    "role",
    "qualification",
    "zonescheme",
    "zonepolicy",
    "user",
    "apitoken",
    "erasure",
    "seal",
    "events",
}


def staff(role, area):
    return places.grant(role, area, places.user(is_staff=True)).user


def browser(role, area):
    return places.client(staff(role, area))


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def world(district):
    """One row of every model in a community of its own."""
    now = timezone.now()
    here = places.area(parent=district)
    compound = places.compound(here)
    building = Building.objects.create(compound=compound, no="3")
    entrance = Entrance.objects.create(building=building, no="2")
    Door.objects.create(entrance=entrance, number="501", floor=5)
    site = places.site(here, compound)
    body = places.organisation()
    robot = GroupRobot.objects.create(area=here, name="群", kind="wecom", url="https://example.org/hook")
    places.zone("controlled", compound=compound, since=now - timedelta(days=1))
    call = make.call(here, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    wishing = places.user()
    propose(Target(compound=compound.pk), Wish("lockdown", now), by=wishing, now=now)
    shift = make.shift(site, call, start=now + timedelta(days=1))
    post = make.post(shift, seats=5, role=make.role("data_entry"))
    person = make.volunteer(compound)
    make.held(person, "typing")
    Affiliation.objects.create(volunteer=person, organisation=body)
    Consent.objects.create(volunteer=person, purpose="service", text_version="1", channel="web", given_at=now)
    Absence.objects.create(volunteer=person, period=(now + timedelta(days=40), now + timedelta(days=41)))
    pair = {"number": person.number, "asked_at": now, "confirmed_at": now}
    Companionship.objects.create(asker=make.volunteer(community=here), asked=person, **pair)
    Availability.objects.create(volunteer=person, weekday=1, from_time="08:00", to_time="12:00")
    signup = sign_up(post.pk, person.pk, now=now)
    swaps.propose(signup.pk, now=now)
    promise(post.pk, body.pk, 2, now + timedelta(hours=5), by=person.user, now=now)
    word = {"started_at": shift.starts_at, "ended_at": shift.ends_at, "proposed_by": person.user, "proposed_at": now}
    Proposal.objects.create(sign_up=signup, kind="correct", **word)
    Asking.objects.create(call_up=call, people=3, asked_by=person.user, asked_at=now)
    Reply.objects.create(call_up=call, user=person.user, said="not_this_time", said_at=now)
    run = WaveRun.objects.create(call_up=call, wait_minutes=20, until=call.starts_at, next_at=now, started_at=now)
    Wave.objects.create(run=run, number=1, gap=3, chance=0.25, people=12, asked_at=now)
    Shortage.objects.create(shift=shift, missing=2, since=now)
    DeadEnd.objects.create(user=person.user, channel="sms", since=now)
    OptOut.objects.create(user=person.user, topic="news", since=now)
    Browser.objects.create(user=person.user, subscription="{}", endpoint_hash=str(person.pk), since=now)
    words = broadcasts.Words("大风", "Wind", "收帐篷", "Tents down")
    broadcasts.write(here.pk, broadcasts.Notice(words), by=wishing, now=now)
    broadcasts.keep_template(here.pk, "大风", words, by=wishing, now=now)
    days = {"first_day": now.date(), "last_day": now.date()}
    Certificate.objects.create(
        volunteer=person, community=here, name="演示", asked_by=person.user, asked_at=now, **days
    )
    auntie = make.volunteer(community=here, user=User.objects.create_user(name="袁秀兰"))
    chains.commit(call.pk, "1. 袁阿姨 3号楼", by=wishing, now=now)
    chains.answer(call.chain.rows.get().pk, Answer("person", auntie.pk), by=wishing, now=now)
    plan = make.plan(compound, wishing, starts_at=now + timedelta(days=2))
    PlanOverride.objects.create(plan=plan, key="relief", value=3, reason="x", by=wishing, at=now)
    WorkCount.objects.create(sign_up=signup, number=9, entered_at=now)
    ComingAgain.objects.create(sign_up=signup, said_at=now)
    ChainAlias.objects.create(community=here, name="袁阿姨", name_hash=str(here.pk), volunteer=auntie)
    PlaceAlias.objects.create(text=f"示范院{here.pk}", compound=compound)
    week = now + timedelta(days=7)
    secondments.propose(secondments.Loan(person.pk, body.pk, here.pk, now, week), by=wishing, now=now)
    staff_requests.ask(here.pk, body.pk, post.role_id, 3, now, week, by=wishing, now=now)
    make.lending(auntie, here, places.area(parent=district))
    over = {"starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)}
    CloseOut.objects.create(area=here, title="演练", proposed_by=wishing, proposed_at=now, **over)
    takeovers.take_over(here.pk, 4, "失联", by=places.lead(district, RoleName.CITY_COMMAND), now=now)
    teams.form(teams.Wish(here.pk, "楼长队", 1), [person.pk], by=wishing, now=now)
    a_task_force(here, shift, now)
    readiness.prepare(call, now=now)
    filled = fillings.propose(here.pk, now, week - timedelta(days=2), by=wishing, now=now)
    Move.objects.create(filling=filled, post=post, volunteer=person)
    Gap.objects.create(filling=filled, post=post, seats=1, binding="qualified")
    driver = Driver.objects.create(volunteer=make.volunteer(community=here), area=here)
    way = rides.RidePlan("示范街18号院", site.pk, now + timedelta(hours=1), now + timedelta(hours=2), 4)
    Ride.objects.filter(pk=rides.post(here.pk, way, by=wishing, now=now).pk).update(driver=driver)
    doors_of(compound, person, wishing, now)
    of_the_rota(here, site, post.role, person, now)
    ServiceRecord.objects.create(
        volunteer=person,
        sign_up=signup.pk,
        community=here,
        kind="volunteer",
        what="测",
        where="门",
        started_at=now,
        ended_at=now,
        minutes=60,
    )
    ask(PassPlan(person.pk, Target(compound=compound.pk), now, now + timedelta(days=1), "x"), by=wishing, now=now)
    status = set_level(compound.pk, Decree("lockdown", now, "x", "1"), by=wishing, now=now)
    rechecks.run(status.recheck.pk, now)
    thing = Equipment.objects.create(area=here, name="红马甲")
    EquipmentIssue.objects.create(thing=thing, sign_up=signup, number=1, issued_at=now)
    told = Message.objects.filter(target=signup.pk).first()
    Delivery.objects.create(message=told, channel="sms", status="failed", at=now)
    Message.objects.create(kind="call_up", key="1", robot=robot, target=call.pk, due_at=now)
    hook = Webhook.objects.create(area=here, name="h", url="https://example.org/", topics=["shifts"], secret="whsec_")
    happening = Happening.objects.create(topic="shifts", target=shift.pk, state="open", at=now, spread_at=now)
    WebhookDelivery.objects.create(webhook=hook, happening=happening, due_at=now)
    ApiToken.objects.create(user=person.user, name="t", token_hash=str(person.pk), expires_at=now + timedelta(days=9))
    return here


def a_task_force(here, shift, now):
    """With somebody in it, more time asked for, and a note."""
    above = places.lead(here.parent, RoleName.DISTRICT_LEAD)
    plan = task_forces.ForcePlan(here.pk, "专班", "值守", now + timedelta(days=5))
    force = task_forces.found(plan, by=above, now=now)
    task_forces.appoint(force.pk, places.user().pk, Duty.LEAD, by=above, now=now)
    task_forces.ask_extension(force.pk, now + timedelta(days=9), "x", by=above, now=now)
    hand_overs.of_shift(shift.pk, "扫码机已充电", by=above, now=now)


def doors_of(compound, person, lead, now):
    """A round with a beat that the person holds, a tap and the home it found."""
    soon, end = now - timedelta(minutes=30), now + timedelta(hours=3)
    shift = make.shift(places.site(compound=compound, kind="door_beat"), start=soon, length=end - soon)
    seat = make.post(shift, role=make.role("door_knocker"), taken=1, seats_given=1)
    seat = SignUp.objects.create(
        post=seat, shift=shift, volunteer=person, status="confirmed", period=(soon, end), seat_no=1
    )
    stairs = list(Entrance.objects.filter(building__compound=compound).values_list("pk", flat=True))
    way = door_rounds.RoundPlan("通知下楼", stairs, soon, end, shift_id=shift.pk)
    found = door_rounds.begin(compound.community_id, way, by=lead, now=now)
    (beat,) = beats.deal(found.pk, 1, by=lead, now=now)
    beats.give(beat.pk, seat.pk, by=lead, now=now)
    door = RoundDoor.objects.get(stairs__round=found)
    tap = door_visits.Tap(uuid4(), now, door.pk, DoorOutcome.HOME_SERVICE, Need.CARE)
    door_visits.record([tap], by=person.user, now=now)


def of_the_rota(here, site, role, person, now):
    """A rota with a person and a day, a crew with a duty and what it looks at, and something to be brought."""
    rota = Rota.objects.create(
        area=here,
        call_up=make.call(here),
        role=role,
        changes=["06:00", "18:00"],
        pattern="1-",
        first_day=now.date(),
    )
    RotaSite.objects.create(rota=rota, site=site, seats=1)
    member = RotaMember.objects.create(rota=rota, volunteer=person, phase=0, site=site, from_day=now.date())
    RotaDayOff.objects.create(member=member, day=now.date(), given_at=now)
    RotaDay.objects.create(rota=rota, day=now.date(), seats=1, placed=0, published_at=now)
    crew = OutsideCrew.objects.create(
        area=here, organisation=places.organisation(), trade="power", name="x", contact="x", phone="+8612000000001"
    )
    duty = OnCall.objects.create(crew=crew, site=site, period=(now, now + timedelta(hours=8)))
    Inspection.objects.create(on_call=duty, position=1, item="配电室")
    wish = SupplyRequest.objects.create(
        area=here, place="1-1-101", need="food", due_at=now + timedelta(hours=2), created_at=now
    )
    SupplyChange.objects.create(request=wish, need="food", parcels=1, due_at=wish.due_at, at=now)


def rows_of(model, here):
    """The rows of the model that lie in the community, as the admin site scopes them."""
    lead = staff(RoleName.COMMUNITY_LEAD, here)
    page = admin.site._registry[model]
    return model._default_manager.filter(page.scope(lead, page.sees))


OURS = [model for model in admin.site._registry if model._meta.app_label in PACKAGES]
SCOPED = [
    model for model in OURS if model._meta.model_name not in NO_ROWS_OF_ONE_COMMUNITY | SYSTEM | {"area", "community"}
]


def test_every_model_of_the_three_packages_has_a_page():
    events = {event for event in apps.get_models() if issubclass(event, pghistory.models.Event)}
    missing = [
        model._meta.label
        for package in PACKAGES
        for model in apps.get_app_config(package).get_models()
        if model not in admin.site._registry and model not in events and model._meta.label not in INTERNAL
    ]

    assert missing == []


def test_nothing_but_scoped_pages_is_registered():
    assert {model._meta.app_label for model in admin.site._registry} == {*PACKAGES, "pghistory"}


@pytest.fixture
def city():
    return places.area(Level.CITY)


def test_a_lead_finds_the_own_rows_and_no_others(city):
    here, there = world(city), world(city)
    client = browser(RoleName.COMMUNITY_LEAD, here)
    for model in SCOPED:
        mine, foreign = rows_of(model, here).first(), rows_of(model, there).first()
        assert None not in (mine, foreign), model
        pages = [(row, page) for row in (mine, foreign) for page in ("change", "history", "delete")]
        answers = [client.get(address(model, page, row.pk)).status_code for row, page in pages]
        listed = {row.pk for row in client.get(address(model)).context["cl"].queryset}

        assert answers[:2] == [200, 200], model
        assert answers[3:5] == [302, 302], model
        assert answers[5] in {302, 403}, model
        assert listed == set(rows_of(model, here).values_list("pk", flat=True)), model


ALL = [*OURS, pghistory.models.Events]


@pytest.mark.parametrize(
    "role", [RoleName.COMMUNITY_LEAD, RoleName.SYSTEM_ADMIN, RoleName.AUDITOR, RoleName.DISTRICT_LEAD, RoleName.ORG_HR]
)
def test_each_page_answers_each_role_as_it_says(role, city):
    world(city)
    account = staff(role, city)
    client = places.client(account)
    request = RequestFactory().get("/")
    request.user = account
    for model in ALL:
        page = admin.site._registry[model]
        opens, adds = page.has_view_permission(request), page.has_add_permission(request)

        assert client.get(address(model)).status_code == (200 if opens else 403), model
        assert client.get(address(model, "add")).status_code == (200 if adds else 403), model
        if opens and model is not pghistory.models.Events:
            for row in page.get_queryset(request)[:1]:
                assert client.get(address(model, "change", row.pk)).status_code == 200, model


def test_an_auditor_changes_nothing(city):
    request = RequestFactory().get("/")
    request.user = staff(RoleName.AUDITOR, city)
    able = {
        model
        for model in ALL
        for page in [admin.site._registry[model]]
        if page.has_add_permission(request)
        or page.has_change_permission(request)
        or page.has_delete_permission(request)
        or getattr(page, "allowed_steps", lambda _request: [])(request)
    }

    assert able == set()


def test_being_superuser_opens_nothing():
    client = places.client(places.user(is_staff=True, is_superuser=True))

    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_role_without_staff_does_not_open_the_admin_site(city):
    client = places.client(places.lead(city))

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_login_page_is_the_site_s_own_sign_in(client):
    answer = client.get("/admin/login/?next=/admin/staffing/shift/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_a_grant_that_ends_closes_the_site_at_once(city):
    account = staff(RoleName.COMMUNITY_LEAD, city)
    client = places.client(account)
    assert client.get("/admin/").status_code == 200

    account.grants.update(ends_at=timezone.now())

    assert client.get("/admin/").status_code == 302


def test_the_page_of_a_package_lists_what_its_reader_may_open(city):
    client = browser(RoleName.COMMUNITY_LEAD, places.area(parent=city))

    def listed(package):
        return {row["model"] for row in client.get(f"/admin/{package}/").context["app_list"][0]["models"]}

    assert SignUp in listed("staffing")
    assert {Site, ApiToken} & listed("communities") == {Site}
    assert client.get("/admin/nothing/").status_code == 404


def test_scripts_are_never_inline_in_the_admin_site(city):
    policy = browser(RoleName.COMMUNITY_LEAD, city).get("/admin/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert parts["script-src"] == "'self' 'unsafe-eval'"
    assert parts["style-src"] == "'self'"
    assert parts["frame-ancestors"] == "'none'"


def test_lists_cost_the_same_with_one_row_and_with_many(city, queries_of):
    world(city)
    client = browser(RoleName.COMMUNITY_LEAD, city)
    client.get(address(GroupRobot))

    def cost():
        return {model.__name__: queries_of(lambda: client.get(address(model))) for model in SCOPED}  # noqa: B023

    few = cost()
    for _more in range(5):
        world(city)

    assert cost() == few


@pytest.mark.parametrize("asked", ["parked=1", "about=reminder", "status__exact=failed"])
def test_messages_are_found_by_what_became_of_them(asked, city):
    admin_ = browser(RoleName.SYSTEM_ADMIN, places.area(Level.DISTRICT))
    assert admin_.get(f"{address(Message)}?{asked}").status_code == 200


def test_what_only_the_system_administrator_lists_costs_the_same_too(city, queries_of):
    client = browser(RoleName.SYSTEM_ADMIN, city)
    models = [User, Grant, ApiToken, Message, Delivery, Area, Webhook, WebhookDelivery]
    world(city)
    few = {model.__name__: queries_of(lambda: client.get(address(model))) for model in models}  # noqa: B023
    for _more in range(3):
        world(city)

    assert {model.__name__: queries_of(lambda: client.get(address(model))) for model in models} == few  # noqa: B023


def test_zone_policies_are_the_system_administrator_s(city):
    places.policies()
    row = ZonePolicy.objects.first()
    lead = browser(RoleName.COMMUNITY_LEAD, city).get(address(ZonePolicy, "change", row.pk))
    keeper = browser(RoleName.SYSTEM_ADMIN, city).get(address(ZonePolicy, "change", row.pk))

    assert lead.context["has_change_permission"] is False
    assert keeper.context["has_change_permission"] is True


def test_no_state_or_counter_can_be_typed_in():
    forbidden = {
        "status",
        "version",
        "taken",
        "waiting",
        "pledged",
        "tickets",
        "seat_no",
        "position",
        "named",
        "minutes",
    }
    typed = {
        (model.__name__, name)
        for model, page in admin.site._registry.items()
        for name in {*page.fills, *page.edits, *page.list_editable} & forbidden
    }

    assert typed == set()


def test_people_see_names_only_where_their_role_says(city):
    here = world(city)
    name = HeldQualification.objects.get().volunteer.user.name
    lead = browser(RoleName.COMMUNITY_LEAD, here).get("/admin/staffing/signup/").content.decode()
    auditor = browser(RoleName.AUDITOR, here).get("/admin/staffing/signup/").content.decode()

    assert name in lead
    assert name not in auditor
