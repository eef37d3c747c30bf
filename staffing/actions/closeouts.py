"""An incident is closed out: proposed, agreed by a second person, announced, carried out in steps, and certified."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from communities.errors import Forbidden, Invalid, Refused
from communities.models import Area, User
from staffing.actions import door_rounds
from staffing.actions.erasing import forget_people, hold
from staffing.actions.forgetting import forget
from staffing.locks import patience
from staffing.messages import closeouts as told
from staffing.models import CloseOut
from staffing.phrases import field_error
from staffing.queries.closeouts import (
    Scope,
    accounts,
    case_q,
    certificate,
    parted,
    scope_of,
    stated,
    totals,
    unsettled,
)
from staffing.rules.closeouts import LONGEST_NOTICE, SHORTEST_NOTICE, USUAL_NOTICE, refusals, seal
from staffing.rules.retention import OF_A_CASE, Case
from staffing.states import Cause, CloseOutStatus

PEOPLE = 200  # in one transaction
CHAIN = crc32(b"certificates of destruction")


@dataclass(frozen=True, slots=True)
class Incident:
    """What is to be closed: everything of the area, and below it, over [start, end)."""

    area: int
    title: str
    start: datetime
    end: datetime
    notice_days: int = USUAL_NOTICE


@transaction.atomic
def propose(incident: Incident, *, by: User, now: datetime) -> CloseOut:
    """Raises Invalid per field; Refused with everything that is not settled yet, or if one is under way there."""
    check(incident)
    area = Area.objects.get(pk=incident.area)
    if reasons := refusals(unsettled(Scope(area.path, incident.start, incident.end), now)):
        raise Refused(reasons)
    try:
        with transaction.atomic():
            return CloseOut.objects.create(
                area=area,
                title=incident.title.strip()[:120],
                starts_at=incident.start,
                ends_at=incident.end,
                notice_days=incident.notice_days,
                proposed_by=by,
                proposed_at=now,
                is_demo=by.is_demo,
            )
    except IntegrityError:
        raise Refused("close_out_waits") from None


def check(incident: Incident) -> None:
    errors = {}
    if not incident.title.strip():
        errors["title"] = field_error("missing")
    if incident.end <= incident.start:
        errors["end"] = field_error("ends_before_start")
    if not SHORTEST_NOTICE <= incident.notice_days <= LONGEST_NOTICE:
        errors["notice_days"] = _("From %(least)s to %(most)s days.") % {
            "least": SHORTEST_NOTICE,
            "most": LONGEST_NOTICE,
        }
    if errors:
        raise Invalid(**errors)


def held(close_out_id: int) -> CloseOut:
    with patience():
        rows = CloseOut.objects.select_for_update(of=("self",), no_key=True).select_related("area")
        return rows.get(pk=close_out_id)


@transaction.atomic
def agree(close_out_id: int, *, by: User, now: datetime) -> CloseOut:
    """The second person's yes: the people are told, and the names go when the notice is over. Again, as it is."""
    found = held(close_out_id)
    if found.status in (CloseOutStatus.AGREED, CloseOutStatus.RUNNING, CloseOutStatus.DONE):
        return found
    waits(found, CloseOutStatus.PROPOSED)
    if by.pk == found.proposed_by_id:
        raise Forbidden("same_person")
    if reasons := refusals(unsettled(scope_of(found), now)):
        raise Refused(reasons)
    found.status, found.agreed_by, found.agreed_at = CloseOutStatus.AGREED, by, now
    found.purge_at = now + timedelta(days=found.notice_days)
    found.save(update_fields=["status", "agreed_by", "agreed_at", "purge_at"])
    told.announced(found, would_go(scope_of(found), now), now)
    return found


def would_go(scope: Scope, now: datetime) -> list[int]:
    return parted(scope, list(accounts(scope).values_list("pk", flat=True)), now)[0]


@transaction.atomic
def withdraw(close_out_id: int, *, by: User, now: datetime) -> CloseOut:
    """It does not take place; possible until it runs. Again, as it is."""
    found = held(close_out_id)
    if found.status == CloseOutStatus.WITHDRAWN:
        return found
    waits(found, CloseOutStatus.PROPOSED, CloseOutStatus.AGREED)
    found.status, found.withdrawn_by, found.purge_at = CloseOutStatus.WITHDRAWN, by, None
    found.save(update_fields=["status", "withdrawn_by", "purge_at"])
    told.called_off(found)
    return found


def waits(found: CloseOut, *allowed: CloseOutStatus) -> None:
    if found.status not in allowed:
        raise Refused("invalid_transition", status=found.status)


def work(close_out_id: int, now: datetime) -> CloseOut:
    """Carry it out, or go on where somebody was cut off. Raises Refused while something is not settled."""
    begin(close_out_id, now)
    while some_people(close_out_id, now):
        pass
    doors(close_out_id, now)
    for number, case in enumerate(OF_A_CASE):
        step(close_out_id, f"{number}:{case.table}", case)
    return finish(close_out_id, now)


@transaction.atomic
def begin(close_out_id: int, now: datetime) -> None:
    """Due, and settled as it was when it was agreed: what stands now is written down, to be compared at the end."""
    found = held(close_out_id)
    if found.status in (CloseOutStatus.RUNNING, CloseOutStatus.DONE):
        return
    waits(found, CloseOutStatus.AGREED)
    if not found.purge_at or found.purge_at > now:
        raise Refused("not_over_yet")
    if reasons := refusals(unsettled(scope_of(found), now)):
        raise Refused(reasons)
    found.status, found.begun_at, found.totals = CloseOutStatus.RUNNING, now, totals(scope_of(found))
    found.save(update_fields=["status", "begun_at", "totals"])


@transaction.atomic
def some_people(close_out_id: int, now: datetime) -> bool:
    """The next two hundred in the order of their accounts; False when nobody is left."""
    found = held(close_out_id)
    if found.status != CloseOutStatus.RUNNING:
        return False
    scope = scope_of(found)
    ids = list(accounts(scope).filter(pk__gt=found.reached).values_list("pk", flat=True)[:PEOPLE])
    if not ids:
        return False
    hold(ids)
    goes, kept = parted(scope, ids, now)
    if goes:
        gone = forget_people(goes, Cause.CLOSE_OUT, now, found)
        add(found, {"people": len(goes), **gone[0].gone})  # type: ignore[attr-defined]
    found.kept = dict(Counter(found.kept) + Counter(stated(kept)))
    found.reached = ids[-1]
    found.save(update_fields=["counts", "kept", "reached"])
    return True


def add(found: CloseOut, counts: Mapping[str, int]) -> None:
    found.counts = dict(sorted((Counter(found.counts) + Counter(counts)).items()))


def noted(close_out_id: int, table: str, count: int) -> None:
    found = held(close_out_id)
    add(found, {table: count})
    found.save(update_fields=["counts"])


def doors(close_out_id: int, now: datetime) -> None:
    """Doors of closed rounds that are still kept, before their fourteen days are over."""
    found = CloseOut.objects.select_related("area").get(pk=close_out_id)
    for pk in list(scope_of(found).rounds().filter(purged_at=None).values_list("pk", flat=True)):
        with transaction.atomic():
            gone = door_rounds.forget_one(pk, now)
            noted(close_out_id, "staffing.RoundDoor", gone.doors)
            noted(close_out_id, "staffing.DoorVisit", gone.visits)
            noted(close_out_id, "staffing.HomeService", gone.homes)


def step(close_out_id: int, name: str, case: Case) -> None:
    """Once each: what is done is written down, and what was cut off is done again, which finds only what is left."""
    found = CloseOut.objects.select_related("area").get(pk=close_out_id)
    if name in found.done_steps or found.status != CloseOutStatus.RUNNING:
        return
    forget(case.table, case_q(case, scope_of(found)), case.blank, note=partial(noted, close_out_id, case.table))
    with transaction.atomic():
        found = held(close_out_id)
        found.done_steps = [*found.done_steps, name]
        found.save(update_fields=["done_steps"])


class TotalsDiffer(RuntimeError):
    """A mistake of ours: something that should stand went. The close-out stays unfinished, for somebody to look."""


@transaction.atomic
def finish(close_out_id: int, now: datetime) -> CloseOut:
    """The certificate: what went, who stays, what stands, sealed together with the certificate before it."""
    found = held(close_out_id)
    if found.status == CloseOutStatus.DONE:
        return found
    after = totals(scope_of(found))
    if any(after.get(name) != count for name, count in found.totals.items()):
        raise TotalsDiffer(f"close-out {found.pk}: {found.totals} became {after}")
    one_at_a_time()
    last = CloseOut.objects.filter(status=CloseOutStatus.DONE).order_by("-finished_at", "-pk").first()
    found.status, found.finished_at = CloseOutStatus.DONE, now
    found.previous_digest = last.digest if last else ""
    found.digest = seal(certificate(found))
    found.save(update_fields=["status", "finished_at", "previous_digest", "digest"])
    return found


def one_at_a_time() -> None:
    """Each certificate follows one other, until the end of the transaction."""
    with patience(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CHAIN])
