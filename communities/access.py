"""Who may do what, where: a role on a node of a tree gives capabilities over everything below it (domain.md 4.1)."""

from collections.abc import Iterable
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.models import Area, Grant, Organisation, User
from communities.queries.prepared import loaded
from communities.states import RoleName

type Visitor = User | AnonymousUser


class May(StrEnum):
    SEE = "see"  # boards and figures
    NAMES = "names"  # who stands where
    PHONES = "phones"  # how to reach them
    RUN = "run"  # calls, shifts and posts; confirm, decline, move
    PLAN = "plan"  # norms, rounds and what they need; to make it stand is RUN
    ADMIT = "admit"  # enter people on their behalf, walk-ins
    CHECK_IN = "check_in"
    PLACES = "places"
    ZONES = "zones"  # set them, issue passes
    PROPOSE = "propose"  # ask for a zone or a pass
    SCHEME = "scheme"  # what the levels mean
    HISTORY = "history"
    DOORS = "doors"  # what was found at which door
    PLEDGE = "pledge"  # promise and name an organisation's people
    LEND = "lend"  # an organisation's staff list; whom of them it seconds
    COMMAND = "command"  # the ranked board and the report of everything below; take a board over
    SHARE = "share"  # propose that communities lend each other people
    CLOSE = "close"  # an incident: its names go, its hours stay
    ADMINISTER = "administer"  # accounts, grants, tokens, settings


CAPABILITIES: dict[RoleName, frozenset[May]] = {
    RoleName.CITY_COMMAND: frozenset({May.SEE, May.ZONES, May.SCHEME, May.COMMAND, May.CLOSE}),
    RoleName.DISTRICT_LEAD: frozenset({May.SEE, May.NAMES, May.PLAN, May.ZONES, May.COMMAND, May.SHARE, May.CLOSE}),
    RoleName.SUBDISTRICT_LEAD: frozenset({May.SEE, May.NAMES, May.PLAN, May.COMMAND, May.SHARE, May.CLOSE}),
    RoleName.COMMUNITY_LEAD: frozenset(
        {
            May.SEE,
            May.NAMES,
            May.PHONES,
            May.RUN,
            May.PLAN,
            May.ADMIT,
            May.CHECK_IN,
            May.PLACES,
            May.PROPOSE,
            May.HISTORY,
            May.DOORS,
            May.CLOSE,
        }
    ),
    RoleName.GRID_MEMBER: frozenset({May.SEE, May.NAMES, May.ADMIT, May.DOORS}),
    RoleName.POINT_LEAD: frozenset({May.SEE, May.NAMES, May.ADMIT, May.CHECK_IN}),
    RoleName.TASKFORCE_LEAD: frozenset({May.SEE, May.NAMES, May.RUN, May.PLAN, May.ADMIT, May.CHECK_IN}),
    RoleName.ACTING_LEAD: frozenset(
        {May.SEE, May.NAMES, May.RUN, May.PLAN, May.ADMIT, May.CHECK_IN, May.PROPOSE, May.HISTORY}
    ),
    RoleName.ORG_HR: frozenset({May.PLEDGE, May.LEND}),
    RoleName.AGENCY_LEAD: frozenset({May.PLEDGE}),
    RoleName.AUDITOR: frozenset({May.SEE, May.HISTORY}),
    RoleName.SYSTEM_ADMIN: frozenset({May.ADMINISTER, May.SCHEME}),
}


# As Grants.in_force says.
IN_FORCE = """
    where t.user_id = %(user)s::bigint and t.starts_at <= %(now)s::timestamptz
        and (t.ends_at is null or t.ends_at > %(now)s::timestamptz)
    order by t.id
"""


def grants_of(user: Visitor) -> list[Grant]:
    """The grants in force now, read once per loaded user, that is once per request."""
    if not isinstance(user, User):
        return []
    if "grants_now" not in user.__dict__:
        user.__dict__["grants_now"] = loaded(Grant, IN_FORCE, "area", "organisation", user=user.pk, now=timezone.now())
    found: list[Grant] = user.__dict__["grants_now"]
    return found


def granted(user: Visitor, capability: May) -> list[Grant]:
    return [grant for grant in grants_of(user) if capability in CAPABILITIES[RoleName(grant.role)]]


def has_grant(user: Visitor) -> bool:
    return bool(grants_of(user))


def area_paths(user: Visitor, capability: May) -> list[str]:
    return [grant.area.path for grant in granted(user, capability) if grant.area]


def organisation_paths(user: Visitor, capability: May) -> list[str]:
    return [grant.organisation.path for grant in granted(user, capability) if grant.organisation]


def below(paths: Iterable[str], field: str) -> Q:
    """Rows whose `field` (a path) is one of these nodes or below one; nothing when there are none."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(**{f"{field}__startswith": path})
    return wanted


def within(user: Visitor, capability: May, area: str) -> Q:
    """Rows whose area, reached over the lookup `area` ("" for an Area itself), the user has the capability on."""
    return below(area_paths(user, capability), f"{area}__path" if area else "path")


def of_place(user: Visitor, capability: May) -> Q:
    """Rows that belong to a compound or to an area, where the user has the capability on it."""
    return within(user, capability, "compound__community") | within(user, capability, "area")


def areas(user: Visitor, capability: May) -> QuerySet[Area]:
    return Area.objects.filter(within(user, capability, ""))


def organisations(user: Visitor, capability: May) -> QuerySet[Organisation]:
    return Organisation.objects.filter(below(organisation_paths(user, capability), "path"))


def may(user: Visitor, capability: May, area: Area) -> bool:
    return any(area.path.startswith(path) for path in area_paths(user, capability))
