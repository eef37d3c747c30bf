"""The API's documentation, read off the resources: what a door takes, gives, may refuse and means."""

import inspect
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_parameter_type
from rest_framework import serializers

from communities.api.resources import Resource

READS = {"list": "List {many}", "retrieve": "Show one of the {many}"}
WENT = {
    "200": "As it is now.",
    "201": "It is new.",
    "202": "A second person has to agree.",
    "204": "It is gone.",
    "repeat": "It was there already; nothing has changed.",
}
REFUSALS = {
    "400": "Something in the request cannot be read; `errors` says what, per field.",
    "401": "No sign-in, or a token that has ended.",
    "403": "You can see this, but your role or the token's scope does not include doing it.",
    "404": "There is nothing here for you.",
    "409": "The rules say no, and nothing has changed; `reasons` holds every reason at once.",
    "410": "It was open once and is not any more.",
    "422": "The Idempotency-Key has been used for another request.",
    "429": "Asked too often; Retry-After says how many seconds to wait.",
    "503": "Somebody else holds the record for too long; Retry-After says how many seconds to wait.",
}
EXAMPLES = {
    "400": ("invalid_input", "Some of this cannot be read.", {"errors": {"seats": ["A valid integer is required."]}}),
    "401": ("not_authenticated", "Authentication credentials were not provided.", {}),
    "403": (
        "not_your_role",
        "Your role does not include this.",
        {"reasons": [{"code": "not_your_role", "detail": "Your role does not include this."}]},
    ),
    "404": ("not_found", "There is nothing here for you.", {}),
    "409": (
        "overlap",
        "You already have a shift at that time.",
        {"reasons": [{"code": "overlap", "detail": "You already have a shift at that time."}]},
    ),
    "410": (
        "expired",
        "This was open once and is not any more.",
        {"reasons": [{"code": "expired", "detail": "This was open once and is not any more."}]},
    ),
    "422": ("idempotency_key_reused", "This key has been used for another request.", {}),
    "429": ("too_many", "Please try again in a moment.", {}),
    "503": ("busy", "Please try again in a moment.", {}),
}
TITLES = {
    "400": "Bad request",
    "401": "Not signed in",
    "403": "Forbidden",
    "404": "Not found",
    "409": "Refused",
    "410": "Gone",
    "422": "Unprocessable",
    "429": "Too many requests",
    "503": "Busy",
}
NAMES = {code: title.title().replace(" ", "") for code, title in TITLES.items()}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and meant for machines; `detail` is a sentence in the reader's language.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["code", "detail"],
            },
        },
        "errors": {"type": "object", "additionalProperties": {}},
    },
    "required": ["type", "title", "status", "code", "detail"],
}


class Schema(AutoSchema):
    @property
    def door(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or "", None)

    @property
    def reads(self) -> bool:
        return getattr(self.view, "action", None) in READS

    def get_summary(self) -> str:
        if self.reads:
            return READS[self.view.action].format(
                many=getattr(self.view, "many", "") or self.get_tags()[0].replace("-", " ")
            )
        return self.doc()[0].rstrip(".")

    def get_description(self) -> str:
        if self.reads:
            return inspect.getdoc(self.view.row) or ""
        return " ".join(self.doc()[1:]).strip()

    def doc(self) -> list[str]:
        return (inspect.getdoc(self.door) or "Undocumented").splitlines()

    def get_request_serializer(self) -> Any:
        return getattr(self.door, "takes", None) or super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if self.method == "DELETE" or not isinstance(self.view, Resource):
            return super().get_response_serializers()
        return getattr(self.door, "gives", None) or self.view.row

    def get_serializer_name(self, serializer: serializers.Serializer, direction: str) -> str:
        name = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Row").removesuffix("Said")

    def get_override_parameters(self) -> list[Any]:
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        own = [*self.include_parameter(), *self.ordering_parameter(), *self.idempotency_parameter(), *self.dry_run()]
        return sorted([*super()._get_parameters(), *own], key=lambda parameter: parameter["name"])

    def include_parameter(self) -> list[dict[str, Any]]:
        names = self.view.row.includes() if self.reads else {}
        return [listed("include", names, "Write these relations out in full.")] if names else []

    def ordering_parameter(self) -> list[dict[str, Any]]:
        if getattr(self.view, "action", None) != "list":
            return []
        names = [sign + name for name in self.view.orderings for sign in ("", "-")]
        return [query("ordering", {"type": "string", "enum": names}, "Order by this; with - the other way round.")]

    def idempotency_parameter(self) -> list[dict[str, Any]]:
        if self.method != "POST":
            return []
        text = "Of your choice, up to 80 characters. The same request with the same key is done once; a repeat gets the first answer again."
        return [
            build_parameter_type("Idempotency-Key", {"type": "string", "maxLength": 80}, "header", description=text)
        ]

    def dry_run(self) -> list[dict[str, Any]]:
        if "dry_run" not in getattr(self.door, "parameters", ()):
            return []
        return [query("dry_run", {"type": "boolean"}, "Change nothing; only say what it would do.")]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers = super()._get_response_bodies(direction)
        for code, answer in answers.items():
            answer["description"] = WENT[code]
        if getattr(self.view, "action", None) == "create" and "201" in answers:
            answers["200"] = answers["201"] | {"description": WENT["repeat"]}
        for code in self.refusals():
            answers[code] = self.refusal(code)
        return dict(sorted(answers.items()))

    def refusals(self) -> list[str]:
        if not isinstance(self.view, Resource):
            return ["429"]
        if self.method == "GET":
            return ["400", "401", "403", "429"] + (["404"] if "{id}" in self.path else [])
        return [code for code in REFUSALS if code != "422" or self.method == "POST"]

    def refusal(self, code: str) -> dict[str, Any]:
        schema = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem")
        self.registry.register_on_missing(schema)
        name = NAMES[code]
        whole = ResolvedComponent(name, "responses", schema=described(code, schema.ref), object=name)
        self.registry.register_on_missing(whole)
        return whole.ref


def described(code: str, schema: dict[str, Any]) -> dict[str, Any]:
    word, detail, more = EXAMPLES[code]
    example = {"type": f"/api/problems/{word}/", "status": int(code), "code": word, "detail": detail} | more
    content = {"application/problem+json": {"schema": schema, "example": {"title": TITLES[code]} | example}}
    found = {"description": REFUSALS[code], "content": content}
    return found | ({"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if code in {"429", "503"} else {})


def query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return build_parameter_type(name, schema, "query", description=text)


def listed(name: str, words: Any, text: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"type": "string", "enum": sorted(words)}}
    return build_parameter_type(name, items, "query", description=text, explode=False, style="form")


class ChoiceExtension(OpenApiSerializerFieldExtension):
    """An enumeration is one named schema, wherever it is used."""

    target_class = "communities.api.words.Choice"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        words = list(self.target.choices)
        schema = {"type": "string", "enum": words}
        if not self.target.name:
            return schema
        component = ResolvedComponent(self.target.name, ResolvedComponent.SCHEMA, schema=schema, object=tuple(words))
        auto_schema.registry.register_on_missing(component)
        return component.ref


class RefExtension(OpenApiSerializerFieldExtension):
    target_class = "communities.api.rows.Ref"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        other = auto_schema.resolve_serializer(self.target.row, direction).ref
        return {"oneOf": [{"type": "integer"}, other]}


class ManyExtension(OpenApiSerializerFieldExtension):
    target_class = "communities.api.rows.Many"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "array", "items": auto_schema.resolve_serializer(self.target.row, direction).ref}


class BearerExtension(OpenApiAuthenticationExtension):
    target_class = "communities.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "`manage.py issue_token` prints one."}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        scope = getattr(auto_schema.view, "scope", "")
        needed = "read" if auto_schema.method == "GET" else f"{scope}:write"
        return {self.name: [needed] if scope else []}


class SessionExtension(OpenApiAuthenticationExtension):
    target_class = "communities.api.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        text = "The cookie of a signed-in browser; writing also needs the CSRF token as X-CSRFToken."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": text}
