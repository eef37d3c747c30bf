"""The calls of the three products, as their developers' pages describe them."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Packed = tuple[dict[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """`pack` makes query and body of text, secret and the time in seconds; `busy` are the answers to try again on."""

    pack: Callable[[str, str, float], Packed]
    hosts: frozenset[str]
    busy: frozenset[int]


def wecom(text: str, secret: str, at: float) -> Packed:
    """WeCom has no signature; the key in the address is the secret."""
    return {}, {"msgtype": "text", "text": {"content": text}}


def dingtalk(text: str, secret: str, at: float) -> Packed:
    """Signed: HMAC-SHA256 with the secret over "milliseconds, newline, secret"."""
    body = {"msgtype": "text", "text": {"content": text}}
    if not secret:
        return {}, body
    stamp = str(round(at * 1000))
    seal = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")
    return {"timestamp": stamp, "sign": b64encode(seal).decode()}, body


def feishu(text: str, secret: str, at: float) -> Packed:
    """Signed: HMAC-SHA256 over nothing, with "seconds, newline, secret" as the key. Its text knows <at> tags."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text.replace("<", "＜")}}
    if secret:
        stamp = str(int(at))
        seal = hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")
        body |= {"timestamp": stamp, "sign": b64encode(seal).decode()}
    return {}, body


SHAPES: Mapping[str, Shape] = {
    "wecom": Shape(wecom, frozenset({"qyapi.weixin.qq.com"}), frozenset({-1, 45009})),
    "dingtalk": Shape(dingtalk, frozenset({"oapi.dingtalk.com"}), frozenset({-1, 130101})),
    "feishu": Shape(feishu, frozenset({"open.feishu.cn", "open.larksuite.com"}), frozenset({11232})),
}
