"""Signatures as the Standard Webhooks specification has them, so that ready-made verifiers can check ours."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
WINDOW = 300  # seconds


def new_secret() -> str:
    """256 random bits."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def headers(name: str, body: bytes, keys: Iterable[str], at: int) -> dict[str, str]:
    """Of one call at this second, signed with each of the secrets: the first is the one in force."""
    signatures = " ".join(signature(key, name, str(at), body) for key in keys)
    return {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": signatures}


def signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{b64encode(digest).decode()}"


def genuine(secret: str, told: Mapping[str, str], body: bytes, now: float) -> bool:
    """Signed with the secret, unaltered, and within five minutes. A receiver also remembers the ids it has seen."""
    name, stamp = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or abs(now - int(stamp)) > WINDOW:
        return False
    wanted = signature(secret, name, stamp, body).encode()
    return any(hmac.compare_digest(wanted, one.encode()) for one in told.get("webhook-signature", "").split(" "))
