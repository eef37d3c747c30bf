"""A receiver of webhooks, which verifies them as docs/api.md tells everybody to."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path

WINDOW = 300  # seconds


def secret(file: Path | None) -> str:
    """Of the demo's webhook; "" if there is none."""
    if not file or not file.exists():
        return ""
    return str(json.loads(file.read_text(encoding="utf-8")).get("webhook_secret", ""))


def genuine(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not stamp.isdecimal() or abs(now - int(stamp)) > WINDOW:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)).decode()
    told = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(f"v1,{wanted}".encode(), one.encode()) for one in told)
