"""A sign-up as the API shows it, and to whom."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response

from communities.access import May, Visitor, area_paths
from communities.api.filters import Filters, before, of, since, under, word
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice
from communities.models import User
from communities.rules.words import masked
from staffing import access
from staffing.models import SignUp
from staffing.states import SignUpStatus


class SignUpRow(Row):
    """One person on one post: a seat, an offer of one, or a place on its waitlist.

    Yours, and those of shifts where your role sees names. `name` is there for others than the person; `phone` only for
    who may reach them, `phone_ends` for who leads the shift.
    """

    model = SignUp
    filled = frozenset({"starts_at", "ends_at", "name", "phone", "phone_ends"})
    hidden = {
        "_period": "period",
        "_user": "volunteer__user_id",
        "_name": "volunteer__user__name",
        "_phone": "volunteer__user__phone_cipher",
        "_path": "shift__site__area__path",
        "_leader": "shift__leader_id",
        "_deputy": "shift__deputy_id",
    }

    id = serializers.IntegerField()
    post = Ref("staffing.api.posts.PostRow")
    shift = Ref("staffing.api.shifts.ShiftRow")
    volunteer = serializers.IntegerField()
    status = Choice(SignUpStatus)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    seat_no = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField(allow_null=True, help_text="Ticket of the waitlist; smaller is earlier.")
    respond_by = serializers.DateTimeField(allow_null=True, help_text="Until when an offer stands.")
    placed = serializers.BooleanField(help_text="Asked to be placed where needed.")
    auto_accept = serializers.BooleanField()
    channel = serializers.CharField()
    reason = serializers.CharField()
    late = serializers.BooleanField(help_text="Cancelled within two hours of the start.")
    on_my_way_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    checked_out_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    name = serializers.CharField(required=False)
    phone = serializers.CharField(required=False, allow_null=True)
    phone_ends = serializers.CharField(required=False, help_text="Its last four digits.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.signups_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        names, phones = tuple(area_paths(user, May.NAMES)), tuple(area_paths(user, May.PHONES))
        boards = tuple(area_paths(user, May.CHECK_IN))
        for row in rows:
            hidden = {name: row.pop(name) for name in cls.hidden}
            row |= {"starts_at": hidden["_period"].lower, "ends_at": hidden["_period"].upper}
            path, leads = hidden["_path"], user.pk in (hidden["_leader"], hidden["_deputy"])
            if hidden["_user"] == user.pk:
                continue
            if leads or path.startswith(names):
                row["name"] = hidden["_name"]
            if path.startswith(phones):
                row["phone"] = hidden["_phone"]
            elif leads or path.startswith(boards):
                row["phone_ends"] = masked(hidden["_phone"])
        return rows

    @classmethod
    def own(cls, signup: SignUp) -> Plain:
        """The row of one's own sign-up just made, from what is at hand."""
        ids = {"post": signup.post_id, "shift": signup.shift_id, "volunteer": signup.volunteer_id}
        at_hand = [name for name in cls._declared_fields if name not in cls.filled and name not in ids]
        plain = {"id": signup.pk} | ids | {name: getattr(signup, name) for name in at_hand}
        return plain | {"starts_at": signup.period.lower, "ends_at": signup.period.upper}

    @classmethod
    def told(cls, signup: SignUp, by: User, now: datetime, *, own: bool = False) -> Response:
        """201 for a new sign-up, 200 for the one that was there."""
        new = status.HTTP_201_CREATED if signup.created_at == now else status.HTTP_200_OK
        return Response(cls.own(signup) if own else cls.one(signup.pk, by), status=new)


NEW_OR_OLD = {201: SignUpRow, 200: SignUpRow}


class SignUpFilters(Filters):
    post = of("post")
    shift = of("shift")
    call_up = of("shift__call_up")
    site = of("shift__site")
    under = under("shift__site__area__path")
    volunteer = of("volunteer")
    status = word("status", SignUpStatus)
    starts_from = since("shift__starts_at")
    starts_before = before("shift__starts_at")
    changed_after = since("changed_at")


def own(user: Visitor) -> QuerySet[SignUp]:
    return SignUp.objects.filter(access.own(user))
