"""Whom a notice reaches, by which way; and how it goes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from communities.models import Area, GroupRobot, Message
from staffing.models import Broadcast, NoticeTemplate
from staffing.states import Urgency

BROADCAST, TO_THOSE_ON_DUTY, TRIAL = "broadcast", "duty_notice", "broadcast_trial"
KINDS = (BROADCAST, TO_THOSE_ON_DUTY)

# Of a call: who has a place in it. Else: who is enrolled with the area or a part of it. Consent not withdrawn; fewer by
# qualification and home.
PEOPLE = """
    select distinct v.user_id
    from staffing_broadcast b
    join communities_area a on a.id = b.area_id
    cross join volunteers_volunteer v
    where b.id = %(broadcast)s
      and (b.compound_id is null or v.residence_id = b.compound_id)
      and (b.qualification_id is null or exists (
            select from volunteers_heldqualification h join volunteers_qualification q on q.id = h.qualification_id
            where h.volunteer_id = v.id and h.qualification_id = b.qualification_id
              and (q.self_declared or h.verified_at is not null)
              and (h.expires_on is null or h.expires_on >= %(now)s::date)))
      and case when b.call_up_id is null
          then v.id in (select e.volunteer_id from volunteers_enrolment e
                        join communities_area p on p.id = e.community_id
                        where e.ended_at is null and p.path like a.path || '%%')
          else v.id in (select u.volunteer_id from staffing_signup u join staffing_shift s on s.id = u.shift_id
                        where s.call_up_id = b.call_up_id
                          and u.status in ('invited', 'signed_up', 'waitlisted', 'confirmed', 'checked_in')) end
      and v.id not in (select k.volunteer_id from volunteers_consent k where k.purpose = 'service'
                       group by k.volunteer_id having bool_and(k.withdrawn_at is not null))
"""
READERS = f"""
    select n.id, n.muted_at is not null as muted, o.id is not null and b.call_up_id is null as unwanted,
        case when n.phone_hash is not null and %(sms)s then 'sms'
             when %(push)s and exists (select from communities_browser w where w.user_id = n.id) then 'push'
             when n.email is not null then 'email' else '' end as way
    from ({PEOPLE}) p
    join communities_user n on n.id = p.user_id and n.is_active
    join staffing_broadcast b on b.id = %(broadcast)s
    left join communities_optout o on o.user_id = n.id and o.topic = 'news'
"""
COUNT = f"""
    select count(*),
        count(*) filter (where not muted and not unwanted and way = 'sms'),
        count(*) filter (where not muted and not unwanted and way = 'push'),
        count(*) filter (where not muted and not unwanted and way = 'email'),
        count(*) filter (where muted or unwanted),
        count(*) filter (where not muted and not unwanted and way = '')
    from ({READERS}) r
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a notice is for; of them by the way that is tried first, who wants none, who has no way."""

    all: int
    sms: int
    push: int
    email: int
    unwilling: int
    unreachable: int
    groups: int = 0

    @property
    def people(self) -> int:
        return self.sms + self.push + self.email


def values(broadcast: Broadcast, now: datetime) -> dict[str, Any]:
    return {
        "broadcast": broadcast.pk,
        "now": now,
        "sms": bool(settings.SMS_GATEWAY_URL),
        "push": bool(settings.VAPID_PRIVATE_KEY),
    }


def reach(broadcast: Broadcast, now: datetime) -> Reach:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values(broadcast, now))
        row: tuple[int, int, int, int, int, int] = cursor.fetchone()
    return Reach(*row, groups=robots(broadcast).count() if broadcast.groups else 0)


def robots(broadcast: Broadcast) -> QuerySet[GroupRobot]:
    return GroupRobot.objects.filter(area__path__startswith=broadcast.area.path, active=True)


def kind_of(broadcast: Broadcast) -> str:
    """To those with a place in a call it is about their own duty."""
    return TO_THOSE_ON_DUTY if broadcast.call_up_id else BROADCAST


def queue_of(broadcast: Broadcast) -> str:
    """A digest falls under a topic, which its reader may have ended; what is about a duty comes beside it."""
    match Urgency(broadcast.urgency):
        case Urgency.EMERGENCY:
            return "callup"
        case Urgency.EVENING if not broadcast.call_up_id:
            return "digest"
    return "messages"


@dataclass(frozen=True, slots=True)
class Standing:
    """The messages of a notice by what has become of them."""

    waiting: int = 0
    gathered: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    kept_back: int = 0

    @property
    def left(self) -> int:
        return self.sent + self.delivered


STANDING = """
    select count(*) filter (where m.status in ('scheduled', 'sending')),
        count(*) filter (where m.status = 'gathered'),
        count(*) filter (where m.status = 'sent'),
        count(*) filter (where m.status in ('delivered', 'acknowledged')),
        count(*) filter (where m.status = 'failed'),
        count(*) filter (where m.status in ('cancelled', 'expired'))
    from communities_message m
    where m.kind = any(%(kinds)s) and m.target = %(broadcast)s
"""


def standing(broadcast: Broadcast) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"kinds": list(KINDS), "broadcast": broadcast.pk})
        return Standing(*cursor.fetchone())


def failed(broadcast: Broadcast, now: datetime) -> QuerySet[Message]:
    """Those that did not arrive, and may be tried again."""
    return Message.objects.failed(now).filter(kind__in=KINDS, target=broadcast.pk)


def templates(area: Area) -> QuerySet[NoticeTemplate]:
    """The area's own and those of the areas above it, its own first."""
    found = NoticeTemplate.objects.filter(active=True, area__in=area.ancestor_ids)
    return found.select_related("area").order_by("-area__path", "name")
