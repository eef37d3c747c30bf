"""The one-time codes of the demo's accounts (RFC 6238: SHA-1, six digits, thirty seconds)."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

PERIOD = 30


@dataclass(frozen=True)
class Account:
    role: str
    login: str
    password: str
    code: str


def code(secret: str, seconds: float) -> str:
    """Of a base32 secret at a moment in Unix time."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, int(seconds // PERIOD).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def accounts(file: Path | None, seconds: float) -> list[Account]:
    if not file or not file.exists():
        return []
    found = json.loads(file.read_text(encoding="utf-8")).get("accounts", [])
    return [
        Account(one["role"], one["login"], one.get("password") or "", code(one["totp"], seconds))
        for one in found
        if one.get("totp")
    ]
