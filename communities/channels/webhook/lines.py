"""A connection to a webhook's receiver: to the addresses that were checked, with the host's certificate, in bounded time."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from threading import Timer

import certifi
from django.conf import settings

from communities.channels.webhook.addresses import Target

TO_CONNECT, TO_ANSWER = 3.0, 10.0  # seconds
MOST_READ = 1024  # bytes of an answer's body
STALE = (RemoteDisconnected, BrokenPipeError, ConnectionResetError)


@cache
def trust(file: str) -> ssl.SSLContext:
    """The system's certificates and Mozilla's, and those of the file, if one is named."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if file:
        context.load_verify_locations(file)
    return context


class Line(HTTPConnection):
    """Kept from call to call. Follows nothing, asks no proxy, and looks no name up."""

    wire: socket.socket | None = None

    def __init__(self, target: Target, addresses: Sequence[str]) -> None:
        super().__init__(target.host, target.port, timeout=TO_CONNECT)
        self.default_port = 443 if target.tls else 80
        self.target, self.addresses = target, addresses

    def connect(self) -> None:
        wire = dial(self.addresses, self.target.port)
        wire.settimeout(TO_ANSWER)
        self.sock = self.wire = wire
        if self.target.tls:
            context = trust(settings.WEBHOOK_CA_FILE)
            self.sock = self.wire = context.wrap_socket(
                wire, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. A connection that was closed since the last call is opened once more."""
        fresh = self.sock is None
        try:
            return self.once(body, headers)
        except STALE:
            if fresh:
                raise
        self.close()
        return self.once(body, headers)

    def once(self, body: bytes, headers: Mapping[str, str]) -> int:
        end = Timer(TO_CONNECT + TO_ANSWER, self.cut)
        end.daemon = True
        end.start()
        try:
            self.request("POST", self.target.path, body, dict(headers))
            answer = self.getresponse()
            self.finish(answer)
            return answer.status
        finally:
            end.cancel()

    def finish(self, answer: HTTPResponse) -> None:
        """Reads a little of the body, so that a short one leaves the connection free for the next call."""
        with suppress(OSError, ValueError):
            answer.read(MOST_READ)
        if not answer.isclosed():
            answer.close()
            self.close()

    def cut(self) -> None:
        """From another thread: whoever waits for the receiver finds the connection gone."""
        if self.wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


def dial(addresses: Sequence[str], port: int) -> socket.socket:
    """To the first address, or to the second if that one does not take the call."""
    first, *others = addresses
    try:
        return socket.create_connection((first, port), timeout=TO_CONNECT)
    except OSError:
        if not others:
            raise
    return socket.create_connection((others[0], port), timeout=TO_CONNECT)
