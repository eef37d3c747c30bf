"""Messages that did not arrive, for those who run what they are about."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from communities.models import Delivery, Message
from staffing.models import Broadcast, CallUp, SignUp

SEATS = (
    "signed_up",
    "waitlisted",
    "offered",
    "confirmed",
    "changed",
    "cancelled",
    "passed_over",
    "declined",
    "reminder",
    "reminded_again",
    "swap_agreed",
    "swap_asked",
    "swap_ended",
    "handed_on",
)  # kinds whose target is a sign-up
CALLS = ("call_up", "opened")  # kinds whose target is a call
NOTICES = ("broadcast", "duty_notice")  # kinds whose target is a notice to many


def about(signups: QuerySet[SignUp], calls: QuerySet[CallUp]) -> Q:
    """Messages about these sign-ups and these calls."""
    seats = Q(kind__in=SEATS, target__in=signups.order_by().values("pk"))
    return seats | Q(kind__in=CALLS, target__in=calls.order_by().values("pk"))


def of_notices(notices: QuerySet[Broadcast]) -> Q:
    """Messages of these notices to many."""
    return Q(kind__in=NOTICES, target__in=notices.order_by().values("pk"))


def undelivered(of: Q, now: datetime) -> QuerySet[Message]:
    """The failed ones that are still news, the newest first, with why and over what the last attempt failed."""
    last = Delivery.objects.filter(message=OuterRef("pk")).order_by("-at", "-pk")
    found = Message.objects.failed(now).filter(of).select_related("reader", "robot")
    return found.annotate(
        why=Subquery(last.values("reason")[:1]), last_channel=Subquery(last.values("channel")[:1])
    ).order_by("-due_at", "-pk")


def last_told(signups: Iterable[SignUp]) -> dict[int, Message]:
    """The newest message about each of these sign-ups; one query."""
    found = Message.objects.filter(kind__in=SEATS, target__in=[signup.pk for signup in signups])
    return {message.target: message for message in found.order_by("target", "-due_at", "-pk").distinct("target")}


def of_call(call: CallUp) -> Q:
    return about(SignUp.objects.filter(shift__call_up=call), CallUp.objects.filter(pk=call.pk))


def count(of: Q, now: datetime) -> int:
    return Message.objects.failed(now).filter(of).count()


def places(messages: Iterable[Message]) -> dict[int, SignUp]:
    """The sign-ups that messages are about, by id."""
    ids = {message.target for message in messages if message.kind in SEATS}
    rows = SignUp.objects.select_related("post__role", "shift__site__area", "volunteer__user")
    return rows.in_bulk(ids)
