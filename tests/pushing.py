"""A push service that speaks the protocol (RFC 8030, 8188, 8291, 8292), and the browsers behind it, which open what comes."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from communities.channels.push.sealing import padded, point, unpadded

serial = count(1)


@dataclass
class Browser:
    """One that has subscribed. `shown`: by tag, so a repeat takes the place of the first; `pushes` counts all."""

    service: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: sha256(str(next(serial)).encode()).digest()[:16])
    path: str = field(default_factory=lambda: f"/push/{next(serial)}")
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    pushes: int = 0
    gone: bool = False

    def subscription(self) -> dict[str, str]:
        public = unpadded(point(self.key.public_key()))
        return {"endpoint": self.service + self.path, "p256dh": public, "auth": unpadded(self.auth)}

    def opened(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        info = b"WebPush: info\x00" + point(self.key.public_key()) + theirs
        secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(self.key.exchange(ec.ECDH(), peer))
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(secret)
        text, _delimiter, _padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        return text

    def take(self, body: bytes) -> None:
        told = json.loads(self.opened(body))
        self.shown[told["tag"]] = told
        self.pushes += 1


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, key: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = key
        self.browsers: dict[str, Browser] = {}
        self.status = 0
        self.asked: list[dict[str, str]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def browser(self) -> Browser:
        found = Browser(self.origin)
        self.browsers[found.path] = found
        return found

    def verdict(self, path: str, headers: Any, body: bytes) -> int:
        if self.status:
            return self.status
        browser = self.browsers.get(path)
        if not browser or browser.gone:
            return 410
        if not genuine(headers.get("Authorization", ""), self.origin, self.key):
            return 403
        if headers.get("Content-Encoding") != "aes128gcm" or not headers.get("TTL", "").isdigit() or len(body) > 4096:
            return 400
        self.asked.append(dict(headers))
        browser.take(body)
        return 201


class Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.verdict(self.path, self.headers, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


def genuine(header: str, origin: str, key: str) -> bool:
    """A token for us, in time, signed by the key that the browser subscribed with."""
    scheme, _space, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, seal = parts["t"].split(".")
    told, raw = json.loads(padded(claims)), padded(seal)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        public.verify(signature, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    known = json.loads(padded(head)) == {"typ": "JWT", "alg": "ES256"} and parts["k"] == key and scheme == "vapid"
    return known and told["aud"] == origin and 0 < told["exp"] - time.time() <= 24 * 3600 and "sub" in told


@contextmanager
def serving(key: str) -> Iterator[Service]:
    found = Service(key)
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()
