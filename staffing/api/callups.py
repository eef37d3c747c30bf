from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access
from communities.access import May
from communities.api.areas import CommunityRow
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.rows import Plain
from communities.errors import Forbidden, Invalid
from communities.models import Organisation, User
from communities.queries.customs import customs_of
from staffing.access import calls_read_by, calls_run_by, calls_visible_to
from staffing.actions import calls, callups, copies, parties, replies
from staffing.actions.calls import CallPlan
from staffing.actions.signups import place_in_call
from staffing.api import chains as lists
from staffing.api import readiness as ready
from staffing.api import waves as in_waves
from staffing.api.callup_rows import (
    AtRiskRows,
    CalledRow,
    CallUpChange,
    CallUpFilters,
    CallUpRow,
    Cancelling,
    ConsequencesRow,
    CopyingDay,
    NewCallUp,
    Party,
    PartyRow,
    PlaceMe,
    ShiftsMade,
)
from staffing.api.people import somebody, themselves
from staffing.api.signup_rows import NEW_OR_OLD, SignUpRow
from staffing.api.signups import entry
from staffing.models import CallUp
from staffing.phrases import field_error
from staffing.queries import risks

NEW_OR_RUNNING = {200: in_waves.WaveRunRow, 201: in_waves.WaveRunRow}


def in_numbers(found: Any) -> Response:
    return Response({name: getattr(found, name) for name in ("seats", "waiting", "here", "told")})


def plan_of(call: CallUp, said: Plain) -> CallPlan:
    """The call as it is, with what is said changed."""
    return CallPlan(**{field.name: getattr(call, field.name) for field in fields(CallPlan)} | columns(said))


def columns(said: Plain) -> Plain:
    """As a CallPlan names it. Raises Invalid for an organisation that does not exist."""
    if "organisation" not in said:
        return said
    organisation = said["organisation"]
    if organisation is not None and not Organisation.objects.filter(pk=organisation).exists():
        raise Invalid(organisation=field_error("unknown_organisation"))
    return {name: value for name, value in said.items() if name != "organisation"} | {"organisation_id": organisation}


class CallUps(Readable, Resource):
    row = CallUpRow
    noun = "call-ups"
    orderings = ("-starts_at", "id", "ends_at")
    filterset_class = CallUpFilters

    @says(NewCallUp)
    def create(self, request: Request) -> Response:
        """Write a call.

        It is a draft until you publish it; you are its contact.
        """
        said = NewCallUp.read(request.data)
        community = load(CommunityRow.visible(request.user), access.areas(request.user, May.RUN), said.pop("community"))
        plan = CallPlan(**columns(said), contact_id=request.user.pk)
        return made(CallUpRow, calls.create(community.pk, plan, by=request.user, now=timezone.now()), request.user)

    @says(CallUpChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what a call says."""
        call = self.load(pk, calls_run_by)
        plan = plan_of(call, CallUpChange.read(request.data, partial=True))
        calls.edit(call.pk, plan, by=request.user, now=timezone.now())
        return Response(CallUpRow.one(call.pk, request.user))

    @deed(allowed=calls_run_by)
    def publish(self, call: CallUp, *, by: User, now: datetime) -> CallUp:
        """Open the call and all its draft shifts."""
        return calls.publish(call.pk, by=by, now=now)

    @deed(allowed=calls_run_by)
    def close(self, call: CallUp, *, by: User, now: datetime) -> CallUp:
        """Take no new sign-ups; those in line still move up."""
        return calls.close(call.pk, by=by, now=now)

    @deed(allowed=calls_run_by)
    def reopen(self, call: CallUp, *, by: User, now: datetime) -> CallUp:
        """Take sign-ups again."""
        return calls.reopen(call.pk, by=by, now=now)

    @deed(allowed=calls_run_by, methods=("get",), gives=ConsequencesRow)
    def consequences(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Say what cancelling the whole call would do."""
        return in_numbers(calls.cancelling(call))

    @deed(allowed=calls_run_by, takes=Cancelling, gives=ConsequencesRow, parameters=["dry_run"])
    def cancel(self, call: CallUp, reason: str, *, by: User, now: datetime) -> Response:
        """Cancel the call and every shift of it that is not over."""
        if dry_run(self.request):
            return in_numbers(calls.cancelling(call))
        return in_numbers(calls.cancel(call.pk, by=by, now=now, reason=reason))

    @deed(allowed=calls_visible_to, methods=("get",), gives=ready.ReadinessRow)
    def readiness(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Say how ready the call is, and when its gap will have closed."""
        return ready.shown(call, now)

    @deed(allowed=calls_run_by, methods=("put",), takes=ready.ReadinessSaid, gives=ready.ReadinessRow)
    def milestones(
        self, call: CallUp, in_place_by: datetime, milestones: list[Plain], *, by: User, now: datetime
    ) -> Response:
        """Set the milestones of the call, all of them at once."""
        ready.change(call, in_place_by, milestones, by=by, now=now)
        return ready.shown(call, now)

    @deed("sign-ups", allowed=calls_read_by, takes=PlaceMe, gives=NEW_OR_OLD, scope="sign-ups")
    def place(self, call: CallUp, *, by: User, now: datetime, shifts: list[int] = (), **said: Any) -> Response:
        """Place me where I am needed.

        The emptiest post that suits you, or the end of the shortest line. Asked again, the place you have.
        """
        behalf = "volunteer" in said or "person" in said
        if behalf and not access.may(by, May.ADMIT, call.community):
            raise Forbidden
        volunteer = somebody(said, call.community_id, by=by, now=now) if behalf else themselves(by)
        done = place_in_call(call.pk, volunteer, now=now, entry=entry(said, by, behalf=behalf), shifts=shifts)
        return SignUpRow.told(done, by, now)

    @deed(allowed=calls_read_by, takes=Party, gives={201: PartyRow}, scope="sign-ups")
    def parties(self, call: CallUp, blocks: list[list[int]], *, by: User, now: datetime, **said: Any) -> Response:
        """Come with the people you bring, all or nothing.

        Send an Idempotency-Key: whom you bring has no account to be recognised by.
        """
        themselves(by)
        guests = [companion(one) for one in said.pop("companions", [])]
        wish = parties.Wish(blocks=blocks, **said)
        where = parties.Destination(call.pk, call.community_id)
        done = parties.come(where, by, None, guests, wish, key=uuid4(), now=now)
        rows = [SignUpRow.own(signup) for signup in done]
        return Response({"sign_ups": rows}, status=status.HTTP_201_CREATED)

    @deed(allowed=calls_run_by, gives=CalledRow)
    def call(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Tell everybody who may be asked, each once, and the chat groups."""
        return Response(asdict(callups.call(call.pk, by=by, now=now)))

    @deed("call-again", allowed=calls_run_by, gives=CalledRow)
    def call_again(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Ask those once more who were told and have not answered.

        Never who said no; not sooner than two hours after the last time, and at most twice.
        """
        return Response(asdict(callups.call_again(call.pk, by=by, now=now)))

    @deed("at-risk", allowed=calls_run_by, methods=("get",), gives=AtRiskRows)
    def at_risk(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Say which seats may stay empty: their holders do not answer the last reminder, or are not reached."""
        found = risks.at_risk(call, now)
        return Response({"seats": [{"sign_up": one.signup.pk, "risk": one.risk, "since": one.since} for one in found]})

    @deed(allowed=calls_visible_to, methods=("get",), gives=in_waves.WaveRunsRow)
    def waves(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Say how the call is told in waves: the newest run first."""
        return in_waves.listed(call)

    @deed("waves:preview", allowed=calls_run_by, takes=in_waves.WavesSaid, gives=in_waves.WavesPreviewRow)
    def preview_waves(self, call: CallUp, *, by: User, now: datetime, **said: Any) -> Response:
        """Say in numbers what the first wave would be."""
        return in_waves.preview(call, said, by, now)

    @deed("waves:start", allowed=calls_run_by, takes=in_waves.WavesSaid, gives=NEW_OR_RUNNING)
    def start_waves(self, call: CallUp, *, by: User, now: datetime, **said: Any) -> Response:
        """Ask people in waves until nobody is missing any more, or the time is over.

        The first wave goes at once, the others by themselves. While a run is going, that one.
        """
        return in_waves.start(call, said, by=by, now=now)

    @deed("waves:stop", allowed=calls_run_by, gives=in_waves.WaveRunRow)
    def stop_waves(self, call: CallUp, *, by: User, now: datetime) -> Response:
        """Ask nobody else; what has not left stays."""
        return in_waves.stop(call, by=by, now=now)

    @deed("chain:preview", allowed=calls_run_by, takes=lists.ChainSaid, gives=lists.ChainPreviewRow)
    def preview_chain(self, call: CallUp, text: str, *, by: User, now: datetime) -> Response:
        """Say what a pasted chain list (接龙) would do. Nothing is written."""
        return lists.preview(call, text, now=now)

    @deed("chain:commit", allowed=calls_run_by, takes=lists.ChainTaken, gives=lists.ChainOutcomeRow)
    def commit_chain(self, call: CallUp, text: str, *, by: User, now: datetime, free: bool = False) -> Response:
        """Take in a pasted chain list. The same list again changes nothing; a longer one adds what is new.

        People are recognised by phone, by name and building, or by a name they used before; what is unclear waits for
        an answer on the desk.
        """
        return lists.commit(call, text, free=free, by=by, now=now)

    @deed("remind-me", allowed=calls_read_by)
    def remind_me(self, call: CallUp, *, by: User, now: datetime) -> CallUp:
        """Be told once, when sign-up opens."""
        replies.remind_me(call.pk, by=by, now=now)
        return call

    @deed("not-this-time", allowed=calls_read_by)
    def not_this_time(self, call: CallUp, *, by: User, now: datetime) -> CallUp:
        """Not to be asked for this call again."""
        replies.not_this_time(call.pk, by=by, now=now)
        return call

    @deed("copy-day", allowed=calls_run_by, takes=CopyingDay, gives={201: ShiftsMade})
    def copy_day(self, call: CallUp, day: date, days: list[date], *, by: User, now: datetime) -> Response:
        """Copy all shifts of one day of the call to other days, as drafts and without the people."""
        sites = list(call.shifts.values_list("site_id", flat=True).distinct())
        zone = customs_of([call.community_id])[call.community_id].zone
        made = copies.copy_day(sites, day, days, zone=zone, by=by, now=now)
        return Response({"shifts": [shift.pk for shift in made]}, status=status.HTTP_201_CREATED)


def companion(said: Plain) -> parties.Companion:
    return parties.Companion(said["name"], said.get("phone"), tuple(said.get("skills", ())))
