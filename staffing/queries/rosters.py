"""The people of a shift, and the people who could still be asked for a post."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from communities.models import Area
from staffing.models import Post, Proposal, Shift, SignUp
from staffing.rules.attendance import CHANGE, EARLY
from staffing.states import ALIVE, HOLDS_TIME, ShiftStatus, SignUpStatus
from volunteers.models import Absence, Enrolment, Volunteer
from volunteers.states import PersonKind

ORDER = {
    SignUpStatus.SIGNED_UP: 0,
    SignUpStatus.INVITED: 1,
    SignUpStatus.CONFIRMED: 2,
    SignUpStatus.CHECKED_IN: 3,
    SignUpStatus.WAITLISTED: 4,
    SignUpStatus.COMPLETED: 5,
    SignUpStatus.NO_SHOW: 6,
}
GAVE_BACK = Q(status=SignUpStatus.CANCELLED, reason="withdrawn", seat_no__isnull=False)
MOST_HANDOVERS = 3
PEOPLE = ("volunteer__user", "volunteer__residence", "post__role", "entered_by")


def ranked(signups: QuerySet[SignUp]) -> QuerySet[SignUp]:
    """What waits for a decision first, then who comes, who is here, who waits in line; the ended ones last."""
    rank = Case(*[When(status=status, then=Value(place)) for status, place in ORDER.items()], default=Value(9))
    return signups.annotate(rank=rank).order_by("rank", "post__role_id", "position", "seat_no", "pk")


def roster(shift: Shift, post: int | None = None, *, ended: bool = False) -> QuerySet[SignUp]:
    """The sign-ups of a shift, or of one of its posts; those that came to nothing only when asked for."""
    found = SignUp.objects.filter(shift=shift, **({"post_id": post} if post else {}))
    if not ended:
        found = found.filter(status__in=ORDER)
    return ranked(found).select_related(*PEOPLE)


@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody gave a seat back; who has it or is asked for it now, if anybody."""

    gone: SignUp
    heir: SignUp | None


@dataclass(slots=True)
class Presence:
    """Everybody of a running shift, by where they are."""

    missing: list[SignUp]
    coming: list[SignUp]
    here: list[SignUp]
    gone: list[SignUp]
    free: list[Post]
    handovers: list[Handover]

    @property
    def absent(self) -> int:
        """Who should be here and is not, as far as known: people not seen yet, and seats nobody holds."""
        return len(self.missing) + sum(post.missing for post in self.free)


def presence(shift: Shift) -> Presence:
    """Two queries, however many people there are."""
    seen = ranked(SignUp.objects.filter(Q(status__in=ORDER) | GAVE_BACK, shift=shift)).select_related(*PEOPLE)
    people, back = partition(seen)
    posts = list(shift.posts.select_related("role"))
    expected = [
        one for one in people if one.status in (SignUpStatus.CONFIRMED, SignUpStatus.SIGNED_UP, SignUpStatus.INVITED)
    ]
    return Presence(
        missing=[one for one in expected if not one.on_my_way_at],
        coming=[one for one in expected if one.on_my_way_at],
        here=[one for one in people if one.status == SignUpStatus.CHECKED_IN],
        gone=[one for one in people if one.status in (SignUpStatus.COMPLETED, SignUpStatus.NO_SHOW)],
        free=[post for post in posts if post.missing and post.agency_id is None],
        handovers=handovers(back, people),
    )


def partition(signups: Iterable[SignUp]) -> tuple[list[SignUp], list[SignUp]]:
    """Those that count, and those who gave their seat back."""
    found: tuple[list[SignUp], list[SignUp]] = [], []
    for signup in signups:
        found[signup.status == SignUpStatus.CANCELLED].append(signup)
    return found


def handovers(back: Iterable[SignUp], people: Iterable[SignUp]) -> list[Handover]:
    """The latest first. A seat keeps its number, so whoever has the number has the seat."""
    holders: dict[tuple[int, int | None], SignUp] = {(one.post_id, one.seat_no): one for one in people if one.seat_no}
    latest = sorted(back, key=lambda one: one.changed_at, reverse=True)[:MOST_HANDOVERS]
    return [Handover(one, holders.get((one.post_id, one.seat_no))) for one in latest]


def awaited(signups: Iterable[SignUp], since: datetime) -> dict[int, Proposal]:
    """By sign-up: what one person has said since then and a second has not agreed to yet."""
    found = Proposal.objects.filter(sign_up__in=[one.pk for one in signups], agreed_at=None, proposed_at__gt=since)
    return {word.sign_up_id: word for word in found.select_related("proposed_by")}


@dataclass(frozen=True, slots=True)
class Relief:
    """The shift that follows at the same site: its seats, how many of them are given, and who is there already."""

    shift: Shift
    seats: int
    taken: int
    here: int


def relief(shift: Shift) -> Relief | None:
    """What begins there between half an hour before and an hour after the end."""
    soon = (shift.ends_at - CHANGE, shift.ends_at + EARLY)
    following = Shift.objects.filter(site=shift.site_id, starts_at__range=soon).exclude(pk=shift.pk)
    found = following.exclude(status__in=[ShiftStatus.DRAFT, ShiftStatus.CANCELLED]).order_by("starts_at", "pk").first()
    if not found:
        return None
    seats = found.posts.aggregate(seats=Sum("seats", default=0), taken=Sum("taken", default=0))
    return Relief(found, here=found.sign_ups.filter(status=SignUpStatus.CHECKED_IN).count(), **seats)


def reserves(post: Post, community: Area, now: datetime, most: int = 20) -> list[Volunteer]:
    """People to ask for a seat: those in line elsewhere in the same call first, then enrolled people who are free.

    The nearest come first: same compound, then who has served most often. The rules have their say when one is asked.
    """
    shift = post.shift
    if shift.ends_at <= now:
        return []
    period = (shift.starts_at, shift.ends_at)
    mine = SignUp.objects.filter(volunteer=OuterRef("pk"))
    in_line = (
        mine.filter(status=SignUpStatus.WAITLISTED, shift__call_up=shift.call_up_id)
        if shift.call_up_id
        else mine.none()
    )
    found = (
        Volunteer.objects.filter(enrolments__community__path__startswith=community.path, enrolments__ended_at=None)
        .filter(user__is_active=True, is_adult=True, **kinds(post))
        .exclude(Exists(mine.filter(status__in=HOLDS_TIME, period__overlap=period)))
        .exclude(Exists(mine.filter(status__in=ALIVE, shift=shift)))
        .exclude(Exists(Absence.objects.filter(volunteer=OuterRef("pk"), period__overlap=period)))
        .annotate(
            in_line=Exists(in_line),
            near=ExpressionWrapper(Q(residence=shift.site.compound_id), output_field=BooleanField()),
            served=Count("records", distinct=True),
        )
    )
    return list(
        found.select_related("user", "residence").order_by(
            "-in_line", F("near").desc(nulls_last=True), "-served", "pk"
        )[:most]
    )


def kinds(post: Post) -> dict[str, Sequence[str]]:
    return {"kind__in": post.person_kinds or [PersonKind.VOLUNTEER, PersonKind.SECONDED]}


def communities_enrolment(area: Area) -> QuerySet[Enrolment]:
    """Who is checked in with the areas below a node."""
    return (
        Enrolment.objects.filter(community__path__startswith=area.path, ended_at=None)
        .select_related("volunteer__user", "volunteer__residence", "community")
        .prefetch_related("volunteer__held__qualification")
        .annotate(served=Count("volunteer__records"))
        .order_by(F("approved_at").asc(nulls_first=True), "-pk")
    )


def ending_in(enrolments: QuerySet[Enrolment], digits: str) -> list[int]:
    """The enrolments of people whose phone ends in these digits. Phones are encrypted, so each is opened once."""
    phones = enrolments.order_by().values_list("pk", "volunteer__user__phone_cipher")
    return [pk for pk, phone in phones if phone and phone.endswith(digits)]
