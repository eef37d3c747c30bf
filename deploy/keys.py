"""The demo's secrets: made once, kept in one file that only its owner can read."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from deploy.progress import StartError


def fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def vapid_key() -> str:
    """The private key of a P-256 pair, as 32 bytes in base64url; a 1 stands first so that it is below the curve's order."""
    return base64.urlsafe_b64encode(b"\x01" + secrets.token_bytes(31)).rstrip(b"=").decode()


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": fernet_key,
    "LOOKUP_KEY": lambda: secrets.token_urlsafe(32),
    "SMS_GATEWAY_SECRET": lambda: secrets.token_urlsafe(32),
    "VAPID_PRIVATE_KEY": vapid_key,
    "VALKEY_PASSWORD": lambda: secrets.token_urlsafe(24),
}


def fresh() -> dict[str, str]:
    return {name: make() for name, make in MAKERS.items()}


def kept(path: Path, *, used_by: Path) -> dict[str, str]:
    """The secrets of the file. A file that is gone is not replaced while data encrypted with it exists."""
    known = read(path)
    if not known and used_by.exists():
        raise StartError(f"{path} is gone, but {used_by} was written with it: put it back, or remove both.")
    if missing := MAKERS.keys() - known.keys():
        known |= {name: MAKERS[name]() for name in sorted(missing)}
        write(path, known)
    return known


def read(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write(path: Path, values: dict[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
