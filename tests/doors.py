"""Knocking at the API as somebody: a client with that account's token."""

from typing import Any

from django.test import Client
from django.utils import timezone

from communities.actions import tokens
from communities.models import User
from communities.states import SCOPES


class Api:
    """Requests of one account (None: of nobody), with all scopes unless told otherwise."""

    def __init__(self, user: User | None = None, scopes: Any = SCOPES, **headers: str) -> None:
        if user:
            token = tokens.issue(user, "test", scopes, 30, now=timezone.now())[1]
            headers = {"authorization": f"Bearer {token}"} | headers
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", asked)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("post", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("patch", path, body)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{path}")

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        knock = getattr(self.client, method)
        return knock(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    def ids(self, path: str, **asked: Any) -> list[int]:
        return [row["id"] for row in self.get(path, **asked).json()["results"]]


def told(response: Any) -> tuple[int, Any]:
    """Status and code of a refusal."""
    return response.status_code, response.json().get("code")
