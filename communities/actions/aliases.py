"""What a person has decided about a text once holds from then on."""

from datetime import datetime

from communities.models import PlaceAlias, User
from communities.rules.residence import place_of


def learn(text: str, compound_id: int, *, by: User, now: datetime) -> PlaceAlias:
    """From now on the text means this compound; decided anew, the newest counts."""
    found, _new = PlaceAlias.objects.update_or_create(
        text=place_of(text)[:200], defaults={"compound_id": compound_id, "learned_by": by, "learned_at": now}
    )
    return found
