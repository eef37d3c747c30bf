"""Whether a person may stand on a post: one list of checks for showing, for placing and for refusing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from communities.errors import Refusal
from communities.rules.reach import Pass, Whereabouts, needs_approval
from staffing.rules.fatigue import Interval, strains
from staffing.rules.reach import barred
from staffing.states import CallStatus, ShiftStatus
from volunteers.rules.qualifications import Held, lacking
from volunteers.states import PersonKind

ANYWHERE = Whereabouts()


@dataclass(frozen=True, slots=True)
class Place:
    """A post as the rules see it."""

    post: int
    shift: int
    community: int
    version: int
    interval: Interval
    zone: ZoneInfo
    where: Whereabouts = ANYWHERE
    shift_status: ShiftStatus = ShiftStatus.OPEN
    call_status: CallStatus = CallStatus.OPEN
    sign_up_from: datetime | None = None
    sign_up_until: datetime | None = None
    urgent: bool = False
    seats: int = 1
    taken: int = 0
    pledged: int = 0
    waiting: int = 0
    person_kinds: tuple[str, ...] = ()
    agency: int | None = None
    requires: tuple[str, ...] = ()
    prefers: tuple[str, ...] = ()
    risky: bool = False
    insured: bool = False
    briefed: bool = False
    max_block: timedelta = timedelta(hours=4)
    block_override: bool = False
    auto_confirm: bool = True

    @property
    def day(self) -> date:
        return self.interval.start.astimezone(self.zone).date()

    @property
    def published(self) -> bool:
        return self.shift_status is not ShiftStatus.DRAFT and self.call_status is not CallStatus.DRAFT

    @property
    def room(self) -> int:
        """Seats that a newcomer could take now: none while others wait."""
        return 0 if self.waiting else max(0, self.seats - self.pledged - self.taken)


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as the rules see them. `duties` are their time-holding blocks; `organisations` include parents;
    `places` are the posts, of those in question, where they have a seat, an offer or a place in line already.
    """

    volunteer: int
    kind: PersonKind = PersonKind.VOLUNTEER
    is_adult: bool = True
    home: Whereabouts = ANYWHERE
    approved: bool = False
    passes: tuple[Pass, ...] = ()
    held: tuple[Held, ...] = ()
    duties: tuple[Interval, ...] = ()
    absences: tuple[Interval, ...] = ()
    organisations: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is needed to decide one case, read at one instant."""

    person: Person
    place: Place
    now: datetime
    walk_in: bool = False
    by_staff: bool = False
    override: bool = False

    @property
    def is_there(self) -> bool:
        """The person has a place on this very post already."""
        return self.place.post in self.person.places

    def without(self, block: Interval) -> "Facts":
        """As if the person had already given up that block."""
        duties = tuple(duty for duty in self.person.duties if duty != block)
        return replace(self, person=replace(self.person, duties=duties))


def window(facts: Facts) -> list[Refusal]:
    """Sign-up is open: published, not closed, not cancelled, not past. Staff may enter people until the end."""
    place, now = facts.place, facts.now
    if place.shift_status == ShiftStatus.CANCELLED or place.call_status == CallStatus.CANCELLED:
        return [Refusal("shift_cancelled")]
    if place.shift_status is ShiftStatus.FINISHED or now >= place.interval.end:
        return [Refusal("past")]
    if place.shift_status == ShiftStatus.DRAFT or place.call_status == CallStatus.DRAFT:
        return [Refusal("not_open")]
    if facts.by_staff:
        return []
    if now >= place.interval.start or place.shift_status is ShiftStatus.RUNNING:
        return [Refusal("already_started")]
    if place.sign_up_from and now < place.sign_up_from:
        return [Refusal("not_open")]
    closed = place.shift_status == ShiftStatus.CLOSED or place.call_status == CallStatus.CLOSED
    if closed or (place.sign_up_until and now >= place.sign_up_until):
        return [Refusal("closed")]
    return []


def kind(facts: Facts) -> list[Refusal]:
    wanted, agency = facts.place.person_kinds, facts.place.agency
    if agency is not None and agency not in facts.person.organisations:
        return [Refusal("other_agency")]
    return [Refusal("person_kind")] if wanted and facts.person.kind not in wanted else []


def adult(facts: Facts) -> list[Refusal]:
    return [] if facts.person.is_adult else [Refusal("minor")]


def qualified(facts: Facts) -> list[Refusal]:
    missing = lacking(facts.place.requires, facts.person.held, facts.place.day)
    return [Refusal("unqualified", {"qualification": slug}) for slug in missing]


def within_reach(facts: Facts) -> list[Refusal]:
    """The way is free, as zones and passes say."""
    person, place = facts.person, facts.place
    found = barred(person.kind, person.home, place.where, person.passes, place.interval)
    return [found] if found else []


def free(facts: Facts) -> list[Refusal]:
    here = facts.place.interval
    if any(here.overlaps(duty) for duty in facts.person.duties):
        return [Refusal("overlap")]
    return [Refusal("absent")] if any(here.overlaps(absence) for absence in facts.person.absences) else []


def rested(facts: Facts) -> list[Refusal]:
    here = facts.place.interval
    others = [duty for duty in facts.person.duties if not here.overlaps(duty)]
    max_block = None if facts.place.block_override else facts.place.max_block
    return [] if facts.override else strains(here, others, facts.place.zone, max_block=max_block)


def protected(facts: Facts) -> list[Refusal]:
    """Risky posts need accident insurance (the call's, or one's own) and a safety briefing (条例 12, 17)."""
    place = facts.place
    if not place.risky:
        return []
    insured = place.insured or not lacking(["insurance"], facts.person.held, place.day)
    return [Refusal(code) for code, fine in (("uninsured", insured), ("no_briefing", place.briefed)) if not fine]


CHECKS: Sequence[Callable[[Facts], list[Refusal]]] = (
    window,
    kind,
    adult,
    qualified,
    within_reach,
    free,
    rested,
    protected,
)


def refusals(facts: Facts) -> list[Refusal]:
    """Every reason why this volunteer may not take this place now; empty means welcome."""
    return [refusal for check in CHECKS for refusal in check(facts)]


def still_fit(facts: Facts) -> list[Refusal]:
    """The reasons against keeping or accepting a place that was given before: all but the sign-up window's."""
    return [refusal for check in CHECKS if check is not window for refusal in check(facts)] or gone(facts)


def gone(facts: Facts) -> list[Refusal]:
    return [refusal for refusal in window(facts) if refusal.code in {"shift_cancelled", "past"}]


def waits_for_approval(facts: Facts) -> bool:
    """A seat taken here is only signed up until the lead confirms it."""
    approved = facts.person.approved or facts.by_staff
    return not facts.place.auto_confirm or (needs_approval(facts.person.home, facts.place.where) and not approved)
