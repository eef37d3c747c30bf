"""Teams: formed by hand, or proposed alike and adopted as they were shown; changed, sent to a shift, dissolved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from communities.errors import Invalid, Refused
from communities.models import Area, Organisation, User
from staffing.actions.decisions import ASSIGNABLE, Placed, assign, invite
from staffing.locks import hold_volunteers, patience
from staffing.messages import teams as messages
from staffing.models import Team, TeamMember
from staffing.phrases import field_error
from staffing.queries import teams as queries
from staffing.queries.teams import Pool
from staffing.rules.teams import Balance, Candidate, against, balance, fingerprint, numbered
from staffing.states import TeamPart
from volunteers.models import Enrolment

MOST_BY_HAND = 500
MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """Which teams are wanted: of whom, how many, called what; `seed` chooses among those that are equally alike."""

    area: int
    name: str
    teams: int
    name_en: str = ""
    organisation: int | None = None
    kind: str = ""
    task_force: int | None = None
    seed: int = 0

    def names(self) -> list[tuple[str, str]]:
        pairs = zip(numbered(self.name, self.teams), numbered(self.name_en, self.teams), strict=True)
        return list(pairs)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Teams as they would be; nothing of it stands anywhere. `mark` is what adopting them asks for."""

    groups: Sequence[Sequence[Candidate]]
    balance: Balance
    mark: str = field(default="")


def propose(wish: Wish) -> Proposal:
    """Everybody in the pool, split. Raises Invalid without a name, Refused where so many teams cannot be."""
    if not wish.name.strip():
        raise Invalid(name=field_error("missing"))
    people = queries.candidates(pool_of(wish))
    if reasons := against(len(people), wish.teams):
        raise Refused(reasons)
    groups = split(people, wish)
    return Proposal(groups, balance(groups), mark_of(groups))


def pool_of(wish: Wish) -> Pool:
    unit = Organisation.objects.get(pk=wish.organisation).path if wish.organisation else ""
    return Pool(Area.objects.get(pk=wish.area), unit, wish.kind)


def split(people: Sequence[Candidate], wish: Wish) -> list[list[Candidate]]:
    import numpy as np  # not in web workers until somebody asks for a proposal

    from staffing.matching.teams import split as alike

    column = {skill: index for index, skill in enumerate(sorted({skill for one in people for skill in one.skills}))}
    skills = np.zeros((len(people), len(column)), np.int64)
    for row, one in enumerate(people):
        skills[row, [column[skill] for skill in one.skills]] = 1
    homes = np.array([one.home or 0 for one in people], np.int64)
    groups: list[list[Candidate]] = [[] for _team in range(wish.teams)]
    for one, team in zip(people, alike(homes, skills, wish.teams, wish.seed), strict=True):
        groups[team].append(one)
    return groups


def mark_of(groups: Iterable[Iterable[Candidate]]) -> str:
    return fingerprint([one.person for one in group] for group in groups)


@transaction.atomic
def adopt(wish: Wish, mark: str, *, by: User, now: datetime) -> list[Team]:
    """Form the teams that were shown, all or none. Adopted again, returns them.

    Raises Refused("proposal_changed") if the people are not the same any more.
    """
    area = hold_area(wish.area)
    if standing := adopted(wish, mark):
        return standing
    found = propose(wish)
    if found.mark != mark:
        raise Refused("proposal_changed")
    unchanged(wish, found)
    teams = make(wish, area, wish.names(), by=by, now=now)
    enter((team, [one.person for one in group]) for team, group in zip(teams, found.groups, strict=True))
    return teams


def unchanged(wish: Wish, found: Proposal) -> None:
    """The people are held from here on. Raises Refused if they are not those who were split a moment ago."""
    people = sorted((one for group in found.groups for one in group), key=lambda one: one.person)
    hold_volunteers(one.person for one in people)
    if queries.candidates(pool_of(wish)) != people:
        raise Refused("proposal_changed")


def hold_area(area_id: int) -> Area:
    """Two who form teams of the same area come one after the other."""
    with patience():
        return Area.objects.select_for_update(no_key=True).get(pk=area_id)


def adopted(wish: Wish, mark: str) -> list[Team]:
    """The teams of these names, if the very people who were shown are in them."""
    named = {team.name: team for team in Team.objects.standing().filter(area=wish.area)}
    teams = [named[name] for name, _english in wish.names() if name in named]
    groups = queries.groups_of(teams)
    same = len(teams) == wish.teams and mark_of(groups[team.pk] for team in teams) == mark
    return teams if same else []


def make(wish: Wish, area: Area, names: Sequence[tuple[str, str]], *, by: User, now: datetime) -> list[Team]:
    """Empty teams, two statements for any number."""
    standing = Team.objects.standing().filter(area=area, name__in=[name for name, _english in names])
    if taken := standing.order_by("pk").values_list("name", flat=True).first():
        raise Refused("name_taken", name=taken)
    common = {"area": area, "formed_by": by, "formed_at": now, "is_demo": by.is_demo}
    of = {"organisation_id": wish.organisation, "task_force_id": wish.task_force}
    return Team.objects.bulk_create(Team(name=name, name_en=english, **of, **common) for name, english in names)


def enter(groups: Iterable[tuple[Team, Iterable[int]]]) -> None:
    """Under the people's locks; each is told. Raises Refused if somebody is in another team of the area."""
    rows = [
        TeamMember(team=team, area_id=team.area_id, volunteer_id=pk, joined_at=team.formed_at)
        for team, people in groups
        for pk in people
    ]
    try:
        with transaction.atomic():
            TeamMember.objects.bulk_create(rows, batch_size=MOST_AT_ONCE)
    except IntegrityError as error:
        raise Refused("in_another_team", who=taken(rows)) from error
    if rows:
        messages.joined(rows, queries.accounts([row.volunteer_id for row in rows]), rows[0].joined_at)


def taken(rows: Sequence[TeamMember]) -> str:
    return "、".join(queries.elsewhere(rows[0].area_id, [row.volunteer_id for row in rows])[:5])


@transaction.atomic
def form(wish: Wish, people: Sequence[int], *, by: User, now: datetime) -> Team:
    """One team by hand; formed again of the same name and people, returns it."""
    people = sorted(set(people))
    if not wish.name.strip():
        raise Invalid(name=field_error("missing"))
    if len(people) > MOST_BY_HAND:
        raise Invalid(people=field_error("too_many_in_team"))
    area = hold_area(wish.area)
    hold_volunteers(people)
    if found := formed(wish, people):
        return found
    known_here(area, people)
    (team,) = make(wish, area, [(wish.name.strip(), wish.name_en.strip())], by=by, now=now)
    enter([(team, people)])
    return team


def formed(wish: Wish, people: Sequence[int]) -> Team | None:
    team = Team.objects.standing().filter(area=wish.area, name=wish.name.strip()).first()
    inside = TeamMember.objects.present().filter(team=team).order_by("volunteer").values_list("volunteer", flat=True)
    return team if team and list(inside) == people else None


def known_here(area: Area, people: Sequence[int]) -> None:
    here = Enrolment.objects.filter(ended_at=None, community__path__startswith=area.path, volunteer__in=people)
    if here.values("volunteer").distinct().count() < len(people):
        raise Invalid(people=field_error("unknown_person"))


def hold(team_id: int) -> Team:
    with patience():
        team = Team.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=team_id)
    if team.dissolved_at:
        raise Refused("team_dissolved")
    return team


@transaction.atomic
def add(team_id: int, volunteer_id: int, *, by: User, now: datetime) -> TeamMember:
    """Somebody more. Added again, returns what there is."""
    hold_volunteers([volunteer_id])
    team = hold(team_id)
    if found := TeamMember.objects.present().filter(team=team, volunteer=volunteer_id).first():
        return found
    known_here(team.area, [volunteer_id])
    if names := queries.elsewhere(team.area_id, [volunteer_id]):
        raise Refused("in_another_team", who=names[0])
    member = TeamMember.objects.create(team=team, area=team.area, volunteer_id=volunteer_id, joined_at=now)
    messages.joined([member], queries.accounts([volunteer_id]), now)
    return member


def hold_member(member_id: int) -> TeamMember:
    volunteer, team = TeamMember.objects.values_list("volunteer", "team").get(pk=member_id)
    hold_volunteers([volunteer])
    hold(team)
    return TeamMember.objects.select_related("team", "volunteer__user").get(pk=member_id)


@transaction.atomic
def remove(member_id: int, *, by: User, now: datetime) -> TeamMember:
    """Out of the team; seats they hold stay theirs. Removed again, returns it as it is."""
    member = hold_member(member_id)
    if member.left_at is None:
        member.left_at = now
        member.save(update_fields=["left_at"])
        messages.left([member], now)
    return member


@transaction.atomic
def appoint(member_id: int, part: TeamPart, *, by: User, now: datetime) -> TeamMember:
    """Leader, deputy, or a member like the others; who was it before is one of the others then."""
    member = hold_member(member_id)
    if member.left_at:
        raise Refused("not_in_team")
    if member.part == part:
        return member
    before = make_way(member, part)
    member.part = part
    member.save(update_fields=["part"])
    messages.appointed([*before, member], now)
    return member


def make_way(member: TeamMember, part: TeamPart) -> list[TeamMember]:
    """Who had that part, one of the others now."""
    if part == TeamPart.MEMBER:
        return []
    before = TeamMember.objects.present().filter(team=member.team, part=part).select_related("volunteer")
    had = list(before)
    for one in had:
        one.part = TeamPart.MEMBER
        one.save(update_fields=["part"])
    return had


@transaction.atomic
def dissolve(team_id: int, *, by: User, now: datetime) -> Team:
    """Its people are free for another team; seats stay theirs. Dissolved again, returns it as it is."""
    with patience():
        team = Team.objects.select_for_update(no_key=True).get(pk=team_id)
    if team.dissolved_at is None:
        members = list(team.members.filter(left_at=None).select_related("volunteer"))
        team.members.filter(left_at=None).update(left_at=now)
        team.dissolved_at = now
        team.save(update_fields=["dissolved_at"])
        messages.left(members, now)
    return team


def send(team_id: int, post_id: int, *, by: User, now: datetime) -> Placed:
    """The post is offered to the whole team, leader first: whose duty it is has a seat at once, volunteers are asked.

    One after the other, each by the rules of a single one; who is refused does not keep the others.
    """
    placed = Placed()
    for member in queries.members_of(Team.objects.get(pk=team_id)):
        put = assign if member.volunteer.kind in ASSIGNABLE else invite
        try:
            placed.done.append(put(post_id, member.volunteer_id, by=by, now=now))
        except Refused as refused:
            placed.stayed[member.volunteer_id] = refused.reasons
    return placed
