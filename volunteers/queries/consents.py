"""What people have agreed to, and what follows from a withdrawal."""

from collections.abc import Set

from django.db import connection

from volunteers.models import Consent
from volunteers.rules.certificates import FREELY

# Closed accounts, and volunteers who have taken back every consent to be scheduled. Who is on duty for an employer or
# holds a role is told on that ground: that has nothing to do with their volunteering.
SILENT = """
    select u.id from communities_user u
    where u.id = any(%(readers)s) and (not u.is_active or exists (
        select from volunteers_volunteer v
        where v.user_id = u.id and v.kind = any(%(freely)s)
          and (select bool_and(c.withdrawn_at is not null) from volunteers_consent c
               where c.volunteer_id = v.id and c.purpose = 'service')
          and not exists (select from communities_grant g where g.user_id = u.id and g.starts_at <= clock_timestamp()
                          and (g.ends_at is null or g.ends_at > clock_timestamp()))))
"""


def silent(readers: Set[int]) -> Set[int]:
    """Those of these accounts who must not be told anything: one query."""
    with connection.cursor() as cursor:
        cursor.execute(SILENT, {"readers": sorted(readers), "freely": sorted(FREELY)})
        return {row[0] for row in cursor.fetchall()}


def in_force(volunteer_id: int) -> dict[str, Consent]:
    """What the person agrees to now, by purpose; the newest word of each."""
    found = Consent.objects.filter(volunteer=volunteer_id, withdrawn_at=None).order_by("given_at", "pk")
    return {one.purpose: one for one in found}
