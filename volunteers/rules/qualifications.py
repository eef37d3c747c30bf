"""Whether a qualification counts on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a person has: from a day, until a day (both included, None is open), and whether it may count."""

    slug: str
    counts: bool
    from_day: date | None = None
    expires_on: date | None = None

    def valid_on(self, day: date) -> bool:
        return (
            self.counts
            and (self.from_day is None or self.from_day <= day)
            and (self.expires_on is None or day <= self.expires_on)
        )


def lacking(required: Iterable[str], held: Iterable[Held], day: date) -> list[str]:
    """The required ones that the person does not have on that day, in the order asked."""
    valid = {item.slug for item in held if item.valid_on(day)}
    return [slug for slug in required if slug not in valid]
