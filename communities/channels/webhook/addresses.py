"""Where a webhook may point: at a named host of the public internet, over https, and nowhere into our own network."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 500
# Names alone: the last label begins with a letter, so that no spelling of a number (decimal, octal, hex) is one.
NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
INSIDE = {"localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa"}
PRINTED = re.compile(r"[!-~]+")
UNICAST = IPv6Network("2000::/3")  # all that is given out; everything else has a special meaning
NAT64 = IPv6Network("64:ff9b::/96")
SERVICES = {"168.63.129.16"}  # of a cloud to its machines, at an address that looks public


class NotAllowedError(ValueError):
    """Why an address is none for a webhook: a code."""


class NoHostError(OSError):
    """The name leads nowhere at the moment."""


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address, read. `trusted`: one that the settings name, which is not looked at further."""

    host: str
    port: int
    path: str
    tls: bool = True
    trusted: bool = False


def read(url: str) -> Target:
    """Raises NotAllowedError: unreadable, https_only, credentials, port, host."""
    if len(url) > LONGEST or not PRINTED.fullmatch(url) or "\\" in url:
        raise NotAllowedError("unreadable")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowedError("unreadable") from None
    trusted = f"{parts.scheme}://{parts.netloc}" in trusted_origins()
    host = parts.hostname or ""
    if not trusted:
        check(parts, host, port or 443)
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or (443 if tls else 80), path, tls, trusted)


def check(parts: SplitResult, host: str, port: int) -> None:
    if parts.scheme != "https":
        raise NotAllowedError("https_only")
    if "@" in parts.netloc:
        raise NotAllowedError("credentials")
    if port not in settings.WEBHOOK_PORTS:
        raise NotAllowedError("port")
    if not NAME.fullmatch(host) or host.rpartition(".")[2] in INSIDE:
        raise NotAllowedError("host")


def trusted_origins() -> set[str]:
    """Those that the settings name, and in the demo its own receiver."""
    demo = urlsplit(settings.SMS_GATEWAY_URL if settings.DEMO else "")
    return {*settings.WEBHOOK_ORIGINS, *([f"{demo.scheme}://{demo.netloc}"] if demo.netloc else [])}


def looked_up(target: Target) -> list[str]:
    """The addresses of the host, asked for once. Raises NotAllowedError if one of them is not public, NoHostError."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoHostError from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not target.trusted and not all(map(public, addresses)):
        raise NotAllowedError("private")
    return addresses


def public(address: str) -> bool:
    """Reached over the internet by anybody, whatever it is wrapped in."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = inside(found)
        return public(str(inner)) if inner else found in UNICAST and found.is_global and not found.is_multicast
    return found.is_global and not found.is_multicast and str(found) not in SERVICES


def inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one stands for: mapped, 6to4, or over NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
