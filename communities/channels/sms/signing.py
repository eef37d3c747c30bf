"""The signature of a delivery callback: hex HMAC-SHA256 over "timestamp.body", good for five minutes."""

import hmac
from datetime import datetime

WINDOW = 300  # seconds


def sign(secret: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()


def genuine(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or not signature.isascii():
        return False
    fresh = abs(now.timestamp() - int(timestamp)) <= WINDOW
    return hmac.compare_digest(sign(secret, timestamp, body), signature) and fresh
