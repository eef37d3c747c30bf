"""The seat behind a one-tap link."""

from datetime import datetime

from django.http import Http404

from communities.errors import Gone
from communities.messages import links
from communities.messages.links import Link, Purpose
from staffing.models import SignUp
from staffing.states import SignUpStatus


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


def fits(link: Link, signup: SignUp) -> bool:
    """A link says until when it is good, which is the end of the shift or of the offer it was made for."""
    if link.purpose == Purpose.SEAT:
        return links.minute(signup.period.upper) == links.minute(link.expires)
    if signup.status == SignUpStatus.INVITED:
        return signup.respond_by is not None and links.minute(signup.respond_by) == links.minute(link.expires)
    return signup.status in {SignUpStatus.CONFIRMED, SignUpStatus.DECLINED}
