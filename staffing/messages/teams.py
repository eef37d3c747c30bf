"""What people are told of their teams: that they are in one, lead it, or are not in it any more. Nobody hears it twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Context, Kind
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import lines, named
from communities.models import Message
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name
from communities.states import MessageStatus, Topic
from staffing.messages.texts import opening
from staffing.models import TeamMember
from staffing.states import TeamPart

JOINED, PART, LEFT = "team_joined", "team_part", "team_left"
KEPT = timedelta(days=2)
QUEUE = "callup"  # whole districts at once; nobody's duty waits behind them


def note(kind: str, member: TeamMember, reader: int, now: datetime, key: str = "") -> Note:
    key = f"{member.pk}:{key}" if key else str(member.pk)
    return Note(kind, key, member.pk, now, reader=reader, expires_at=now + KEPT, queue=QUEUE)


def joined(members: Iterable[TeamMember], readers: Mapping[int, int], now: datetime) -> None:
    """`readers`: accounts by person."""
    post([note(JOINED, member, readers[member.volunteer_id], now) for member in members])


def appointed(members: Iterable[TeamMember], now: datetime) -> None:
    """Those whose part is another one now; who has not heard of the team yet hears both at once."""
    members = list(members)
    unheard = waiting(members)
    heard = [member for member in members if member.pk not in unheard]
    post(
        [note(PART, member, member.volunteer.user_id, now, f"{member.part}:{now.timestamp():.6f}") for member in heard]
    )


def left(members: Iterable[TeamMember], now: datetime) -> None:
    """Who has not heard of the team yet hears nothing of it."""
    members = list(members)
    unheard = waiting(members)
    withdraw([JOINED, PART], [member.pk for member in members])
    post([note(LEFT, member, member.volunteer.user_id, now) for member in members if member.pk not in unheard])


def waiting(members: Iterable[TeamMember]) -> set[int]:
    """Memberships whose first message has not left yet."""
    found = Message.objects.filter(status=MessageStatus.SCHEDULED, kind=JOINED, target__in=[one.pk for one in members])
    return set(found.values_list("target", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Context):
    """A membership to whose it is. Names are (Chinese, English); `leader` is "" where nobody else leads."""

    kind: str
    name: str
    team: tuple[str, str]
    area: tuple[str, str]
    part: str
    leader: str
    dissolved: bool


def in_it(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    return told(messages, TeamMember.objects.present())


def not_in_it(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    """But for those who are back."""
    back = TeamMember.objects.present().filter(team=OuterRef("team"), volunteer=OuterRef("volunteer"))
    return told(messages, TeamMember.objects.exclude(left_at=None).exclude(Exists(back)))


def told(messages: Sequence[Claimed], members: QuerySet[TeamMember]) -> Mapping[int, Told]:
    leader = TeamMember.objects.present().filter(team=OuterRef("team"), part=TeamPart.LEADER)
    rows = members.filter(pk__in={one.target for one in messages}).select_related("team__area", "volunteer__user")
    found = rows.annotate(leader=Subquery(leader.values("volunteer__user__name")[:1])).in_bulk()
    customs = customs_of({row.area_id for row in found.values()})
    return {one.id: about(one, row, customs[row.area_id]) for one in messages if (row := found.get(one.target))}


def about(message: Claimed, row: TeamMember, customs: Customs) -> Told:
    team, area = row.team, row.team.area
    return Told(
        customs=customs,
        kind=message.kind,
        name=first_name(row.volunteer.user.name),
        team=(team.name, team.name_en),
        area=(area.name, area.name_en),
        part=row.part,
        leader=first_name(row.leader or ""),  # type: ignore[attr-defined]
        dissolved=team.dissolved_at is not None,
    )


def headline(one: Told) -> str:
    words = {"team": named(*one.team)}
    match one.kind, one.part:
        case ("team_joined", _part):
            return _("you are in the team “%(team)s” now.") % words
        case ("team_left", _part) if one.dissolved:
            return _("the team “%(team)s” is dissolved.") % words
        case ("team_left", _part):
            return _("you are not in the team “%(team)s” any more.") % words
        case (_kind, TeamPart.LEADER):
            return _("you lead the team “%(team)s” now.") % words
        case (_kind, TeamPart.DEPUTY):
            return _("you stand in for the leader of the team “%(team)s” now.") % words
    return _("you are in the team “%(team)s” like the others now.") % words


def who_leads(one: Told) -> str:
    """Of those who have just come."""
    match one.part:
        case TeamPart.LEADER:
            return _("You lead it.")
        case TeamPart.DEPUTY:
            return _("You stand in for its leader.")
    return _("It is led by %(name)s.") % {"name": one.leader} if one.leader else ""


def subject(one: Told) -> str:
    return opening(one.area, "", headline(one))


def text(one: Told) -> str:
    besides = {JOINED: who_leads(one), LEFT: _("Seats you have stay yours.")}.get(one.kind, "")
    link = _("Your shifts: %(link)s") % {"link": f"{settings.PUBLIC_URL}/my/"}
    return lines([opening(one.area, one.name, headline(one)), besides, link])


KINDS = (
    Kind(JOINED, in_it, subject, text, own_duty=False, queue=QUEUE, topic=Topic.TEAMS),
    Kind(PART, in_it, subject, text, own_duty=False, queue=QUEUE, topic=Topic.TEAMS),
    Kind(LEFT, not_in_it, subject, text, own_duty=False, queue=QUEUE, topic=Topic.TEAMS),
)
