"""The public address of a call, and the words that go with it into a chat."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from communities.queries.customs import customs_of
from staffing.models import CallUp
from staffing.web import words


def public_link(call: CallUp) -> str:
    return f"{settings.PUBLIC_URL}/c/{call.slug}/"


def chat_text(call: CallUp, missing: int, language: str, *, to_stand_by: int = 0) -> str:
    """What to paste into a group, in one language. Once nobody is missing it asks for people to stand by."""
    zone = customs_of([call.community_id])[call.community_id].zone
    with translation.override(language), timezone.override(zone):
        context = {
            "call": call,
            "title": words.local(call, "title"),
            "activity": words.local(call, "activity"),
            "risks": words.local(call, "risks").splitlines(),
            "protection": words.local(call, "protection").splitlines(),
            "missing": missing,
            "to_stand_by": to_stand_by,
            "link": public_link(call),
        }
        return render_to_string("staffing/desk/chat.txt", context).strip()
