"""What a task force has to work with: posts, people on loan and volunteers of its area (domain.md R5)."""

from dataclasses import dataclass

from communities.models import Area, Site
from staffing.models import Secondment
from volunteers.models import Enrolment
from volunteers.states import PersonKind


@dataclass(frozen=True, slots=True)
class Strength:
    posts: int
    seconded: int
    volunteers: int


def strength(area: Area) -> Strength:
    """Three counts. A person checked in with two communities of the area is one."""
    here = Enrolment.objects.filter(ended_at=None, community__path__startswith=area.path)
    neighbours = here.filter(volunteer__kind=PersonKind.VOLUNTEER).values("volunteer").distinct()
    lent = Secondment.objects.active().filter(area__path__startswith=area.path)
    return Strength(Site.objects.filter(area__path__startswith=area.path).count(), lent.count(), neighbours.count())
