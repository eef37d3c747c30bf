"""Whom a call may be told to: people of the community who are free to be asked."""

from dataclasses import dataclass

from django.db import connection

from communities.models import Message
from staffing.models import SignUp

# Enrolled with the community or a part of it; reachable; wants to hear of calls; consent not withdrawn; not away all the time; neither signed
# up in this call nor turned away or withdrawn from it; nor have they said no to it.
# `not in` and not `not exists`: each list is made once and looked up, whatever the planner believes of the tables.
AUDIENCE = """
    select distinct v.user_id
    from staffing_callup c
    join communities_area a on a.id = c.community_id
    join communities_area b on b.path like a.path || '%%'
    join volunteers_enrolment e on e.community_id = b.id and e.ended_at is null
    join volunteers_volunteer v on v.id = e.volunteer_id
    join communities_user n on n.id = v.user_id
    where c.id = %(call_up)s and v.kind = 'volunteer' and v.is_adult
      and n.is_active and n.muted_at is null and (n.phone_hash is not null or n.email is not null)
      and v.id not in (select k.volunteer_id from volunteers_consent k where k.purpose = 'service'
                       group by k.volunteer_id having bool_and(k.withdrawn_at is not null))
      and v.id not in (select w.volunteer_id from volunteers_absence w join staffing_callup l on l.id = %(call_up)s
                       where w.period @> tstzrange(l.starts_at, l.ends_at))
      and v.user_id not in (select r.user_id from staffing_reply r
                            where r.call_up_id = %(call_up)s and r.said = 'not_this_time')
      and v.user_id not in (select o.user_id from communities_optout o where o.topic = 'calls')
      and v.id not in (select u.volunteer_id from staffing_signup u join staffing_shift s on s.id = u.shift_id
                       where s.call_up_id = %(call_up)s and u.reason <> 'shift_cancelled')
"""
# Of them those whom the call has reached, and who have said nothing since.
SILENT = f"""
    select a.user_id from ({AUDIENCE}) a
    where a.user_id in (select m.reader_id from communities_message m where m.kind = 'call_up'
                          and m.target = %(call_up)s and m.reader_id is not null and m.status in ('sent', 'delivered'))
      and a.user_id not in (select m.reader_id from communities_message m where m.kind = 'call_up'
                            and m.target = %(call_up)s and m.reader_id is not null
                            and m.status in ('scheduled', 'sending'))
"""
# Those whom a message of the call has reached, or may reach yet. One that was kept back has asked nobody.
ASKED = """
    select m.reader_id from communities_message m
    where m.kind = 'call_up' and m.target = %(call_up)s and m.reader_id is not null and m.status <> 'cancelled'
"""
COUNT = f"""
    select count(*), count(*) filter (where x.user_id not in ({ASKED}))
    from ({{people}}) x
"""


@dataclass(frozen=True, slots=True)
class Audience:
    """People of a call: who may be asked at all, who of them has not been asked yet, who was and says nothing, and
    how many were asked and have a place now.
    """

    all: int = 0
    unasked: int = 0
    silent: int = 0
    came: int = 0

    @property
    def one_in(self) -> int:
        """Of so many who were asked, one has come so far; 0 before the first."""
        return round((self.silent + self.came) / self.came) if self.came else 0


def audience(call_up_id: int) -> Audience:
    everybody, unasked = count(AUDIENCE, call_up_id)
    return Audience(everybody, unasked, count(SILENT, call_up_id)[0], came(call_up_id))


def came(call_up_id: int) -> int:
    told = Message.objects.filter(kind="call_up", target=call_up_id, reader__isnull=False).values("reader")
    placed = SignUp.objects.alive().filter(shift__call_up=call_up_id, volunteer__user__in=told)
    return placed.values("volunteer").distinct().count()


def count(people: str, call_up_id: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(people=people), {"call_up": call_up_id})
        everybody, unasked = cursor.fetchone()
    return everybody, unasked
