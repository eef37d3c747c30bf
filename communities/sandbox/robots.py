"""The group robots of WeCom, DingTalk and Feishu: what each is sent, and how each answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Answer = dict[str, Any]


@dataclass(frozen=True)
class Robot:
    name: str
    key: str  # the parameter, or the last part of the path, that names the group
    welcome: Answer
    refusal: Answer


ROBOTS = {
    "wecom": Robot(
        "wecom", "key", {"errcode": 0, "errmsg": "ok"}, {"errcode": 40008, "errmsg": "invalid message type"}
    ),
    "dingtalk": Robot(
        "dingtalk", "access_token", {"errcode": 0, "errmsg": "ok"}, {"errcode": 400105, "errmsg": "unsupported msgtype"}
    ),
    "feishu": Robot(
        "feishu", "", {"code": 0, "msg": "success", "data": {}}, {"code": 9499, "msg": "Bad Request", "data": {}}
    ),
}


def text_of(robot: Robot, body: Mapping[str, Any]) -> str | None:
    """The words of a text or markdown message in the robot's own shape; None when it is not that shape."""
    try:
        text = _feishu(body) if robot.name == "feishu" else _msgtype(robot, body)
    except (KeyError, TypeError, AttributeError):
        return None
    return text if isinstance(text, str) and text else None


def _msgtype(robot: Robot, body: Mapping[str, Any]) -> Any:
    if body["msgtype"] == "text":
        return body["text"]["content"]
    markdown = body["markdown"]
    return markdown["content"] if robot.name == "wecom" else f"{markdown['title']}\n{markdown['text']}"


def _feishu(body: Mapping[str, Any]) -> Any:
    if body["msg_type"] == "text":
        return body["content"]["text"]
    if body["msg_type"] == "interactive":
        return "\n".join(_card_text(element) for element in body["card"]["elements"])
    return "\n".join(_post_lines(body["content"]["post"]))


def _card_text(element: Mapping[str, Any]) -> str:
    return str(element["content"] if "content" in element else element["text"]["content"])


def _post_lines(post: Mapping[str, Any]) -> list[str]:
    version = next(iter(post.values()))
    lines = ["".join(str(part.get("text", "")) + _link(part) for part in line) for line in version["content"]]
    return [version["title"], *lines] if version.get("title") else lines


def _link(part: Mapping[str, Any]) -> str:
    return f" {part['href']}" if part.get("href") else ""
