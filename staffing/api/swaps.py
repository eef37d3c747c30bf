from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.filters import Filters, of, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Id, Said, Text
from communities.models import User
from communities.rules.names import first_name
from staffing import access
from staffing.actions import swaps
from staffing.api.people import themselves
from staffing.models import Swap
from staffing.queries import swaps as queries
from staffing.states import SwapStatus


class SwapRow(Row):
    """A confirmed seat offered to somebody, handed over or for their seat on another post.

    Yours, and those about seats where your role sees names. `link` is there for the one who proposed it: whoever
    has it may agree.
    """

    model = Swap
    hidden = {"_owner": "offered__volunteer__user_id", "_key": "key"}
    filled = frozenset({"link"})

    id = serializers.IntegerField()
    offered = Ref("staffing.api.signup_rows.SignUpRow")
    post = Ref("staffing.api.posts.PostRow", source="offered__post")
    wanted = Ref("staffing.api.posts.PostRow", allow_null=True, help_text="The post whose seat is wanted in return.")
    given = Ref("staffing.api.signup_rows.SignUpRow", allow_null=True)
    partner = serializers.IntegerField(allow_null=True, help_text="The volunteer who has agreed.")
    status = Choice(SwapStatus)
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    passed_on = Ref("staffing.api.signup_rows.SignUpRow", allow_null=True, help_text="The partner's new sign-up.")
    received = Ref("staffing.api.signup_rows.SignUpRow", allow_null=True, help_text="The proposer's, of an exchange.")
    link = serializers.CharField(required=False)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.swaps_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        for row in rows:
            key, owner = row.pop("_key"), row.pop("_owner")
            if owner == user.pk:
                row["link"] = f"{settings.PUBLIC_URL}{reverse('swap_answer', args=[key])}"
        return rows


class SwapFilters(Filters):
    status = word("status", SwapStatus)
    offered = of("offered")
    shift = of("offered__shift")
    call_up = of("offered__shift__call_up")


class Offering(Said):
    sign_up = Id(help_text="Your confirmed seat.")
    wanted = Id(required=False, help_text="A post of the same call whose seat you want for it; none: you hand it over.")


class Agreeing(Said):
    key = Text(max_length=40, help_text="The last part of the link.")


class OfferRow(serializers.Serializer):
    """A seat offered, as whoever holds the link may see it before they agree."""

    owner = serializers.CharField(help_text="The first name.")
    place = serializers.CharField()
    role = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    post = serializers.IntegerField()
    wanted = serializers.IntegerField(allow_null=True, help_text="The post whose seat is wanted in return.")
    status = Choice(SwapStatus)
    expires_at = serializers.DateTimeField()


class Swaps(Readable, Resource):
    row = SwapRow
    noun = "swaps"
    orderings = ("id", "created_at")
    filterset_class = SwapFilters

    @says(Offering)
    def create(self, request: Request) -> Response:
        """Offer your confirmed seat: hand it over, or swap it.

        The answer holds the link for the one you have spoken to. Offered again, the swap that is open.
        """
        said, user, now = Offering.read(request.data), request.user, timezone.now()
        signup = load(
            access.signups_visible_to(user), access.signups_visible_to(user).filter(access.own(user)), said["sign_up"]
        )
        wanted = said.get("wanted")
        if wanted and not access.posts_read_by(user).filter(pk=wanted).exists():
            raise Http404
        done = swaps.propose(signup.pk, now=now, wanted=wanted)
        return made(SwapRow, done, user, new=done.created_at == now)

    @action(detail=False, methods=["post"])
    @says(Agreeing, OfferRow)
    def look(self, request: Request) -> Response:
        """What a link that you were sent offers, before you agree. The key travels in the body, out of every log."""
        swap = get_object_or_404(queries.whole(), key=Agreeing.read(request.data)["key"])
        shift, post = swap.offered.shift, swap.offered.post
        offer = {
            "owner": first_name(swap.offered.volunteer.user.name),
            "place": str(shift.site),
            "role": str(post.role),
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "post": post.pk,
            "wanted": swap.wanted_id,
            "status": swap.status,
            "expires_at": swap.expires_at,
        }
        return Response(OfferRow(offer).data)

    @action(detail=False, methods=["post"])
    @says(Agreeing)
    def agree(self, request: Request) -> Response:
        """Agree to a swap whose link you were sent.

        Done at once, or once the community has said yes too.
        """
        said, user = Agreeing.read(request.data), request.user
        try:
            done = swaps.agree(said["key"], themselves(user), now=timezone.now())
        except Swap.DoesNotExist:
            raise Http404 from None
        return Response(SwapRow.one(done.pk, user))

    @deed(allowed=access.swaps_run_by)
    def approve(self, swap: Swap, *, by: User, now: datetime) -> Swap:
        """Say yes to a swap as the lead; both seats change hands, or none."""
        return swaps.approve(swap.pk, by=by, now=now)

    @deed(allowed=access.swaps_run_by)
    def refuse(self, swap: Swap, *, by: User, now: datetime) -> Swap:
        """Say no to a swap as the lead; everything stays as it was."""
        return swaps.refuse(swap.pk, by=by, now=now)

    @deed(allowed=access.swaps_of)
    def withdraw(self, swap: Swap, *, by: User, now: datetime) -> Swap:
        """Take back what you have proposed or agreed to, before it is done."""
        return swaps.withdraw(swap.pk, by=by, now=now)
