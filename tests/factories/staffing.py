"""People, calls, shifts and posts for tests. NIGHT is the evening before the shift; DAWN its start."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from communities.models import Area, Compound, Site, User
from staffing.models import (
    CallUp,
    DemandPlan,
    Lending,
    LentPerson,
    NormProfile,
    Post,
    PostRule,
    Role,
    Secondment,
    Shift,
    SignUp,
)
from staffing.queries.norms import norm_of
from staffing.rules.demand import Place
from staffing.states import CallStatus, Crewing, ShiftStatus
from tests.factories import communities as places
from tests.factories.communities import serial
from volunteers.models import (
    Affiliation,
    Consent,
    Enrolment,
    HeldQualification,
    Qualification,
    ServiceRecord,
    Volunteer,
)
from volunteers.states import CONSENT_TEXT

TAIYUAN = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2022, 4, 3, 20, 0, tzinfo=TAIYUAN)
DAWN = datetime(2022, 4, 4, 5, 30, tzinfo=TAIYUAN)
BLOCK = timedelta(hours=3, minutes=15)


def volunteer(
    home: Compound | None = None, *, community: Area | None = None, user: User | None = None, **fields: Any
) -> Volunteer:
    person = Volunteer.objects.create(user=user or places.user(), residence=home, **{"is_adult": True} | fields)
    if community or home:
        Enrolment.objects.create(volunteer=person, community=community or home.community, channel="web")
    return person


def seconded(area: Area, home: Compound | None = None, **fields: Any) -> Volunteer:
    """Somebody on duty with the area, lent by a unit of their own, for the fortnight around NIGHT."""
    person = volunteer(home, community=area, **{"kind": "seconded"} | fields)
    lend(person, area)
    return person


def lend(person: Volunteer, area: Area, **fields: Any) -> Secondment:
    unit, officer, now = (
        fields.pop("organisation", None) or places.organisation(),
        places.user(),
        NIGHT - timedelta(days=1),
    )
    Affiliation.objects.get_or_create(volunteer=person, organisation=unit)
    defaults = {
        "status": "active",
        "period": (now, now + timedelta(days=14)),
        "proposed_by": officer,
        "proposed_at": now,
        "approved_by": officer,
        "approved_at": now,
        "accepted_by": places.user(),
        "accepted_at": now,
        "acknowledged_at": now,
    }
    return Secondment.objects.create(volunteer=person, area=area, organisation=unit, **defaults | fields)


def lending(person: Volunteer, giver: Area, taker: Area, **fields: Any) -> Lending:
    """Somebody lent by one community to another, as both have agreed."""
    now, binds = NIGHT - timedelta(hours=1), fields.pop("binds", True)
    defaults = {
        "period": (now, now + timedelta(days=2)),
        "reason": "缺人",
        "status": "agreed" if binds else "proposed",
        "proposed_by": places.user(),
        "proposed_at": now,
        "given_by": places.user() if binds else None,
        "given_at": now if binds else None,
        "taken_by": places.user() if binds else None,
        "taken_at": now if binds else None,
    }
    made = Lending.objects.create(giver=giver, taker=taker, **defaults | fields)
    LentPerson.objects.create(lending=made, volunteer=person, period=made.period, binds=binds)
    return made


def served(person: Volunteer, times: int = 1, *, until: datetime = NIGHT - timedelta(days=40)) -> None:
    """Two hours on as many days, the last one ending then."""
    ServiceRecord.objects.bulk_create(
        ServiceRecord(
            volunteer=person,
            sign_up=-next(serial),
            community=person.enrolments.get().community,
            kind=person.kind,
            what="核酸检测",
            where="1号点",
            started_at=until - timedelta(days=n, hours=2),
            ended_at=until - timedelta(days=n),
            minutes=120,
        )
        for n in range(times)
    )


def role(slug: str = "", **fields: Any) -> Role:
    slug = slug or f"role-{next(serial)}"
    return Role.objects.get_or_create(slug=slug, defaults={"name": f"岗位{slug}", "name_en": slug, **fields})[0]


def qualification(slug: str = "typing", **fields: Any) -> Qualification:
    defaults = {"name": slug, "kind": "skill", "self_declared": True} | fields
    return Qualification.objects.get_or_create(slug=slug, defaults=defaults)[0]


def consent(person: Volunteer, purpose: str = "service") -> Consent:
    """As the sign-up form of today records it."""
    more = {"text_version": CONSENT_TEXT, "channel": "web", "given_at": NIGHT}
    return Consent.objects.create(volunteer=person, purpose=purpose, **more)


def held(person: Volunteer, slug: str, **fields: Any) -> HeldQualification:
    return HeldQualification.objects.create(volunteer=person, qualification=qualification(slug), **fields)


def call(community: Area | None = None, **fields: Any) -> CallUp:
    defaults = {
        "title": "明早核酸，招志愿者",
        "title_en": "Volunteers needed tomorrow morning",
        "activity": "第2轮核酸检测",
        "activity_en": "Testing round 2",
        "starts_at": DAWN,
        "ends_at": DAWN + 2 * BLOCK,
        "status": CallStatus.OPEN,
        "risks": "近距离接触居民",
        "protection": "防护服、口罩",
        "insured": True,
        "published_at": NIGHT - timedelta(hours=1),
    }
    return CallUp.objects.create(community=community or places.area(), **defaults | fields)


def shift(
    site: Site | None = None,
    call_up: CallUp | None = None,
    *,
    start: datetime = DAWN,
    length: timedelta = BLOCK,
    **fields: Any,
) -> Shift:
    site = site or places.site(call_up.community if call_up else None)
    defaults = {"status": ShiftStatus.OPEN, "briefing": "洗手，戴好口罩"}
    return Shift.objects.create(
        site=site, call_up=call_up, starts_at=start, ends_at=start + length, **defaults | fields
    )


def post(shift_: Shift | None = None, seats: int = 1, **fields: Any) -> Post:
    return Post.objects.create(
        shift=shift_ or shift(), role=fields.pop("role", None) or role("data_entry"), seats=seats, **fields
    )


def norm(area: Area | None = None, **fields: Any) -> NormProfile:
    """75 people an hour on a lane, and a clerk on each."""
    defaults = {"name": "示范标准", "slug": f"norm-{next(serial)}", "lane_rate": 75, "point_kind": "sampling_point"}
    profile = NormProfile.objects.create(area=area, **defaults | fields)
    PostRule.objects.create(profile=profile, role=role("data_entry"), basis="lane")
    return profile


def plan(compound: Compound, lead: User, *, starts_at: datetime = DAWN, no: int = 1) -> DemandPlan:
    """Two blocks with two crews for the compound's 900 residents: two lanes."""
    from staffing.actions import plans, rounds

    profile, ends_at = norm(compound.community), starts_at + 2 * BLOCK
    spots = [Place(compound.pk, 900)]
    draft = plans.Draft(profile.pk, norm_of(profile), spots, starts_at, ends_at, crewing=Crewing.TWO_CREWS)
    one = rounds.begin(compound.community_id, "核酸检测", no=no, by=lead)
    return plans.save(one.pk, draft, by=lead, now=starts_at - timedelta(hours=9))


def seats(count: int, **fields: Any) -> Sequence[SignUp]:
    """`count` people with a confirmed seat each on a post that is then full."""
    from staffing.actions.signups import sign_up

    place = post(seats=count, **fields)
    return [sign_up(place.pk, volunteer().pk, now=NIGHT) for _seat in range(count)]
