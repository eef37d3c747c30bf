from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import May
from communities.api.areas import DutyAreaFilters, DutyAreaRow
from communities.api.resources import Readable, Resource, deed
from communities.api.rows import Plain
from communities.api.words import Choice, Day, Said
from communities.models import Area, User
from communities.queries.customs import customs_of
from communities.states import RoleName
from staffing.queries.rights import insight


class PastRow(DutyAreaRow):
    """An area whose history you may read."""

    may = May.HISTORY


class PastAsked(Said):
    day = Day()
    what = Choice([May.NAMES, May.PHONES, May.SEE, May.DOORS, May.HISTORY], name="Seen", default=str(May.NAMES))


class RightRow(serializers.Serializer):
    """Somebody held a role on the area or above it, over [since, until) of that day."""

    user = serializers.IntegerField()
    name = serializers.CharField()
    role = Choice(RoleName)
    area = serializers.IntegerField()
    task_force = serializers.IntegerField(allow_null=True, help_text="That gave the role, if one did.")
    given_by = serializers.IntegerField(allow_null=True)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class LedRow(serializers.Serializer):
    """Somebody led a shift, and knew its people by name over [since, until) of that day."""

    user = serializers.IntegerField()
    name = serializers.CharField()
    shift = serializers.IntegerField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class InsightRow(serializers.Serializer):
    """Who could see it on that day, by the history of grants and of shifts."""

    rights = RightRow(many=True)
    leaders = LedRow(many=True)


class Rights(Readable, Resource):
    row = PastRow
    noun = "rights"
    filterset_class = DutyAreaFilters

    @deed("on-day", allowed=PastRow.visible, gives=InsightRow, methods=("get",), parameters=("day", "what"))
    def on_day(self, area: Area, *, by: User, now: datetime) -> Response:
        """Who could see names, phones, figures, doors or the history of the area on a day of its clock."""
        asked = {name: value for name, value in self.request.query_params.items() if name in ("day", "what")}
        if "day" not in asked:
            raise serializers.ValidationError({"day": [_("This is missing.")]})
        said = PastAsked.read(asked)
        start = datetime.combine(said["day"], time(), customs_of([area.pk])[area.pk].zone)
        return Response(shown(area, May(said["what"]), start, start + timedelta(days=1)))


def shown(area: Area, what: May, start: datetime, end: datetime) -> Plain:
    found = insight(area, what, start, end)
    return {
        "rights": [
            {
                "user": right.user.pk,
                "name": right.user.name,
                "role": right.role,
                "area": right.node.pk,
                "task_force": posting.task_force_id if posting else None,
                "given_by": right.given_by.pk if right.given_by else None,
                "since": right.since,
                "until": right.until,
            }
            for right, posting in found.rights
        ],
        "leaders": [
            {
                "user": one.user.pk,
                "name": one.user.name,
                "shift": one.shift.pk,
                "since": one.since,
                "until": one.until,
            }
            for one in found.leaders
        ],
    }
