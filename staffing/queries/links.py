"""The seat behind a one-tap link."""

from datetime import datetime

from django.http import Http404

from communities.errors import Gone
from communities.messages import links
from communities.messages.links import Link, Purpose
from communities.models import Message, User
from staffing.models import CallUp, Pledge, SignUp
from staffing.states import PledgeStatus, SignUpStatus


def seat_by_link(token: str, now: datetime) -> tuple[Purpose, SignUp]:
    """What the link is for and the sign-up it is about.

    Raises Http404 for what is not ours, Gone (its fact `id` is the sign-up) once the link has expired, the shift has
    been moved, or the offer is another one.
    """
    link = links.opened(token)
    signup = SignUp.objects.select_related("post__role", "shift__site__area", "shift__call_up", "volunteer__user")
    found = signup.filter(pk=link.id).first()
    if found is None:
        raise Http404
    if now >= link.expires or not fits(link, found):
        raise Gone("expired", purpose=link.purpose, id=link.id)
    return link.purpose, found


def call_by_link(token: str, now: datetime) -> tuple[User, CallUp] | None:
    """Whom a message asked, and the call it asked for; None for a link of another purpose.

    Raises Http404 for what is not ours, Gone once the call is over.
    """
    link = links.opened(token)
    if link.purpose not in {Purpose.CALL, Purpose.COME}:
        return None
    message = Message.objects.filter(pk=link.id, kind="call_up").select_related("reader").first()
    call = CallUp.objects.filter(pk=message.target).select_related("community").first() if message else None
    if not message or not message.reader or not call:
        raise Http404
    if now >= link.expires:
        raise Gone("expired")
    return message.reader, call


def pledge_by_link(token: str, now: datetime) -> tuple[User, Pledge]:
    """Whom a message reminded of names that are owed, and the promise. Raises Http404 for what is not ours, Gone once
    they are due.
    """
    link = links.opened(token)
    message = Message.objects.filter(pk=link.id, kind="names_owed").select_related("reader").first()
    if link.purpose != Purpose.PLEDGE or not message or not message.reader:
        raise Http404
    rows = Pledge.objects.select_related(
        "organisation", "post__role", "post__shift__site__area", "post__shift__call_up"
    )
    pledge = rows.filter(pk=message.target).first()
    if not pledge:
        raise Http404
    if now >= link.expires or pledge.status not in {PledgeStatus.OPEN, PledgeStatus.NAMED}:
        raise Gone("expired")
    return message.reader, pledge


def fits(link: Link, signup: SignUp) -> bool:
    """A link says until when it is good, which is the end of the shift or of the offer it was made for."""
    if link.purpose == Purpose.SEAT:
        return links.minute(signup.period.upper) == links.minute(link.expires)
    if signup.status == SignUpStatus.INVITED:
        return signup.respond_by is not None and links.minute(signup.respond_by) == links.minute(link.expires)
    return signup.status in {SignUpStatus.CONFIRMED, SignUpStatus.DECLINED}
