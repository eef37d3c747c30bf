"""A staff list from the upload to people who can be seconded: read in batches, reported, decided, taken over as a whole.

A reader that is killed goes on after its last batch; taking over is one transaction, so half of it is never there.
Read again, the list changes nothing: the staff number decides who somebody is, else the phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from communities.actions import aliases
from communities.errors import Invalid, Refused
from communities.fields import cipher, keyed_hash
from communities.models import User
from communities.phrases import say_code
from communities.queries.residence import Matcher
from communities.rules.residence import How, place_of
from communities.rules.tables import Unreadable, ending_of, rows_of
from volunteers import signals
from volunteers.actions import import_sql as sql
from volunteers.models import Qualification, StaffImport, StaffImportRow, Volunteer
from volunteers.rules.staff import Member, columns, member
from volunteers.states import ImportStatus, RowState

BATCH = 2000
PATIENCE = "5min"  # for one statement over the whole list


@transaction.atomic
def upload(organisation_id: int, file_name: str, content: bytes, *, by: User, now: datetime) -> StaffImport:
    """Keep the file, encrypted, for a worker to read. Raises Invalid(file=…) if it is none of ours at first sight,
    Refused while another list of the organisation waits.
    """
    try:
        ending = ending_of(file_name)
        found = columns(next(rows_of(content, ending), []))
    except Unreadable as error:
        raise Invalid(file=say_code(error.code)) from error
    if found.missing:
        raise Invalid(file=_("Columns for name and phone are needed; see the example."))
    if StaffImport.objects.filter(organisation=organisation_id, status__in=UNDECIDED).exists():
        raise Refused("staff_list_waits")
    made = StaffImport.objects.create(
        organisation_id=organisation_id,
        file_name=file_name[-120:],
        ending=ending,
        content=cipher().encrypt(content),
        strange=list(found.strange),
        uploaded_by=by,
        uploaded_at=now,
    )
    wake(made)
    return made


UNDECIDED = [ImportStatus.UPLOADED, ImportStatus.READ, ImportStatus.DECIDED]


def wake(found: StaffImport) -> None:
    transaction.on_commit(lambda: signals.staff_list_waits.send(sender=StaffImport, import_id=found.pk), robust=True)


def work(import_id: int, now: datetime) -> None:
    """Whatever is next to do for the list; again is no harm."""
    read(import_id, now)
    take_over(import_id, now)


def read(import_id: int, now: datetime) -> None:
    """Give every row its report. Goes on where an earlier reader stopped; stops if the list is cancelled meanwhile."""
    found = StaffImport.objects.get(pk=import_id)
    if found.status != ImportStatus.UPLOADED:
        return
    try:
        if read_rows(found):
            conclude(found.pk)
    except Unreadable as error:
        fail(found.pk, error.code, now)


def read_rows(found: StaffImport) -> bool:
    """True once every row is written; False if the list is no longer to be read."""
    rows = rows_of(cipher().decrypt(bytes(found.content or b"")), found.ending)
    reader = Reader(columns(next(rows)).at, Matcher(), skills_by_name(), found.uploaded_by.is_demo or settings.DEMO)
    for batch in batched(enumerate(rows, start=1), BATCH, strict=False):
        if batch[-1][0] > found.read and not write(found.pk, reader, batch):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Reader:
    """What a row is read with."""

    at: dict[str, int]
    matcher: Matcher
    skills: dict[str, int]
    demo: bool

    def members(self, batch: Sequence[tuple[int, list[str]]]) -> list[tuple[int, Member]]:
        return [(line, member(cells, self.at, demo=self.demo)) for line, cells in batch]


def skills_by_name() -> dict[str, int]:
    """The skills for which one's own word is enough, by every name they go by."""
    found = Qualification.objects.filter(self_declared=True).values_list("pk", "slug", "name", "name_en")
    return {name.casefold(): pk for pk, *names in found for name in names if name}


@transaction.atomic
def write(import_id: int, reader: Reader, batch: Sequence[tuple[int, list[str]]]) -> bool:
    """One batch and how far the list has come, together. False if somebody else has written it, or it is cancelled."""
    held = StaffImport.objects.select_for_update().get(pk=import_id)
    if held.status != ImportStatus.UPLOADED or held.read != batch[0][0] - 1:
        return False
    members = reader.members(batch)
    guesses = reader.matcher.guesses(one.address for _line, one in members)
    with connection.cursor() as cursor, cursor.copy(sql.COPY) as copy:
        for line, one in members:
            copy.write_row(row(import_id, line, one, reader, guesses))
    StaffImport.objects.filter(pk=import_id).update(read=batch[-1][0])
    return True


def row(import_id: int, line: int, one: Member, reader: Reader, guesses: dict[str, Any]) -> tuple[Any, ...]:
    guess, fine = guesses.get(one.address), not one.problems
    skills = [reader.skills[word] for word in one.skills if word in reader.skills]
    return (
        import_id,
        line,
        RowState.NEW if fine else RowState.WRONG,
        list(one.problems),
        one.external_id,
        one.name,
        sealed(one.phone) if fine else None,
        keyed_hash(one.phone) if fine else "",
        sealed(one.address) or "",
        place_of(one.address)[:200] if one.address else "",
        guess.compound if guess else None,
        guess.confidence if guess else 0,
        guess.how if guess else How.NOTHING,
        list(guess.choices) if guess else [],
        skills,
    )


def sealed(text: str) -> str | None:
    return cipher().encrypt(text.encode()).decode() if text else None


@transaction.atomic
def conclude(import_id: int) -> None:
    """All rows are there: who is on the list twice, who is known already. The file itself is not needed any more."""
    if not hold(import_id, ImportStatus.UPLOADED):
        return
    run(import_id, sql.TWICE, sql.KNOWN_BY_NUMBER, sql.KNOWN_BY_PHONE, sql.TWO_PEOPLE, sql.OTHER_PHONE)
    lines = StaffImportRow.objects.filter(staff_import=import_id)
    StaffImport.objects.filter(pk=import_id).update(status=ImportStatus.READ, rows=lines.count(), content=None)


def fail(import_id: int, problem: str, now: datetime) -> None:
    close(import_id, ImportStatus.FAILED, now, problem=problem)


@transaction.atomic
def close(import_id: int, status: ImportStatus, now: datetime, **more: Any) -> None:
    """The end of a list that is not taken over; of what it said nothing stays."""
    StaffImportRow.objects.filter(staff_import=import_id).delete()
    StaffImport.objects.filter(pk=import_id).update(status=status, content=None, finished_at=now, **more)


def hold(import_id: int, *statuses: ImportStatus) -> StaffImport | None:
    """The list under lock, if it is in one of these states."""
    return StaffImport.objects.select_for_update().filter(pk=import_id, status__in=statuses).first()


@transaction.atomic
def cancel(import_id: int, *, by: User, now: datetime) -> StaffImport:
    """Stop reading, or drop what was read. Again, it stays cancelled."""
    found = StaffImport.objects.select_for_update().get(pk=import_id)
    if found.status == ImportStatus.CANCELLED:
        return found
    if found.status not in {ImportStatus.UPLOADED, ImportStatus.READ}:
        raise Refused("invalid_transition", status=found.status)
    found.decided_by = by
    found.save(update_fields=["decided_by", "changed_at"])
    close(found.pk, ImportStatus.CANCELLED, now)
    found.refresh_from_db()
    return found


@transaction.atomic
def decide(import_id: int, *, by: User, now: datetime) -> StaffImport:
    """Take the list over: all rows without a fault. A worker does it. Decided again, it stays decided."""
    found = StaffImport.objects.select_for_update().get(pk=import_id)
    if found.status in {ImportStatus.DECIDED, ImportStatus.DONE}:
        return found
    if found.status != ImportStatus.READ:
        raise Refused("invalid_transition", status=found.status)
    if not found.lines.exclude(state=RowState.WRONG).exists():
        raise Refused("nothing_to_take_over")
    found.status, found.decided_by = ImportStatus.DECIDED, by
    found.save(update_fields=["status", "decided_by", "changed_at"])
    wake(found)
    return found


@transaction.atomic
def take_over(import_id: int, now: datetime) -> None:
    """Accounts, people, their place in the organisation, homes and skills, in one transaction."""
    found = hold(import_id, ImportStatus.DECIDED)
    if not found:
        return
    demo = found.uploaded_by.is_demo
    run(import_id, sql.ACCOUNTS, now=now, demo=demo)
    while run(import_id, sql.PEOPLE, now=now, demo=demo):
        pass  # a number that was drawn twice is drawn again
    run(import_id, sql.WHO, sql.BELONG, sql.NUMBERS, day=now.date(), organisation=found.organisation_id)
    at_home = homes(import_id)
    taken = run(import_id, sql.SKILLS, sql.TAKEN)
    StaffImportRow.objects.filter(staff_import=import_id).exclude(pk__in=left_to_ask(import_id)).delete()
    StaffImport.objects.filter(pk=import_id).update(status=ImportStatus.DONE, taken=taken, finished_at=now)
    signals.homes_known.send(sender=Volunteer, volunteers=at_home, by=found.decided_by, now=now)


def homes(import_id: int) -> list[int]:
    """The homes that the list knows of people whose home nobody knew; returns whose."""
    with connection.cursor() as cursor:
        cursor.execute(sql.HOMES, {"import": import_id})
        return [person for (person,) in cursor.fetchall()]


def left_to_ask(import_id: int) -> QuerySet[StaffImportRow]:
    return StaffImportRow.objects.unsure().filter(staff_import=import_id, volunteer__residence=None)


def run(import_id: int, *statements: str, **facts: Any) -> int:
    """The statements in their order, in the transaction that is open; how many rows the last one touched.

    Each goes over whole tables, which have grown since the planner last looked: it would take them for small.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('statement_timeout', %s, true), set_config('enable_nestloop', 'off', true)", [PATIENCE]
        )
        for statement in statements:
            cursor.execute(statement, {"import": import_id} | facts)
        return int(cursor.rowcount)


@transaction.atomic
def settle(row_id: int, compound_id: int, *, by: User, now: datetime) -> int:
    """Somebody says which compound the row means: remembered, and true for all who wrote the same. How many."""
    said = StaffImportRow.objects.get(pk=row_id)
    if not said.place:
        raise Refused("nothing_to_settle")
    aliases.learn(said.place, compound_id, by=by, now=now)
    same = StaffImportRow.objects.filter(staff_import=said.staff_import_id, place=said.place)
    homeless = Volunteer.objects.filter(pk__in=same.filter(state=RowState.TAKEN).values("volunteer"), residence=None)
    people = list(homeless.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Volunteer.objects.filter(pk__in=people).update(residence=compound_id)
    settled = same.update(compound=compound_id, confidence=100, how=How.ALIAS)
    same.filter(state=RowState.TAKEN).delete()
    signals.homes_known.send(sender=Volunteer, volunteers=people, by=by, now=now)
    return settled
