"""What a pasted chain list would do to a call: who each line is, where they would stand, and what has changed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q

from communities.errors import Refusal
from communities.fields import keyed_hash
from communities.models import Compound, User
from communities.queries.customs import customs_of
from communities.queries.prepared import fetch
from communities.rules.reach import Whereabouts
from communities.rules.words import clean_phone
from staffing.models import CallUp, ChainAlias, ChainRow, Role, Shift, SignUp
from staffing.queries.facts import ON_OFFER, gather_in_call, place_of, remaining
from staffing.queries.reach import AROUND, ZONES, areas_of, zones_of
from staffing.rules import chain
from staffing.rules.chain.documents import entry_of
from staffing.rules.chain.matching import Known, Match, Roll, endings, fingerprint_of, match, without_place
from staffing.rules.chain.names import HONORIFIC, NICKNAME
from staffing.rules.chain.wishes import Block, shifts_at
from staffing.rules.signups import Facts, Person, Place, refusals
from staffing.states import HOLDS_TIME, ChainState, ShiftStatus
from volunteers.models import Volunteer

type Answer = tuple[Place, Sequence[Refusal]]
HOMES = f"""
    select d.id, a.path, {ZONES.format(compound="d.id", path="a.path", during=AROUND)}
    from communities_compound d join communities_area a on a.id = d.community_id
    where d.community_id = %(community)s::bigint
"""
RESIDENTS = "zone_residents_only"
CHOOSING = frozenset({"several_people", "other_phone", "family_name"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a line would like to stand: these shifts (none: any), a role or any."""

    shifts: tuple[int, ...] = ()
    role: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of one line. `row` is the stored line it goes on from, `same_as` an earlier line of this paste
    about the same person, `held` a place they have in the call already.
    """

    entry: chain.Entry
    line: int
    fingerprint: str
    match: Match
    wish: Wish = Wish()
    row: ChainRow | None = None
    changed: tuple[str, ...] = ()
    compound: int | None = None
    held: SignUp | None = None
    same_as: int | None = None
    refusal: Refusal | None = None
    rooms: Mapping[int, int] = field(default_factory=dict)  # free seats of the posts that would do

    @property
    def kind(self) -> str:
        """same, back, ask, matched or new."""
        if self.row and not self.changed:
            return "same"
        if self.entry.flags.cancelled:
            return "back"
        if self.reason:
            return "ask"
        return "new" if self.match.how == "new" else "matched"

    @property
    def reason(self) -> str:
        return self.match.reason or (self.refusal.code if self.refusal else "")

    @property
    def comers(self) -> int:
        """How many people would get a place by it."""
        if self.kind not in ("matched", "new") or self.same_as:
            return 0
        if self.row and self.row.stands:
            return max(0, self.entry.head_count - entry_of(self.row.document).head_count)
        return self.entry.head_count - (1 if self.held else 0)


@dataclass(frozen=True)
class Preview:
    title: str | None
    plans: Sequence[Plan]
    gone: Sequence[ChainRow]
    missing: int = 0

    def of(self, *kinds: str) -> list[Plan]:
        return [plan for plan in self.plans if plan.kind in kinds]

    @cached_property
    def comers(self) -> int:
        return sum(plan.comers for plan in self.plans)

    @cached_property
    def seated(self) -> int:
        """How many of them there is a seat for; the others would wait in line."""
        taken: Counter[int] = Counter()
        for plan in self.plans:
            for _comer in range(plan.comers):
                taken.update([post for post, room in plan.rooms.items() if taken[post] < room][:1])
        return taken.total()

    @cached_property
    def freed(self) -> list[ChainRow]:
        """Stored lines whose seats would come free: taken back in the list, or no longer in it."""
        back = [plan.row for plan in self.plans if plan.kind == "back" and plan.row]
        return [row for row in [*back, *self.gone] if row.stands]

    @cached_property
    def changes(self) -> dict[str, int]:
        counted = Counter("new" if not plan.row else "changed" for plan in self.plans if plan.kind != "same")
        return {"new": counted["new"], "changed": counted["changed"], "gone": len(self.gone)}


def stored_rows(call: CallUp) -> list[ChainRow]:
    rows = ChainRow.objects.filter(chain__call_up=call, gone=False).order_by("line", "pk")
    return list(rows.select_related("volunteer__user", "sign_up__post__role", "sign_up__shift__site"))


def foresee(call: CallUp, text: str, now: datetime) -> Preview:
    """Reads only."""
    found = chain.parse(text)
    compounds = compounds_of(call)
    entries = chain.settled([without_place(entry, compounds) for entry in found.entries])
    rows = stored_rows(call)
    pairs = paired([entry_of(row.document) for row in rows], entries)
    planner = Planner(call, entries, now, compounds)
    plans = planner.plans({there: rows[here] for there, here in pairs.items()})
    gone = [row for here, row in enumerate(rows) if here not in set(pairs.values())]
    return Preview(found.title, plans, gone)


def paired(before: Sequence[chain.Entry], after: Sequence[chain.Entry]) -> dict[int, int]:
    """Index after -> index before. Lines that say nothing about who they are pair with what reads alike."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for here, entry in enumerate(before):
        alike[likeness(entry)].append(here)
    found = chain.pair(before, after)
    taken = set(found.values())
    for there, entry in enumerate(after):
        free = [here for here in alike[likeness(entry)] if here not in taken] if there not in found else []
        if free:
            found[there] = free[0]
            taken.add(free[0])
    return found


def likeness(entry: chain.Entry) -> tuple[object, ...]:
    return entry.name, entry.phone, entry.address, entry.comment


def usable_phone(entry: chain.Entry) -> str | None:
    """The number, if a message can be sent there."""
    return clean_phone(entry.phone, demo=settings.DEMO) if entry.phone else None


class Planner:
    """Everything the lines need to know of the community, read once."""

    def __init__(
        self,
        call: CallUp,
        entries: Sequence[chain.Entry],
        now: datetime,
        compounds: Mapping[str, int] | None = None,
    ) -> None:
        self.call, self.entries, self.now = call, entries, now
        self.compounds = compounds_of(call) if compounds is None else compounds
        self.zone = customs_of([call.community_id])[call.community_id].zone
        self.roll = roll_of(call, entries)
        self.roles = {role.slug: role.pk for role in Role.objects.filter(posts__shift__call_up=call).distinct()}
        self.blocks = self.shifts_of_call()
        self.seen: dict[tuple[Wish, int | None, int | None], list[Answer]] = {}

    def shifts_of_call(self) -> list[Block]:
        shifts = self.call.shifts.filter(status=ShiftStatus.OPEN, ends_at__gt=self.now).order_by("starts_at", "pk")
        clocks = shifts.values_list("pk", "starts_at", "ends_at")
        return [Block(pk, start.astimezone(self.zone), end.astimezone(self.zone)) for pk, start, end in clocks]

    def plans(self, stored: Mapping[int, ChainRow]) -> list[Plan]:
        matches = [self.recognised(entry, stored.get(at)) for at, entry in enumerate(self.entries)]
        held = self.held_by({found.volunteer for found in matches if found.volunteer})
        prints = fingerprints(self.entries)
        first_line: dict[int, int] = {}
        plans = []
        for at, (entry, found) in enumerate(zip(self.entries, matches, strict=True)):
            row = stored.get(at)
            plan = Plan(
                entry,
                at + 1,
                prints[at],
                found,
                row=row,
                changed=chain.changed_fields(entry_of(row.document), entry) if row else (),
                compound=self.compound_of(entry),
                held=held.get(found.volunteer or 0),
            )
            plans.append(self.wished(plan, first_line) if plan.kind in ("matched", "new") else plan)
        return plans

    def recognised(self, entry: chain.Entry, row: ChainRow | None) -> Match:
        if row and row.volunteer_id:
            return Match(row.how or "name", row.volunteer_id)
        return match(entry, self.roll, self.compound_of(entry))

    def wished(self, plan: Plan, first_line: dict[int, int]) -> Plan:
        """With the shifts and the role that the line asks for, or why there is no place for it."""
        person = plan.match.volunteer
        earlier = first_line.setdefault(person, plan.line) if person else plan.line
        if earlier != plan.line:
            return replace(plan, same_as=earlier)
        wish, refusal = self.wish(plan.entry, person, plan.held)
        if plan.row and plan.row.stands:
            refusal = Refusal("wish_changed") if {"role", "time"} & set(plan.changed) else None
        settled = plan.held or (plan.row and plan.row.stands)
        return replace(
            plan, wish=wish, refusal=refusal, rooms=self.rooms(wish, None if settled else person, plan.compound)
        )

    def wish(
        self, entry: chain.Entry, volunteer: int | None, held: SignUp | None, home: int | None = None
    ) -> tuple[Wish, Refusal | None]:
        """Who holds a place keeps it. A role that would not have them gives way to any. `home`: where somebody new lives."""
        shifts = shifts_at(entry.time, self.blocks)
        if shifts is None and self.blocks and not held:
            return Wish(), Refusal("no_such_time")
        wish = Wish(tuple(shifts or ()), self.roles.get(entry.role or ""))
        if held:
            return wish, None
        home = home or self.compound_of(entry)
        found = self.why_not(wish, volunteer, home)
        if found and wish.role and not self.why_not(Wish(wish.shifts), volunteer, home):
            return Wish(wish.shifts), None
        return wish, found

    def why_not(self, wish: Wish, volunteer: int | None, home: int | None) -> Refusal | None:
        """The first reason of the nearest miss; None if some post would do."""
        misses = [found for _place, found in self.answers(wish, volunteer, home)]
        if not misses:
            return Refusal("no_open_post")
        return min(misses, key=len)[0] if all(misses) else None

    def rooms(self, wish: Wish, volunteer: int | None, home: int | None) -> dict[int, int]:
        return {place.post: place.room for place, found in self.answers(wish, volunteer, home) if not found}

    def answers(self, wish: Wish, volunteer: int | None, home: int | None) -> list[Answer]:
        """The posts where the line would like to stand, each with what speaks against it."""
        key = wish, volunteer, None if volunteer else home
        if key not in self.seen:
            self.seen[key] = [(facts.place, refusals(facts)) for facts in self.cases(*key)]
        return self.seen[key]

    def cases(self, wish: Wish, volunteer: int | None, home: int | None) -> list[Facts]:
        """Who is new lives where the line says."""
        if volunteer:
            return gather_in_call(self.call.pk, wish.shifts, wish.role, volunteer, self.now, by_staff=True)
        rows = fetch(ON_OFFER, call_up=self.call.pk, shifts=list(wish.shifts), role=wish.role, now=self.now)
        found = [place_of(row) for row in rows]
        return [Facts(self.newcomer(home, place), place, self.now, by_staff=True) for place in found]

    def newcomer(self, home: int | None, place: Place) -> Person:
        if home is None:
            return Person(0)
        path, zones = self.homes[home]
        return Person(0, home=Whereabouts(home, zones_of(zones, remaining(place.interval, self.now)), areas_of(path)))

    @cached_property
    def homes(self) -> dict[int, tuple[str, list[Any]]]:
        """The community's compounds with their zones, from now until the call is over."""
        ends = max(self.now, self.call.ends_at) + timedelta(days=1)
        rows = fetch(HOMES, community=self.call.community_id, since=self.now, until=ends)
        return {compound: (path, zones) for compound, path, zones in rows}

    def compound_of(self, entry: chain.Entry) -> int | None:
        """The compound that the line names, if it names one."""
        found = {self.compounds[part] for part in re.split(r"[\s、，,/]+", entry.comment) if part in self.compounds}
        return found.pop() if len(found) == 1 else None

    def held_by(self, volunteers: Iterable[int]) -> dict[int, SignUp]:
        """What these people have in the call already; the earliest of each."""
        found = SignUp.objects.alive().filter(shift__call_up=self.call, volunteer__in=list(volunteers))
        return {signup.volunteer_id: signup for signup in found.order_by("-period", "-pk")}


def compounds_of(call: CallUp) -> dict[str, int]:
    """The compounds of the community, by their names and what these are shortened to."""
    names = dict(Compound.objects.filter(community=call.community_id).values_list("name", "pk"))
    return {ending: names[name] for ending, name in endings(names).items()}


def fingerprints(entries: Iterable[chain.Entry]) -> list[str]:
    """One for each line; of lines that are about the same, each its own."""
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        plain = fingerprint_of(entry)
        seen[plain] += 1
        found.append(keyed_hash(f"{plain}|{seen[plain]}"))
    return found


def choices_of(call: CallUp, rows: Sequence[ChainRow]) -> dict[int, Sequence[Known]]:
    """For lines that wait because it may be one of several people: who that is, as of now."""
    asking = [row for row in rows if row.state == ChainState.ASKING and row.reason in CHOOSING]
    entries = [entry_of(row.document) for row in asking]
    roll = roll_of(call, entries) if asking else Roll()
    return {row.pk: match(entry, roll).choices for row, entry in zip(asking, entries, strict=True)}


def homes_of(call: CallUp, rows: Iterable[ChainRow]) -> list[Compound]:
    """For lines that wait because only residents may come: the compounds in which the call has posts."""
    if not any(row.state == ChainState.ASKING and row.reason == RESIDENTS for row in rows):
        return []
    return list(Compound.objects.filter(sites__shifts__call_up=call).distinct().order_by("pk"))


def posted(call: CallUp) -> list[tuple[Shift, list[SignUp]]]:
    """The shifts of the call that have people, each with those who hold a seat."""
    found = SignUp.objects.filter(status__in=HOLDS_TIME, shift__call_up=call)
    found = found.select_related("shift__site", "post__role", "volunteer__user")
    by_shift: dict[Shift, list[SignUp]] = defaultdict(list)
    for signup in found.order_by("shift__starts_at", "shift__site__no", "shift_id", "post__role_id", "seat_no", "pk"):
        by_shift[signup.shift].append(signup)
    return list(by_shift.items())


# --- whom the community knows


def roll_of(call: CallUp, entries: Sequence[chain.Entry]) -> Roll:
    names = {entry.name for entry in entries if entry.name}
    families = {name[1] if NICKNAME.fullmatch(name) else name[0] for name in names if is_family_name(name)}
    people = known_people(call, names, families)
    by_name: dict[str, list[Known]] = defaultdict(list)
    by_family: dict[str, list[Known]] = defaultdict(list)
    for person in people:
        by_name[person.name].append(person)
        if person.name[:1] in families:
            by_family[person.name[0]].append(person)
    return Roll(by_phones(entries), by_name, by_aliases(call, names), by_family)


def is_family_name(name: str) -> bool:
    return bool(HONORIFIC.fullmatch(name) or NICKNAME.fullmatch(name))


def known_people(call: CallUp, names: set[str], families: set[str]) -> list[Known]:
    """Who is enrolled with the community under one of these names, or one of these family names."""
    called = Q(user__name__in=names)
    for family in families:
        called |= Q(user__name__startswith=family)
    enrolled = Q(enrolments__community=call.community_id, enrolments__ended_at=None)
    rows = Prefetch("chain_rows", queryset=ChainRow.objects.exclude(building="").only("volunteer_id", "building"))
    found = Volunteer.objects.filter(called, enrolled, user__is_active=True).select_related("user").distinct()
    return [known(person) for person in found.prefetch_related(rows).order_by("pk")]


def known(person: Volunteer) -> Known:
    buildings = frozenset(row.building for row in person.chain_rows.all())
    return Known(person.pk, person.user.name, person.residence_id, buildings, bool(person.user.phone_hash))


def by_phones(entries: Sequence[chain.Entry]) -> dict[str, Known]:
    """By the number as written. Whose account is closed is nobody here."""
    hashes = {keyed_hash(phone): phone for entry in entries if (phone := usable_phone(entry))}
    people = User.objects.filter(phone_hash__in=hashes, volunteer__isnull=False, is_active=True)
    found = people.values_list("phone_hash", "volunteer__pk", "name", "volunteer__residence_id")
    return {hashes[str(digest)]: Known(pk, name, home) for digest, pk, name, home in found}


def by_aliases(call: CallUp, names: set[str]) -> dict[str, Known]:
    hashes = {keyed_hash(name): name for name in names}
    found = ChainAlias.objects.filter(
        community=call.community_id, name_hash__in=hashes, volunteer__user__is_active=True
    ).select_related("volunteer__user")
    return {
        hashes[alias.name_hash]: Known(alias.volunteer_id, alias.volunteer.user.name, alias.volunteer.residence_id)
        for alias in found
    }
