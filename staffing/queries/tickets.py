"""A person's own places: seats, offers and waitlists, with all that a page says about them, in one query."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from communities.access import Visitor
from communities.models import Message, User
from communities.models.areas import DEFAULT_ZONE
from communities.queries.zones import time_zone_at
from communities.states import MessageStatus
from staffing.models import Post, SignUp
from staffing.queries.calls import for_neighbours
from staffing.queries.facts import gather_all
from staffing.rules.fatigue import Interval
from staffing.rules.signups import refusals
from staffing.states import ALIVE, CallStatus, ShiftStatus, SignUpStatus
from volunteers.models import Volunteer
from volunteers.states import Channel

LOOKED_AT = 200  # open posts that are looked at to find some that suit


def ahead() -> Coalesce:
    """How many stand before one on the same waitlist."""
    before = Q(priority__lt=OuterRef("priority")) | Q(priority=OuterRef("priority"), position__lt=OuterRef("position"))
    line = SignUp.objects.filter(before, post=OuterRef("post"), status=SignUpStatus.WAITLISTED)
    return Coalesce(Subquery(line.order_by().values("post").annotate(n=Count("pk")).values("n")), Value(0))


def tickets() -> QuerySet[SignUp]:
    """Sign-ups with everything a page about them needs. `zone_name` is the place's time zone, or None."""
    return SignUp.objects.select_related(
        "post__role", "shift__site__area", "shift__call_up", "shift__leader", "volunteer__user"
    ).annotate(zone_name=time_zone_at("shift__site__area__path"), ahead=ahead())


def own(user: Visitor) -> Q:
    """One's own, and those of the people one brought along."""
    if not isinstance(user, User):
        return Q(pk__in=[])
    brought = Q(entered_by=user, channel=Channel.WEB, party__isnull=False)
    return Q(volunteer__user=user) | brought


def zone_of(signup: SignUp) -> ZoneInfo:
    return ZoneInfo(signup.zone_name) if signup.zone_name else DEFAULT_ZONE  # type: ignore[attr-defined]


def current(signup: SignUp) -> SignUp:
    """What has become of it: the sign-up itself while it lives, else a newer one of the person in the same call."""
    if signup.status in ALIVE:
        return signup
    newer = tickets().filter(
        volunteer=signup.volunteer_id, shift__call_up=signup.shift.call_up_id, status__in=ALIVE, pk__gt=signup.pk
    )
    return (newer.order_by("-pk").first() if signup.shift.call_up_id else None) or signup


def waits_for_word(signup: SignUp) -> bool:
    """The person has been reminded and has not said anything to it."""
    told = Message.objects.filter(kind__in=["reminder", "reminded_again"], target=signup.pk)
    return told.filter(status__in=[MessageStatus.SENT, MessageStatus.DELIVERED]).exists()


def party_of(signup: SignUp, user: Visitor) -> list[SignUp]:
    """What came of the same form: other times of the person, and the people they brought."""
    if not signup.party:
        return []
    rest = tickets().filter(own(user), party=signup.party).exclude(pk=signup.pk)
    return list(rest.order_by("period", "pk"))


def before_the_change(signup: SignUp) -> dict[str, str]:
    """Time and place as they were before the shift was last moved; empty if it never was."""
    told = Message.objects.filter(kind="changed", target=signup.pk).order_by("-pk").values_list("facts", flat=True)
    return told.first() or {}


def open_to(person: Volunteer, now: datetime, *, within: Q, without: SignUp | None = None) -> list[Post]:
    """Free seats that the person may take, the next first; one per time, call and role.

    `without`: as if that place had been given up.
    """
    found = (
        Post.objects.with_room()
        .filter(for_neighbours(), within, shift__status=ShiftStatus.OPEN, shift__starts_at__gt=now)
        .filter(Q(shift__call_up=None) | Q(shift__call_up__status=CallStatus.OPEN))
        .select_related("role", "shift__site", "shift__call_up")
        .annotate(zone_name=time_zone_at("shift__site__area__path"), left=F("seats") - F("pledged") - F("taken"))
        .order_by("shift__starts_at", "pk")
    )
    posts = {post.pk: post for post in found[:LOOKED_AT]}
    held = Interval(without.period.lower, without.period.upper) if without else None
    cases = (facts.without(held) if held else facts for facts in gather_all(list(posts), person.pk, now))
    welcome = [posts[facts.place.post] for facts in cases if not refusals(facts)]
    return together(sorted(welcome, key=lambda post: (post.shift.starts_at, post.pk)))


def together(posts: list[Post]) -> list[Post]:
    """One post for each time, call and role, with the free seats of all of them."""
    seen: dict[tuple[object, ...], Post] = {}
    for post in posts:
        shift = post.shift
        first = seen.setdefault((shift.starts_at, shift.ends_at, shift.call_up_id or post.pk, post.role_id), post)
        if first is not post:
            first.left += post.left  # type: ignore[attr-defined]
    return list(seen.values())


CONTACT_BEFORE, CONTACT_AFTER = timedelta(hours=24), timedelta(hours=12)


def may_call_leader(signup: SignUp, now: datetime) -> bool:
    """The leader's number is for those who have the seat, from the day before to half a day after."""
    sure = signup.status in {SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN}
    return sure and signup.period.lower - CONTACT_BEFORE <= now < signup.period.upper + CONTACT_AFTER
