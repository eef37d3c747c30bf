"""How a push service knows who sends (VAPID, RFC 8292): a token signed with ES256, for its origin, good for some hours."""

import json
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from communities.channels.push.sealing import padded, point, unpadded

GOOD_FOR = 12 * 3600  # seconds; a day is the most


@lru_cache(maxsize=4)
def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Of the 32 bytes in base64url. Raises ValueError for what is no key."""
    return ec.derive_private_key(int.from_bytes(padded(text)), ec.SECP256R1())


def public_key(text: str) -> str:
    """What browsers subscribe with: the point in base64url."""
    return unpadded(point(private_key(text).public_key()))


def authorization(key: str, endpoint: str, subject: str, seconds: int) -> str:
    """The header for a call at this Unix time; `subject` is how the push service reaches the operator."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": seconds + GOOD_FOR, "sub": subject}
    return f"vapid t={signed(key, claims)}, k={public_key(key)}"


def signed(key: str, claims: dict[str, object]) -> str:
    head = ".".join(unpadded(json.dumps(part, separators=(",", ":")).encode()) for part in (HEADER, claims))
    r, s = decode_dss_signature(private_key(key).sign(head.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}.{unpadded(r.to_bytes(32) + s.to_bytes(32))}"


HEADER = {"typ": "JWT", "alg": "ES256"}
