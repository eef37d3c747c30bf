"""What a mail provider writes when a reader called a mail of ours spam: a feedback report (RFC 5965)."""

import email
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32

from communities.channels.email.bounces import named

UNWELCOME = {"abuse", "fraud", "opt-out"}  # "not-spam", "virus" and "auth-failure" are no reader's wish


def read(raw: bytes) -> str:
    """The parcel ("message:email") that was unwelcome; "" for what is no complaint about a mail of ours."""
    report = email.message_from_bytes(raw, policy=compat32)
    if UNWELCOME.isdisjoint(kinds(report)):
        return ""
    return next((found for part in report.walk() for found in named(part)), "")


def kinds(report: Message) -> Iterator[str]:
    """RFC 5965, 3.1: the fields of the report are a part of their own, and its body."""
    for part in report.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = email.message_from_bytes(body(part), policy=compat32)
            yield str(fields.get("Feedback-Type", "")).strip().lower()


def body(part: Message) -> bytes:
    """As sent, whether the parser took it for a text or for a message within."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"".join(one.as_bytes() for one in inner if isinstance(one, Message))
    return part.get_payload(decode=True) or b""  # type: ignore[return-value]
