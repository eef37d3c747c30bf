"""What can go wrong, in the language of the domain. Doors map these; actions and rules raise and return them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why not: a stable code for machines, and the facts a sentence about it needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class DomainError(Exception):
    """Base of all errors that a door turns into an answer."""

    status = 400


class Invalid(DomainError):
    """The input cannot be read: messages per field."""

    status = 400

    def __init__(self, **fields: object) -> None:
        super().__init__(", ".join(fields))
        self.fields = {name: [str(text)] for name, text in fields.items()}


class Refused(DomainError):
    """The domain says no, with every reason at once."""

    status = 409

    def __init__(self, reasons: Sequence[Refusal] | Refusal | str, **facts: Any) -> None:
        if isinstance(reasons, str):
            reasons = Refusal(reasons, facts)
        self.reasons = (reasons,) if isinstance(reasons, Refusal) else tuple(reasons)
        super().__init__(", ".join(reason.code for reason in self.reasons))

    @property
    def code(self) -> str:
        return self.reasons[0].code


class Gone(Refused):
    """It was open once and is not any more: an expired offer or link."""

    status = 410


class Forbidden(Refused):
    """Visible to you, but not yours to do."""

    status = 403

    def __init__(self, code: str = "not_your_role", **facts: Any) -> None:
        super().__init__(code, **facts)


class Busy(DomainError):
    """Somebody else holds the row for too long; come back in a moment."""

    status = 503
    retry_after = 2


class TooMany(DomainError):
    """Asked too often."""

    status = 429

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__("too_many")
        self.retry_after = retry_after
