"""E-mail through Django's backend.

Mail servers know no idempotency key: after a crash between their "accepted" and our commit a mail can come twice. The
Message-ID stays the same, by which many readers fold the two into one.
"""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from typing import Any

from django.core.mail import EmailMessage, mailers

from communities.channels.email import marks
from communities.channels.parcels import Gate, Outcome, Parcel, Result, open_gate, outcomes, side_by_side

PER_CONNECTION = 50
IN_FLIGHT = 4
AT_A_STRETCH = 1.0  # seconds on one connection before the gate is asked again


class Email:
    name = "email"

    def available(self) -> bool:
        return True

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        return side_by_side(parcels, post, size=PER_CONNECTION, in_flight=IN_FLIGHT, gate=gate)


channel = Email()


def post(parcels: Sequence[Parcel]) -> Sequence[Outcome]:
    """Over one connection, one after the other; what a slow server has not taken in a second is untried."""
    connection, end = mailers.default, monotonic() + AT_A_STRETCH
    try:
        connection.open()
    except OSError as error:
        return outcomes(parcels, Result.RETRY, type(error).__name__)
    try:
        return [
            send_one(connection, parcel) if monotonic() < end else Outcome(parcel.id, Result.UNTRIED)
            for parcel in parcels
        ]
    finally:
        connection.close()


def send_one(connection: Any, parcel: Parcel) -> Outcome:
    try:
        connection.send_messages([letter(parcel)])
    except SMTPRecipientsRefused as error:
        code, _text = next(iter(error.recipients.values()))
        return Outcome(parcel.id, Result.FAILED if code >= 500 else Result.RETRY, reason=f"smtp {code}")
    except SMTPResponseException as error:
        return Outcome(parcel.id, Result.RETRY, reason=f"smtp {error.smtp_code}")
    except OSError as error:
        return Outcome(parcel.id, Result.RETRY, reason=type(error).__name__)
    return Outcome(parcel.id, Result.SENT)


def letter(parcel: Parcel) -> EmailMessage:
    headers = {"Message-ID": marks.make(parcel.id), "Auto-Submitted": "auto-generated"}
    if parcel.no_more:
        headers |= {
            "List-Unsubscribe": f"<{parcel.no_more}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        }
    return EmailMessage(parcel.subject, parcel.text, to=[parcel.address], headers=headers)
