from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.response import Response

from communities.access import May, Visitor
from communities.api.areas import DutyAreaFilters, DutyAreaRow
from communities.api.resources import Readable, Resource, deed
from communities.api.rows import Plain, Row
from communities.api.words import Choice, Integer, Said, Text
from communities.models import Area, User
from communities.numbers import number_in
from communities.queries.customs import customs_of
from staffing import access
from staffing.actions import takeovers
from staffing.models import Takeover
from staffing.queries.command import Board, board
from staffing.queries.situation import Situation, situation
from staffing.rules.command import Line, Tally
from staffing.rules.takeovers import LONGEST, USUAL_HOURS
from staffing.states import Outlook, Ranking
from volunteers.states import PersonKind


class BoardRow(DutyAreaRow):
    """An area whose board you command: everything below it."""

    may = May.COMMAND


class TallyRow(serializers.Serializer):
    """Seats on shifts that are not over and begin within 24 hours; docs/operating.md says what each number means."""

    posts = serializers.IntegerField()
    named = serializers.IntegerField()
    asked = serializers.IntegerField()
    pledged = serializers.IntegerField()
    not_covered = serializers.IntegerField()
    checked_in = serializers.IntegerField()


class CommunityLineRow(TallyRow):
    """One community."""

    area = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    share = serializers.FloatField(help_text="The part of the posts that is not covered.")
    outlook = Choice(Outlook)
    complete_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    came = serializers.IntegerField(help_text="Seats that got a name over the last hour.")
    gone = serializers.IntegerField(help_text="Seats that were given up over the last hour.")
    free = serializers.IntegerField(help_text="People lent there by organisations, on duty, without a post.")


class StandingRow(serializers.Serializer):
    at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    communities = serializers.IntegerField()
    on_time = serializers.IntegerField()
    free = serializers.IntegerField()
    total = TallyRow()
    lines = CommunityLineRow(many=True)


class ServedRow(serializers.Serializer):
    """null: withheld, since the group is under ten people, or could be worked out."""

    kind = Choice(PersonKind)
    people = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)


class PartRow(TallyRow):
    area = serializers.IntegerField()
    communities = serializers.IntegerField()
    on_time = serializers.IntegerField()
    served = serializers.IntegerField(allow_null=True)


class SituationRow(serializers.Serializer):
    at = serializers.DateTimeField()
    since = serializers.DateTimeField(help_text="Of the day whose service is counted.")
    until = serializers.DateTimeField()
    communities = serializers.IntegerField()
    on_time = serializers.IntegerField()
    total = TallyRow()
    parts = PartRow(many=True)
    served = ServedRow(many=True)
    served_in_all = serializers.IntegerField(allow_null=True)
    seconded = serializers.IntegerField(allow_null=True)
    lent = serializers.IntegerField(allow_null=True)
    takeovers = serializers.IntegerField()


class TakeoverRow(Row):
    """Somebody above runs the board of an area until then."""

    model = Takeover
    id = serializers.IntegerField()
    area = serializers.IntegerField()
    user = serializers.IntegerField()
    reason = serializers.CharField()
    returned_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.takeovers_visible_to(user)


class TakingOver(Said):
    reason = Text(max_length=200)
    hours = Integer(
        min_value=1, max_value=LONGEST // timedelta(hours=1), default=USUAL_HOURS, help_text="It ends by itself."
    )


class CommandBoards(Readable, Resource):
    row = BoardRow
    noun = "command-boards"
    filterset_class = DutyAreaFilters

    @deed(allowed=BoardRow.visible, gives=StandingRow, methods=("get",), parameters=("by", "limit"))
    def standing(self, area: Area, *, by: User, now: datetime) -> Response:
        """How every community below stands, the worst first."""
        asked = self.request.query_params
        order, limit = asked.get("by", Ranking.SHARE), number_in(asked.get("limit", "50")) or 0
        if order not in list(Ranking):
            raise serializers.ValidationError({"by": [f"{', '.join(Ranking)}"]})
        if not 1 <= limit <= 5000:
            raise serializers.ValidationError({"limit": ["1-5000"]})
        return Response(standing(board(area, now, Ranking(order)), limit))

    @deed(allowed=BoardRow.visible, gives=SituationRow, methods=("get",))
    def report(self, area: Area, *, by: User, now: datetime) -> Response:
        """The report on the situation: the standing, and who served over the day until eight o'clock."""
        return Response(report(situation(area, now, customs_of([area.pk])[area.pk].zone)))

    @deed("take-over", allowed=BoardRow.visible, takes=TakingOver, gives=TakeoverRow)
    def take_over(self, area: Area, reason: str, hours: int, *, by: User, now: datetime) -> Response:
        """Take over the board of a place below you, with a reason, for some hours; its leads are told."""
        made = takeovers.take_over(area.pk, hours, reason, by=by, now=now)
        new = made.period.lower == now
        return Response(TakeoverRow.one(made.pk, by), status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)

    @deed("give-back", allowed=BoardRow.visible, gives=TakeoverRow)
    def give_back(self, area: Area, *, by: User, now: datetime) -> Response:
        """Give back a board that you have taken over."""
        found = Takeover.objects.filter(area=area, user=by).order_by("-pk").first()
        if not found:
            raise Http404
        return Response(TakeoverRow.one(takeovers.give_back(found.pk, by=by, now=now).pk, by))


def tally(found: Tally) -> Plain:
    return {
        "posts": found.need,
        "named": found.named,
        "asked": found.asked,
        "pledged": found.pledged,
        "not_covered": found.bare,
        "checked_in": found.here,
    }


def standing(found: Board, limit: int) -> Plain:
    return {
        "at": found.at,
        "until": found.until,
        "communities": len(found.lines),
        "on_time": found.on_time,
        "free": found.free,
        "total": tally(found.total),
        "lines": [row(line) for line in found.lines[:limit]],
    }


def row(line: Line) -> Plain:
    return tally(line.tally) | {
        "area": line.area,
        "name": line.name,
        "name_en": line.name_en,
        "share": round(line.tally.share, 4),
        "outlook": line.ready.outlook,
        "complete_at": line.ready.at,
        "due_at": line.ready.by,
        "came": line.came,
        "gone": line.gone,
        "free": line.free,
    }


def report(found: Situation) -> Plain:
    people = found.served.people
    return {
        "at": found.board.at,
        "since": found.since,
        "until": found.until,
        "communities": len(found.board.lines),
        "on_time": found.board.on_time,
        "total": tally(found.board.total),
        "parts": [
            tally(part.tally)
            | {
                "area": part.area.pk,
                "communities": part.communities,
                "on_time": part.on_time,
                "served": part.served,
            }
            for part in found.parts
        ],
        "served": [
            {"kind": kind, "people": number, "minutes": found.served.minutes[kind]}
            for kind, number in people.groups.items()
        ],
        "served_in_all": people.total,
        "seconded": found.seconded,
        "lent": found.lent,
        "takeovers": found.takeovers,
    }
