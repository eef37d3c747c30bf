"""Message encryption for web push (RFC 8291, over RFC 8188's aes128gcm): one record, which the browser alone can open."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096  # bytes, all that a push service has to take
OVERHEAD = 86 + 16 + 1  # header, tag, delimiter
MOST = RECORD - OVERHEAD


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser gave: its public key (an uncompressed point) and its authentication secret."""

    p256dh: bytes
    auth: bytes


def seal(text: bytes, to: Keys, *, ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b"") -> bytes:
    """The body of the request. Key and salt are made anew for each message; given ones are for the RFC's example.

    Raises ValueError if the browser's key is none, or the text is longer than one record.
    """
    if len(text) > MOST:
        raise ValueError("too long")
    ours, salt = ours or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    public, key, nonce = derived(ours, to, salt)
    sealed = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return salt + RECORD.to_bytes(4) + bytes([len(public)]) + public + sealed


def derived(ours: ec.EllipticCurvePrivateKey, to: Keys, salt: bytes) -> tuple[bytes, bytes, bytes]:
    """Our public point, and the key and nonce of the record."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.p256dh)
    public = point(ours.public_key())
    secret = stretched(ours.exchange(ec.ECDH(), theirs), to.auth, b"WebPush: info\x00" + to.p256dh + public, length=32)
    key = stretched(secret, salt, b"Content-Encoding: aes128gcm\x00", length=16)
    return public, key, stretched(secret, salt, b"Content-Encoding: nonce\x00", length=12)


def stretched(secret: bytes, salt: bytes, info: bytes, *, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def unpadded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
