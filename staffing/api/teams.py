from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, FlagFilter, described, of, under
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Many, Plain, Ref, Row
from communities.api.words import Choice, Id, Integer, Said, Several, Text
from communities.models import Area, Organisation, User
from communities.phrases import reasons
from staffing import access
from staffing.actions import teams
from staffing.actions.teams import Wish
from staffing.api.posts import ReasonRow
from staffing.models import Team, TeamMember
from staffing.rules.teams import MOST_TEAMS
from staffing.states import TeamPart
from volunteers.access import volunteers_visible_to
from volunteers.states import PersonKind


class TeamMemberRow(Row):
    """Somebody in a team now or before; who has left has `left_at`."""

    model = TeamMember
    id = serializers.IntegerField()
    team = serializers.IntegerField()
    volunteer = serializers.IntegerField()
    name = serializers.CharField(source="volunteer__user__name")
    part = Choice(TeamPart)
    joined_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.members_visible_to(user)


class TeamRow(Row):
    """People of an area who are called and placed together; those of areas where your role sees names."""

    model = Team
    computed = {"people": Count("members", filter=Q(members__left_at=None))}

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    area = Ref(AreaRow)
    organisation = Ref(OrganisationRow, allow_null=True)
    task_force = serializers.IntegerField(allow_null=True)
    people = serializers.IntegerField()
    formed_at = serializers.DateTimeField()
    dissolved_at = serializers.DateTimeField(allow_null=True)
    members = Many(TeamMemberRow, by="team")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.teams_visible_to(user)


class Standing(FlagFilter):
    def filter(self, queryset: Any, value: str) -> Any:
        return queryset.filter(dissolved_at__isnull=value == "true") if value else queryset


class TeamFilters(Filters):
    area = of("area")
    under = under("area__path")
    organisation = of("organisation")
    standing = described(Standing(), {"type": "boolean"}, "Not dissolved.")


class NewTeam(Said):
    area = Id()
    name = Text(max_length=100)
    name_en = Text(max_length=100, required=False)
    volunteers = Several(Id(), help_text="People checked in there who are in no team of the area.")


class TeamsWanted(Said):
    area = Id()
    name = Text(max_length=100, help_text="Each team is called this and its number.")
    name_en = Text(max_length=100, required=False)
    teams = Integer(min_value=1, max_value=MOST_TEAMS)
    organisation = Id(required=False, help_text="People whom this unit has lent there; none: all who are checked in.")
    kind = Choice(PersonKind, required=False)
    task_force = Id(required=False, help_text="That the teams belong to.")
    seed = Integer(min_value=0, max_value=10**6, default=1, help_text="Another number, other teams as alike.")


class Adopting(TeamsWanted):
    mark = Text(max_length=16, help_text="Of the proposal that was looked at.")


class ProposedTeamRow(serializers.Serializer):
    name = serializers.CharField()
    volunteers = serializers.ListField(child=serializers.IntegerField())


class SpreadRow(serializers.Serializer):
    id = serializers.IntegerField(allow_null=True, help_text="Of the community or the qualification; null: not known.")
    people = serializers.ListField(child=serializers.IntegerField(), help_text="A number for each team.")


class TeamsProposedRow(serializers.Serializer):
    """Teams as they would be; nothing is stored. To form them, send `mark` to adopt."""

    mark = serializers.CharField()
    teams = ProposedTeamRow(many=True)
    homes = SpreadRow(many=True)
    skills = SpreadRow(many=True)
    home_spread = serializers.IntegerField(help_text="The most by which two teams differ in people of one home.")
    skill_spread = serializers.IntegerField()


class Joining(Said):
    volunteer = Id()


class Partaking(Said):
    volunteer = Id()
    part = Choice(TeamPart)


class Sending(Said):
    post = Id()


class StayedBehindRow(serializers.Serializer):
    volunteer = serializers.IntegerField()
    reasons = ReasonRow(many=True)


class SentRow(serializers.Serializer):
    """Of the team, who has a seat or an invitation now, and who stays without one, with the reasons."""

    sign_ups = serializers.ListField(child=serializers.IntegerField())
    stayed = StayedBehindRow(many=True)


class Teams(Readable, Resource):
    row = TeamRow
    noun = "teams"
    filterset_class = TeamFilters

    @says(NewTeam)
    def create(self, request: Request) -> Response:
        """Form one team by hand. Formed again of the same name and people, the first."""
        said, user, now = NewTeam.read(request.data), request.user, timezone.now()
        area = of_area(user, said["area"])
        people = said["volunteers"]
        if volunteers_visible_to(user).filter(pk__in=people).count() < len(people):
            raise Http404
        wish = Wish(area.pk, said["name"], 1, name_en=said.get("name_en", ""))
        team = teams.form(wish, people, by=user, now=now)
        return made(TeamRow, team, user, new=team.formed_at == now)

    @action(detail=False, methods=["post"])
    @says(TeamsWanted, TeamsProposedRow)
    def propose(self, request: Request) -> Response:
        """Split the people of an area into teams that are alike. Nothing is stored."""
        said = TeamsWanted.read(request.data)
        return Response(shown(wish_of(request.user, said)))

    @action(detail=False, methods=["post"])
    @says(Adopting, TeamRow(many=True))
    def adopt(self, request: Request) -> Response:
        """Form the teams that were proposed, all or none. Adopted again, the same."""
        said, user, now = Adopting.read(request.data), request.user, timezone.now()
        mark = said.pop("mark")
        formed = teams.adopt(wish_of(user, said), mark, by=user, now=now)
        rows = TeamRow.read(Team.objects.filter(pk__in=[team.pk for team in formed]).order_by("pk"), user)
        new = formed[0].formed_at == now
        return Response(rows, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)

    @deed(allowed=access.teams_run_by, takes=Joining)
    def add(self, team: Team, volunteer: int, *, by: User, now: datetime) -> Team:
        """Take somebody in."""
        if not volunteers_visible_to(by).filter(pk=volunteer).exists():
            raise Http404
        teams.add(team.pk, volunteer, by=by, now=now)
        return team

    @deed(allowed=access.teams_run_by, takes=Joining)
    def remove(self, team: Team, volunteer: int, *, by: User, now: datetime) -> Team:
        """Somebody leaves; seats stay theirs."""
        teams.remove(member(team, volunteer), by=by, now=now)
        return team

    @deed(allowed=access.teams_run_by, takes=Partaking)
    def appoint(self, team: Team, volunteer: int, part: str, *, by: User, now: datetime) -> Team:
        """Name the leader or the deputy; who was it before is a member again."""
        teams.appoint(member(team, volunteer), TeamPart(part), by=by, now=now)
        return team

    @deed(allowed=access.teams_run_by, takes=Sending, gives=SentRow, scope="sign-ups")
    def send(self, team: Team, post: int, *, by: User, now: datetime) -> Response:
        """Offer a post to the whole team: whose duty it is stands there, volunteers are asked."""
        target = load(access.posts_read_by(by), access.posts_run_by(by), post)
        placed = teams.send(team.pk, target.pk, by=by, now=now)
        stayed = [{"volunteer": pk, "reasons": reasons(why)} for pk, why in placed.stayed.items()]
        return Response({"sign_ups": [one.pk for one in placed.done], "stayed": stayed})

    @deed(allowed=access.teams_run_by)
    def dissolve(self, team: Team, *, by: User, now: datetime) -> Team:
        """Its people are free for another team; seats stay theirs."""
        return teams.dissolve(team.pk, by=by, now=now)


def of_area(user: Visitor, pk: int) -> Area:
    found: Area = load(AreaRow.visible(user), areas(user, May.RUN), pk)
    return found


def wish_of(user: Visitor, said: dict[str, Any]) -> Wish:
    area = of_area(user, said["area"])
    if "task_force" in said:
        get_object_or_404(access.task_forces_for(user, area, timezone.now()), pk=said["task_force"])
    if "organisation" in said and not Organisation.objects.filter(pk=said["organisation"]).exists():
        raise Http404
    return Wish(**said)


def member(team: Team, volunteer: int) -> int:
    found = TeamMember.objects.present().filter(team=team, volunteer=volunteer).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


def shown(wish: Wish) -> Plain:
    found = teams.propose(wish)
    groups = zip(wish.names(), found.groups, strict=True)
    return {
        "mark": found.mark,
        "teams": [{"name": names[0], "volunteers": [one.person for one in group]} for names, group in groups],
        "homes": spreads(found.balance.homes.items()),
        "skills": spreads(found.balance.skills.items()),
        "home_spread": found.balance.home_spread,
        "skill_spread": found.balance.skill_spread,
    }


def spreads(rows: Any) -> Sequence[Plain]:
    return [{"id": pk, "people": list(counts)} for pk, counts in rows]
