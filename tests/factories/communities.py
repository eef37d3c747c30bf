"""Places, bodies and accounts for tests: fictional, small, with defaults that do not matter."""

import time
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from communities.models import Area, Compound, Grant, Organisation, Site, User, ZonePolicy, ZoneScheme, ZoneStatus
from communities.states import Entry, Level, RoleName, ZoneLevel

serial = count(1)


def user(name: str = "", phone: str | None = None, **fields: Any) -> User:
    number = next(serial)
    phone = phone or f"+8612{number:09d}"
    return User.objects.create_user(name=name or f"王演示{number:04d}", phone=phone, phone_verified=True, **fields)


def area(level: str = Level.COMMUNITY, parent: Area | None = None, **fields: Any) -> Area:
    return Area.objects.create(level=level, parent=parent, **{"name": f"示范社区{next(serial)}"} | fields)


def compound(community: Area | None = None, **fields: Any) -> Compound:
    return Compound.objects.create(community=community or area(), **{"name": f"示范小区{next(serial)}"} | fields)


def site(area_: Area | None = None, compound: Compound | None = None, **fields: Any) -> Site:
    where = area_ or (compound.community if compound else area())
    number = next(serial)
    return Site.objects.create(
        area=where,
        compound=compound,
        **{"kind": "sampling_point", "name": f"{number}号点", "no": number % 1000} | fields,
    )


def organisation(**fields: Any) -> Organisation:
    return Organisation.objects.create(**{"name": f"示范单位{next(serial)}"} | fields)


def grant(
    role: str = RoleName.COMMUNITY_LEAD, area: Area | None = None, user_: User | None = None, **fields: Any
) -> Grant:
    return Grant.objects.create(user=user_ or user(), role=role, area=area, **fields)


def lead(area: Area, role: str = RoleName.COMMUNITY_LEAD) -> User:
    """An account that holds the role on the area."""
    return grant(role, area).user


def client(user_: User | None = None, *, proved: bool = True, **fields: Any) -> Client:
    """A browser in which the user is signed in; `proved`: with password and second factor, as staff pages ask."""
    browser = Client(**fields)
    if user_:
        browser.force_login(user_)
        prove(browser, user_, *(("password", "mfa") if proved else ("code",)))
    return browser


def prove(browser: Client, user_: User, *methods: str, at: float | None = None) -> None:
    """Write into the session that the user has shown these (password, mfa, code)."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": method, "at": at or time.time()} for method in methods]
    session["account_authentication_methods_user"] = str(user_.pk)
    session.save()


POLICIES = {
    ZoneLevel.NONE: (Entry.ANYONE, True, False),
    ZoneLevel.PRECAUTION: (Entry.ANYONE, True, False),
    ZoneLevel.CONTROLLED: (Entry.GROUP, False, False),
    ZoneLevel.LOCKDOWN: (Entry.RESIDENTS, False, True),
}


def policies() -> None:
    scheme = ZoneScheme.objects.get_or_create(slug="three_zones", defaults={"name": "三区"})[0]
    for strictness, (level, (entry, leave, approval)) in enumerate(POLICIES.items()):
        ZonePolicy.objects.get_or_create(
            level=level,
            defaults={
                "scheme": scheme,
                "name": level,
                "entry": entry,
                "residents_may_leave": leave,
                "needs_approval": approval,
                "strictness": strictness,
            },
        )


def zone(
    level: str, *, since: datetime, compound: Compound | None = None, area: Area | None = None, **fields: Any
) -> ZoneStatus:
    policies()
    until = fields.pop("until", since + timedelta(days=30))
    more = {"issuer": "示范指挥部", "notice_no": f"2022-{next(serial)}"} | fields
    return ZoneStatus.objects.create(level=level, compound=compound, area=area, valid=(since, until), **more)
