"""Days that somebody wrote. One of the first or last years is a slip of the finger, and clocks cannot reckon with it."""

from datetime import date

from django.utils.translation import gettext_lazy as _

FROM, UNTIL = 1900, 2200  # years, half-open
FAR = _("Give a day of the years 1900 to 2199.")


def is_near(day: date) -> bool:
    """Also of an instant."""
    return FROM <= day.year < UNTIL


def day_in(text: str | None) -> date | None:
    """The day written there as 2022-04-05; None for anything else, and for one too far away."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if is_near(found) else None
