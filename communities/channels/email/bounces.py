"""What a mail server writes back when it could not deliver (RFC 3464): which of our mails, and whether for good."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32

from communities.channels.email import marks


@dataclass(frozen=True, slots=True)
class Bounce:
    """`parcel` is "message:email". `for_good`: the address is none, or takes nothing from us."""

    parcel: str
    for_good: bool
    code: str


def read(raw: bytes) -> Bounce | None:
    """None for what is no report about a mail of ours that failed."""
    report = email.message_from_bytes(raw, policy=compat32)
    parcel = next((found for part in report.walk() for found in named(part)), "")
    code = next((field for part in report.walk() for field in failed(part)), "")
    return Bounce(parcel, code.startswith("5"), code) if parcel and code else None


def named(part: Message) -> Iterator[str]:
    """The mail of ours that the report brings along, whole or its headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        part = email.message_from_string(str(part.get_payload()), policy=compat32)
    if found := marks.read(str(part.get("Message-ID", ""))):
        yield found


def failed(part: Message) -> Iterator[str]:
    """The status of each recipient that it failed for, such as 5.1.1."""
    if part.get("Action", "").strip().lower() == "failed":
        yield str(part.get("Status", "")).strip()[:12]
