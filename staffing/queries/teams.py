"""Teams as their readers see them, and the people of an area who could be in one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from communities.models import Area
from staffing.models import Secondment, Team, TeamMember
from staffing.rules.teams import Candidate
from staffing.states import TeamPart
from volunteers.models import Enrolment, HeldQualification, Volunteer

NAMED = ("area", "organisation", "task_force")
COUNTS = Q(qualification__self_declared=True) | Q(verified_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Pool:
    """Out of whom teams are formed: people of an area, of one kind or all, lent by one unit or whoever."""

    area: Area
    organisation: str = ""  # path of the unit that lends them
    kind: str = ""

    def people(self) -> QuerySet[Volunteer]:
        """Those in no team of the area yet, in the order in which they were entered."""
        taken = TeamMember.objects.present().filter(area=self.area).values("volunteer")
        found = Volunteer.objects.filter(self.known()).exclude(pk__in=taken)
        return (found.filter(kind=self.kind) if self.kind else found).order_by("pk")

    def known(self) -> Q:
        """Those checked in there; asked for a unit's, those on duty there."""
        if self.organisation:
            lent = Secondment.objects.active().filter(organisation__path__startswith=self.organisation)
            return Q(pk__in=lent.filter(area__path__startswith=self.area.path).values("volunteer"))
        here = Enrolment.objects.filter(ended_at=None, community__path__startswith=self.area.path)
        return Q(pk__in=here.values("volunteer"))


def candidates(pool: Pool) -> list[Candidate]:
    """Everybody in the pool with home and skills; two queries."""
    found = [Candidate(*row) for row in pool.people().values_list("pk", "residence__community")]
    can = skills_of(pool.people().order_by().values("pk"))
    return [replace(one, skills=can.get(one.person, frozenset())) for one in found]


def candidates_of(volunteer_ids: Collection[int]) -> list[Candidate]:
    """The same for people who are known."""
    rows = Volunteer.objects.filter(pk__in=volunteer_ids).order_by("pk").values_list("pk", "residence__community")
    can = skills_of(volunteer_ids)
    return [Candidate(pk, home, can.get(pk, frozenset())) for pk, home in rows]


def accounts(volunteer_ids: Collection[int]) -> dict[int, int]:
    """The account of each person."""
    return dict(Volunteer.objects.filter(pk__in=volunteer_ids).values_list("pk", "user"))


def skills_of(volunteer_ids: Collection[int] | QuerySet[Any, Any]) -> dict[int, frozenset[int]]:
    """What they can do and counts; by volunteer."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    held = HeldQualification.objects.filter(COUNTS, volunteer__in=volunteer_ids)
    for volunteer, qualification in held.values_list("volunteer", "qualification"):
        found[volunteer].add(qualification)
    return {pk: frozenset(can) for pk, can in found.items()}


def listed(teams: QuerySet[Team]) -> list[Any]:
    """With `size` and `heads`, the leader and the deputy: two queries for any number."""
    rows: list[Any] = list(
        teams.select_related(*NAMED).annotate(size=Count("members", filter=Q(members__left_at=None)))
    )
    heads = defaultdict(list)
    parts = TeamMember.objects.present().filter(team__in=rows, part__in=[TeamPart.LEADER, TeamPart.DEPUTY])
    for member in parts.select_related("volunteer__user").order_by("-part"):
        heads[member.team_id].append(member)
    for row in rows:
        row.heads = heads[row.pk]
    return rows


ORDER = {TeamPart.LEADER: 0, TeamPart.DEPUTY: 1, TeamPart.MEMBER: 2}


def members_of(team: Team) -> list[TeamMember]:
    """Those in it now: leader, deputy, then the others as they came."""
    about = ("volunteer__user", "volunteer__residence__community")
    rows = TeamMember.objects.present().filter(team=team).select_related(*about).order_by("pk")
    return sorted(rows, key=lambda member: ORDER[TeamPart(member.part)])


def teams_of(person: Volunteer) -> QuerySet[TeamMember]:
    """Where somebody is in now, each with the name of whoever leads it as `leader`."""
    leads = TeamMember.objects.present().filter(team=OuterRef("team"), part=TeamPart.LEADER)
    rows = TeamMember.objects.present().filter(volunteer=person).select_related("team__area").order_by("pk")
    return rows.annotate(leader=Subquery(leads.values("volunteer__user__name")[:1]))


def groups_of(teams: Iterable[Team]) -> dict[int, list[Candidate]]:
    """The people of standing teams as the balance counts them; by team, three queries."""
    rows = TeamMember.objects.present().filter(team__in=list(teams)).order_by("pk").values_list("team", "volunteer")
    known = {one.person: one for one in candidates_of([volunteer for _team, volunteer in rows])}
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for team, volunteer in rows:
        found[team].append(known[volunteer])
    return found


def home_names(ids: Iterable[int | None]) -> Mapping[int | None, Area]:
    found: dict[int | None, Area] = dict(Area.objects.in_bulk([pk for pk in ids if pk]))
    return found


def elsewhere(area_id: int, volunteer_ids: Sequence[int]) -> list[str]:
    """The names of those who are in a team of the area already."""
    rows = TeamMember.objects.present().filter(area=area_id, volunteer__in=volunteer_ids)
    return list(rows.order_by("pk").values_list("volunteer__user__name", flat=True))
