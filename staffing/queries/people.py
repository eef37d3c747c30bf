"""What a sign-up form may fill in for somebody who is signed in."""

from dataclasses import dataclass

from communities.models import User
from communities.queries.prepared import fetch
from volunteers.states import CONSENT_TEXT, Purpose


@dataclass(frozen=True, slots=True)
class Known:
    volunteer: int
    residence: int | None
    is_adult: bool
    enrolled: bool
    consented: bool
    skills: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """All that a form would ask once has been answered."""
        return self.is_adult and self.consented


KNOWN = """
    select v.id, v.residence_id, v.is_adult,
        exists (select from volunteers_enrolment e
                where e.volunteer_id = v.id and e.community_id = %(community)s::bigint and e.ended_at is null),
        exists (select from volunteers_consent c where c.volunteer_id = v.id and c.purpose = %(purpose)s::text
                and c.text_version = %(text)s::text and c.withdrawn_at is null),
        array(select q.slug from volunteers_heldqualification h join volunteers_qualification q on q.id = h.qualification_id
              where h.volunteer_id = v.id and q.self_declared order by q.id)
    from volunteers_volunteer v
    where v.user_id = %(user)s::bigint
"""


def known(user: User, community_id: int) -> Known | None:
    """What is on record of the account's owner; None if they have never served."""
    found = fetch(KNOWN, user=user.pk, community=community_id, purpose=Purpose.SERVICE, text=CONSENT_TEXT)
    if not found:
        return None
    volunteer, residence, is_adult, enrolled, consented, skills = found[0]
    return Known(volunteer, residence, is_adult, enrolled, consented, tuple(skills))
