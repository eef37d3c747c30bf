"""What a message about a seat or a call has to say, read for any number of them in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from communities.models import Site, User
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name, spoken
from staffing.rules.blocks import decisive


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


@dataclass(frozen=True, slots=True, eq=False)
class Duty:
    """Where and when the people of one post serve. Names are (Chinese, English)."""

    post: int
    version: int
    shift_status: str
    start: datetime
    end: datetime
    arrive: datetime
    community: tuple[str, str]
    site: tuple[str, str]
    gate: tuple[str, str]
    role: tuple[str, str]
    slug: str
    customs: Customs
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One sign-up as its owner is told of it. `rank` is the place in line, `stopped` that they withdrew consent."""

    id: int
    status: str
    reason: str
    start: datetime
    end: datetime
    respond_by: datetime | None
    name: str
    stopped: bool
    rank: int | None
    duty: Duty


SEATS = """
    select u.id, u.status, u.reason, lower(u.period), upper(u.period), u.respond_by, n.name,
        coalesce((select bool_and(k.withdrawn_at is not null) from volunteers_consent k
                  where k.volunteer_id = u.volunteer_id and k.purpose = 'service'), false),
        case when u.status = 'waitlisted' then (
            select count(*) + 1 from staffing_signup w
            where w.post_id = u.post_id and w.status = 'waitlisted'
              and (w.priority, w.position, w.id) < (u.priority, u.position, u.id)) end,
        u.post_id
    from staffing_signup u
    join volunteers_volunteer v on v.id = u.volunteer_id
    join communities_user n on n.id = v.user_id
    where u.id = any(%s)
"""
DUTIES = """
    select p.id, s.version, s.status, s.starts_at, s.ends_at, coalesce(c.arrive_minutes, 20), a.name, a.name_en,
        i.name, i.name_en, i.gate, i.gate_en, r.name, r.name_en, coalesce(c.slug, ''), a.id,
        coalesce(s.leader_id, c.contact_id)
    from staffing_post p
    join staffing_shift s on s.id = p.shift_id
    join staffing_role r on r.id = p.role_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    left join staffing_callup c on c.id = s.call_up_id
    where p.id = any(%s)
"""


def read(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def seats_of(signup_ids: Iterable[int]) -> dict[int, Seat]:
    """By sign-up id; five queries."""
    rows = read(SEATS, list(signup_ids))
    duties = duties_of({row[9] for row in rows})
    names: dict[str, str] = {}
    return {
        row[0]: Seat(  # type: ignore[call-arg]
            *row[:6], names.get(row[6]) or names.setdefault(row[6], first_name(row[6])), *row[7:9], duties[row[9]]
        )
        for row in rows
    }


def duties_of(post_ids: Iterable[int]) -> dict[int, Duty]:
    rows = read(DUTIES, list(post_ids))
    customs = customs_of({row[15] for row in rows})
    contacts = contacts_of({row[16] for row in rows if row[16]})
    return {row[0]: duty(row, customs[row[15]], contacts.get(row[16])) for row in rows}


def duty(row: tuple, customs: Customs, contact: Contact | None) -> Duty:  # type: ignore[type-arg]
    clean = [spoken(name) for name in row[6:14]]
    return Duty(
        post=row[0],
        version=row[1],
        shift_status=row[2],
        start=row[3],
        end=row[4],
        arrive=row[3] - timedelta(minutes=row[5]),
        community=(clean[0], clean[1]),
        site=(clean[2], clean[3]),
        gate=(clean[4], clean[5]),
        role=(clean[6], clean[7]),
        slug=row[14],
        customs=customs,
        contact=contact,
    )


def contacts_of(user_ids: Iterable[int]) -> dict[int, Contact]:
    """Whom to call, by account; who has no phone is nobody to call."""
    users = User.objects.filter(pk__in=user_ids).only("name", "phone_cipher")
    return {user.pk: Contact(first_name(user.name), user.phone) for user in users if user.phone}


def site_names(site_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = Site.objects.filter(pk__in=set(site_ids)).values_list("pk", "name", "name_en")
    return {pk: (spoken(name), spoken(name_en)) for pk, name, name_en in rows}


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that takes people, and how many it still looks for."""

    id: int
    slug: str
    start: datetime
    end: datetime
    urgent: bool
    community: tuple[str, str]
    missing: int
    customs: Customs
    contact: Contact | None = None


CALLS = """
    select c.id, c.slug, c.starts_at, c.ends_at, c.urgent, a.name, a.name_en, a.id,
        s.starts_at, s.ends_at, sum(p.seats - p.pledged - p.taken), c.contact_id
    from staffing_callup c
    join communities_area a on a.id = c.community_id
    join staffing_shift s on s.call_up_id = c.id and s.status = 'open' and s.starts_at > %(now)s
    join staffing_post p on p.shift_id = s.id and p.agency_id is null
    where c.id = any(%(ids)s) and c.status = 'open' and (c.sign_up_until is null or c.sign_up_until > %(now)s)
      and (c.sign_up_from is null or c.sign_up_from <= %(now)s)
    group by c.id, a.id, s.starts_at, s.ends_at
    order by c.id
"""


def open_calls(call_up_ids: Iterable[int], now: datetime) -> dict[int, OpenCall]:
    """Those of the calls that are open, full ones included."""
    with connection.cursor() as cursor:
        cursor.execute(CALLS, {"ids": list(call_up_ids), "now": now})
        rows = cursor.fetchall()
    customs = customs_of({row[7] for row in rows})
    contacts = contacts_of({row[11] for row in rows if row[11]})
    blocks = [list(group) for _call, group in groupby(rows, key=itemgetter(0))]
    return {found[0][0]: open_call(found, customs[found[0][7]], contacts) for found in blocks}


def open_call(blocks: list[tuple[Any, ...]], customs: Customs, contacts: Mapping[int, Contact]) -> OpenCall:
    """From one row for each of its blocks."""
    call, slug, start, end, urgent, name, name_en = blocks[0][:7]
    community, contact = (spoken(name), spoken(name_en)), contacts.get(blocks[0][11])
    return OpenCall(call, slug, start, end, urgent, community, short(blocks), customs, contact)


def short(blocks: list[tuple[Any, ...]]) -> int:
    return sum(int(block[10]) for block in decisive(blocks, itemgetter(8, 9), itemgetter(10)))


def still_missing(call_up_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """How many people those of the calls look for that are open; one query."""
    with connection.cursor() as cursor:
        cursor.execute(CALLS, {"ids": list(call_up_ids), "now": now})
        rows = cursor.fetchall()
    return {call: short(list(blocks)) for call, blocks in groupby(rows, key=itemgetter(0))}
