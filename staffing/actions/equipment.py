"""Things are handed out to people who are there and taken back when they leave; a counted stock never goes below nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.locks import lock_signup, patience
from staffing.messages import equipment as told
from staffing.models import Equipment, EquipmentIssue, Role, SignUp
from staffing.phrases import field_error
from staffing.queries.equipment import asked_for, things_at
from staffing.rules.equipment import MOST, Count, readable, refusals, runs_low, taken_from_stock
from staffing.states import SignUpStatus

MOST_IN_STOCK = 1_000_000
# Whoever comes first: a stock that is counted gives only what it has.
TAKE = """
    update staffing_equipment set stock = stock - %(number)s
    where id = %(thing)s and (stock is null or stock >= %(number)s)
    returning stock
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a thing is: its names, whether it comes back, and to whom how many of it are handed."""

    name: str
    name_en: str = ""
    comes_back: bool = True
    each: int = 1
    everybody: bool = False
    risky: bool = False
    roles: tuple[int, ...] = ()
    low: int | None = None


@dataclass(slots=True)
class Handed:
    """What a tap has handed out, and of what there was not enough."""

    given: list[EquipmentIssue] = field(default_factory=list)
    short: list[Equipment] = field(default_factory=list)


def check(kind: Kind) -> None:
    errors = {}
    if not kind.name.strip():
        errors["name"] = field_error("missing")
    if isinstance(kind.each, bool) or not 1 <= kind.each <= MOST:
        errors["each"] = field_error("parcels_out_of_range")
    if kind.low is not None and not 0 <= kind.low <= MOST_IN_STOCK:
        errors["low"] = field_error("stock_out_of_range")
    if errors:
        raise Invalid(**errors)


@transaction.atomic
def keep(area_id: int, kind: Kind, *, stock: int | None = None, by: User, now: datetime) -> Equipment:
    """The area keeps such a thing from now on. Raises Invalid per field, Refused if it has one of that name."""
    check(kind)
    return recount(write(Equipment(area_id=area_id, is_demo=by.is_demo), kind), stock)


@transaction.atomic
def change(thing_id: int, kind: Kind, *, by: User, now: datetime, **counted: int | None) -> Equipment:
    """Another name, another rule who has it, and `stock` if it was counted too. What was handed out stays as it is."""
    check(kind)
    thing = write(hold(thing_id), kind)
    return recount(thing, counted["stock"]) if "stock" in counted else thing


def write(thing: Equipment, kind: Kind) -> Equipment:
    for name in ("comes_back", "each", "everybody", "risky", "low"):
        setattr(thing, name, getattr(kind, name))
    thing.name, thing.name_en = kind.name.strip()[:120], kind.name_en.strip()[:120]
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        raise Refused("name_taken", name=thing.name) from None
    thing.roles.set(Role.objects.filter(pk__in=kind.roles))
    return thing


def hold(thing_id: int) -> Equipment:
    with patience():
        rows = Equipment.objects.select_for_update(of=("self",), no_key=True).select_related("area")
        return rows.get(pk=thing_id)


@transaction.atomic
def count(thing_id: int, stock: int | None, *, by: User, now: datetime) -> Equipment:
    """So many lie there now; None: it is not counted any more. Counted to the same, nothing changes."""
    return recount(hold(thing_id), stock)


def recount(thing: Equipment, stock: int | None) -> Equipment:
    if stock is not None and (isinstance(stock, bool) or not 0 <= stock <= MOST_IN_STOCK):
        raise Invalid(stock=field_error("stock_out_of_range"))
    if thing.stock != stock:
        thing.stock, thing.counts = stock, thing.counts + 1
        thing.save(update_fields=["stock", "counts"])
    return thing


@transaction.atomic
def retire(thing_id: int, *, retired: bool, by: User, now: datetime) -> Equipment:
    """Handed out no more, or again; what is out can still be taken back. Said again, as it is."""
    thing = hold(thing_id)
    if bool(thing.retired_at) != retired:
        thing.retired_at = now if retired else None
        thing.save(update_fields=["retired_at"])
    return thing


@transaction.atomic
def hand_out(signup_id: int, numbers: Mapping[int, int], *, by: User, now: datetime) -> list[EquipmentIssue]:
    """The person has been handed so many of each thing in all: said again, nothing happens; fewer puts a mistake right.

    All or nothing. Raises Refused with every reason: not there, not enough in stock, fewer than have come back.
    """
    signup = lock_signup(signup_id)
    issues = issues_of(signup, numbers, by, now)
    return [put(one, replace(counted(one), number=numbers[one.thing_id]), by, now) for one in issues]


@transaction.atomic
def set_right(signup_id: int, counts: Mapping[int, Count], *, by: User, now: datetime) -> list[EquipmentIssue]:
    """What the person was handed of each thing and what came of it, in all. Said again, nothing happens."""
    signup = lock_signup(signup_id)
    return [put(one, counts[one.thing_id], by, now) for one in issues_of(signup, counts, by, now)]


def issues_of(signup: SignUp, things: Collection[int], by: User, now: datetime) -> list[EquipmentIssue]:
    """The rows there are, and new ones, in the order of the things. Raises Invalid for what is not handed out there."""
    old = EquipmentIssue.objects.filter(sign_up=signup, thing__in=things).select_related("thing__area")
    found = {issue.thing_id: issue for issue in old}
    for thing in things_at(signup.shift.site.area):
        if thing.pk in things and thing.pk not in found:
            found[thing.pk] = EquipmentIssue(sign_up=signup, thing=thing, number=0, issued_by=by, issued_at=now)
    if set(things) - found.keys():
        raise Invalid(thing=field_error("unknown_thing"))
    for issue in found.values():
        issue.sign_up = signup
    return [found[pk] for pk in sorted(found)]


@transaction.atomic
def hand_out_usual(signup_id: int, *, by: User, now: datetime) -> Handed:
    """What the post asks for, as far as it is there and the person has not been handed it yet. Again: nothing more."""
    signup, handed = lock_signup(signup_id), Handed()
    usual = asked_for(things_at(signup.shift.site.area), Role.objects.get(pk=signup.post.role_id))
    for issue in issues_of(signup, [thing.pk for thing in usual], by, now):
        if issue.number >= issue.thing.each:
            continue
        try:
            with transaction.atomic():
                handed.given.append(put(issue, replace(counted(issue), number=issue.thing.each), by, now))
        except Refused as refused:
            if refused.code != "not_enough_in_stock":
                raise
            handed.short.append(issue.thing)
    return handed


@transaction.atomic
def settle(issue_id: int, *, good: int = 0, damaged: int = 0, lost: int = 0, by: User, now: datetime) -> EquipmentIssue:
    """Of what was handed out so much has come back in all, and so much never will. Said again, nothing happens."""
    signup = lock_signup(EquipmentIssue.objects.values_list("sign_up_id", flat=True).get(pk=issue_id))
    issue = EquipmentIssue.objects.select_related("thing__area").get(pk=issue_id)
    issue.sign_up = signup
    return put(issue, Count(issue.number, good, damaged, lost), by, now)


@transaction.atomic
def back(issue_id: int, *, by: User, now: datetime) -> EquipmentIssue:
    """All that is still out of this came back in order. Again: as it is."""
    return finish(issue_id, Count.all_back, by, now)


@transaction.atomic
def lose(issue_id: int, *, by: User, now: datetime) -> EquipmentIssue:
    """What is still out of this will not come back: nobody looks for it any more. Again: as it is."""
    return finish(issue_id, Count.all_lost, by, now)


def finish(issue_id: int, how: Callable[[Count], Count], by: User, now: datetime) -> EquipmentIssue:
    signup = lock_signup(EquipmentIssue.objects.values_list("sign_up_id", flat=True).get(pk=issue_id))
    issue = EquipmentIssue.objects.select_related("thing__area").get(pk=issue_id)
    issue.sign_up = signup
    return put(issue, how(counted(issue)), by, now)


@transaction.atomic
def take_back(signup_id: int, *, by: User, now: datetime) -> list[EquipmentIssue]:
    """Everything that is still out came back in order. Again: nothing."""
    return [put(issue, counted(issue).all_back(), by, now) for issue in still_out(signup_id)]


def still_out(signup_id: int) -> list[EquipmentIssue]:
    signup = lock_signup(signup_id)
    found = EquipmentIssue.objects.out().filter(sign_up=signup).select_related("thing__area").order_by("thing")
    for issue in (rows := list(found)):
        issue.sign_up = signup
    return rows


def counted(issue: EquipmentIssue) -> Count:
    return Count(issue.number, issue.good, issue.damaged, issue.lost)


def put(issue: EquipmentIssue, after: Count, by: User, now: datetime) -> EquipmentIssue:
    """Under the person's lock, which is enough for the row; the stock has its own statement."""
    if not readable(after):
        raise Invalid(number=field_error("number_out_of_range"))
    before = counted(issue)
    if after == before:
        return issue
    if reasons := refusals(SignUpStatus(issue.sign_up.status), before, after):
        raise Refused(reasons)
    draw(issue.thing, taken_from_stock(before, after), now)
    if after.number != before.number:
        issue.issued_by, issue.issued_at = by, now
    if after.settled != before.settled:
        issue.settled_by, issue.settled_at = by, now
    issue.number, issue.good, issue.damaged, issue.lost = after.number, after.good, after.damaged, after.lost
    issue.save()
    return issue


def draw(thing: Equipment, number: int, now: datetime) -> None:
    """Take so many from the stock, or put them back. Raises Refused if it has not so many."""
    if not number:
        return
    with patience(), connection.cursor() as cursor:
        cursor.execute(TAKE, {"number": number, "thing": thing.pk})
        row = cursor.fetchone()
    if row is None:
        left = Equipment.objects.values_list("stock", flat=True).get(pk=thing.pk)
        raise Refused("not_enough_in_stock", thing=str(thing), left=left)
    thing.stock = row[0]
    if thing.stock is not None and runs_low(thing.stock + number, thing.stock, thing.low):
        told.low(thing, now)
