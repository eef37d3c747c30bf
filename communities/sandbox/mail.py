"""A mail server on this machine that delivers into the box."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from communities.sandbox.box import Box, Letter


class Postbox:
    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        message = message_from_bytes(envelope.content, policy=policy.default)
        text = words(message)
        self._box.put(Letter("email", to, text) for to in envelope.rcpt_tos)
        return "250 OK"


def words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    content = body.get_content().strip() if body else ""
    return f"{message.get('Subject', '')}\n{content}".strip()


def mail_server(box: Box, host: str, port: int) -> Controller:
    return Controller(Postbox(box), hostname=host, port=port, ident="Redvest sandbox")
