"""The doors of a compound: read by entrance, entered by a pattern, or from a list that has been looked at first."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import May, Visitor, within
from communities.actions import doors as actions
from communities.actions.doors import DoorList, Entered
from communities.api.filters import Filters, of
from communities.api.resources import Readable, Resource
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Flag, Integer, Said, Text
from communities.errors import Invalid
from communities.models import Compound, Door, Entrance, User
from communities.phrases import DOOR_PROBLEMS
from communities.rules.doors import LONGEST, MOST_FLATS, MOST_STOREYS, Line

MOST_TEXT = 400_000


class DoorSaid(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    floor = serializers.IntegerField(allow_null=True)


class EntranceRow(Row):
    """An entrance of a building with its doors, from the lowest floor up. Who lives behind them is nowhere kept."""

    model = Entrance
    id = serializers.IntegerField()
    compound = Ref("communities.api.compounds.CompoundRow", source="building__compound")
    building = serializers.CharField()
    no = serializers.CharField()
    storeys = serializers.IntegerField(source="building__storeys", allow_null=True)
    has_lift = serializers.BooleanField(source="building__has_lift")
    doors = DoorSaid(many=True)
    hidden = {"house": "building__no"}
    filled = frozenset({"building", "doors"})

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        where = "building__compound__community"
        return Entrance.objects.filter(within(user, May.PLACES, where) | within(user, May.RUN, where))

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        behind: dict[int, list[Plain]] = {row["id"]: [] for row in rows}
        found = Door.objects.filter(entrance__in=behind).order_by("floor", "number", "pk")
        for door in found.values("id", "number", "floor", "entrance_id"):
            behind[door.pop("entrance_id")].append(door)
        for row in rows:
            row["building"], row["doors"] = row.pop("house"), behind[row["id"]]
        return rows


class EntranceFilters(Filters):
    compound = of("building__compound")


class Entrances(Readable, Resource):
    row = EntranceRow
    noun = "entrances"
    filterset_class = EntranceFilters


class Pattern(Said):
    building = Text(max_length=LONGEST)
    entrance = Text(max_length=LONGEST)
    storeys = Integer(min_value=1, max_value=MOST_STOREYS)
    flats = Integer(min_value=1, max_value=MOST_FLATS, help_text="On each floor.")
    has_lift = Flag()


class DoorsSaid(Said):
    text = Text(
        max_length=MOST_TEXT,
        trim_whitespace=False,
        help_text="CSV with a heading: building, entrance and door; floor and lift if you have them. At most 5,000 rows.",
    )


class EnteredRow(serializers.Serializer):
    """What was not there before. What was there stays as it is."""

    doors = serializers.IntegerField()
    entrances = serializers.IntegerField(help_text="Of these doors.")


class DoorLineRow(serializers.Serializer):
    line = serializers.IntegerField(help_text="As a spreadsheet numbers it: the heading is line 1.")
    kind = serializers.ChoiceField(["new", "known", "wrong"])
    building = serializers.CharField()
    entrance = serializers.CharField()
    number = serializers.CharField()
    floor = serializers.IntegerField(allow_null=True)
    has_lift = serializers.BooleanField(allow_null=True)
    problems = serializers.ListField(child=serializers.CharField(), help_text="Stable codes; empty unless wrong.")
    detail = serializers.CharField(help_text="The same as sentences.")


class DoorListRow(serializers.Serializer):
    """What a list would do. With any line that is wrong nothing of it is taken."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    wrong = serializers.IntegerField()
    strange = serializers.ListField(child=serializers.CharField(), help_text="Headings that nobody reads.")
    lines = DoorLineRow(many=True)


def generate(compound: Compound, *, by: User, **said: Any) -> Response:
    return entered(actions.build(compound.pk, **said, by=by))


def preview(compound: Compound, text: str) -> Response:
    found = of_text(lambda: actions.read(compound.pk, text.encode()))
    return Response(told(found))


def commit(compound: Compound, text: str, *, by: User) -> Response:
    return entered(of_text(lambda: actions.take_in(compound.pk, text.encode(), by=by)))


def entered(found: Entered) -> Response:
    return Response({"doors": found.doors, "entrances": found.entrances})


def of_text[Found](act: Callable[[], Found]) -> Found:
    """What the page says about a file is said here about the text."""
    try:
        return act()
    except Invalid as error:
        raise Invalid(text=error.fields["file"][0]) from error


def told(found: DoorList) -> dict[str, Any]:
    groups = {"new": found.new, "known": found.known, "wrong": found.wrong}
    lines = sorted((line for kind, rows in groups.items() for line in said(kind, rows)), key=lambda line: line["line"])
    return {kind: len(rows) for kind, rows in groups.items()} | {"strange": list(found.strange), "lines": lines}


def said(kind: str, rows: Iterable[Line]) -> Iterable[dict[str, Any]]:
    for row in rows:
        place = row.place
        yield {
            "line": row.no,
            "kind": kind,
            "building": place.building,
            "entrance": place.entrance,
            "number": place.number,
            "floor": place.floor,
            "has_lift": place.has_lift,
            "problems": list(row.problems),
            "detail": " ".join(str(DOOR_PROBLEMS[code]) for code in row.problems),
        }
