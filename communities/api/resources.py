"""What every resource of the API does the same way: read, filter, order, page, include; and act by one action."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communities.access import Visitor
from communities.api.idempotency import Idempotent
from communities.api.rows import Plain, Row
from communities.api.words import Nothing, Said
from communities.errors import Forbidden
from communities.models import User

type Allowed = Callable[[Visitor], QuerySet[Any]]
ALWAYS = frozenset({"lang"})
LISTED = frozenset({"cursor", "page_size", "ordering", "include"})


class Resource(Idempotent, GenericViewSet):
    """A noun of the API. Subclasses say what a row is, how it may be ordered and filtered, and what may be done."""

    row: ClassVar[type[Row]]
    noun: ClassVar[str]
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    lookup_value_regex = "[0-9]{1,18}"

    @property
    def scope(self) -> str:
        """Of bearer tokens: what is about to be done needs `<scope>:write`, or `read`."""
        return getattr(getattr(self, self.action or "", None), "scope", "") or self.noun

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request.query_params, self.known_parameters())

    def known_parameters(self) -> frozenset[str]:
        filters = self.filterset_class.base_filters if getattr(self, "filterset_class", None) else ()
        match self.action:
            case "list":
                return ALWAYS | LISTED | frozenset(filters)
            case "retrieve":
                return ALWAYS | {"include"}
        return ALWAYS | frozenset(getattr(getattr(self, self.action or "", None), "parameters", ()))

    def get_queryset(self) -> QuerySet[Any]:
        return self.row.visible(self.request.user)

    def get_serializer_class(self) -> type[Row]:
        return self.row

    def read_list(self, request: Request) -> Response:
        included = self.included(request)
        queryset = self.row.selected(self.filter_queryset(self.get_queryset()))
        rows = self.row.shown(self.paginate_queryset(queryset), request.user)
        return self.get_paginated_response(self.row.embed(rows, included, request.user))

    def read_one(self, request: Request, pk: str) -> Response:
        included = self.included(request)
        rows = self.row.read(self.get_queryset().filter(pk=pk), request.user)
        row = get_first_or_404(rows)
        return Response(self.row.embed([row], included, request.user)[0])

    def included(self, request: Request) -> list[str]:
        names = [name for name in request.query_params.get("include", "").split(",") if name]
        if unknown := set(names) - set(self.row.includes()):
            raise serializers.ValidationError({"include": [_("Unknown: %s.") % ", ".join(sorted(unknown))]})
        return list(dict.fromkeys(names))

    def load(self, pk: str | int, allowed: Allowed) -> Any:
        """The row if the user may act on it. Not visible is 404, visible but not theirs 403."""
        return load(self.get_queryset(), allowed(self.request.user), pk)


class Readable:
    """List and retrieve."""

    def list(self, request: Request) -> Response:
        return self.read_list(request)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.read_one(request, pk)


def load(visible: QuerySet[Any], allowed: QuerySet[Any], pk: str | int) -> Any:
    found = get_object_or_404(visible, pk=pk)
    if not allowed.filter(pk=found.pk).exists():
        raise Forbidden
    return found


def get_first_or_404(rows: list[Plain]) -> Plain:
    if not rows:
        raise Http404
    return rows[0]


def refuse_unknown(given: Iterable[str], known: frozenset[str]) -> None:
    if unknown := sorted(set(given) - known):
        raise serializers.ValidationError({name: [_("There is no such parameter.")] for name in unknown})


def dry_run(request: Request) -> bool:
    match request.query_params.get("dry_run", "false"):
        case "true":
            return True
        case "false":
            return False
    raise serializers.ValidationError({"dry_run": [_("Write true or false.")]})


def says(takes: type[Said], gives: Any = None, *, parameters: Iterable[str] = ()):
    """What a door takes and gives, for the documentation and the check of parameters."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.takes, function.gives, function.parameters = takes, gives, frozenset(parameters)
        return function

    return mark


def deed(
    path: str = "",
    *,
    allowed: Allowed,
    takes: type[Said] = Nothing,
    gives: Any = None,
    methods: tuple[str, ...] = ("post",),
    parameters: Iterable[str] = (),
    scope: str = "",
):
    """Something done to one row: load what they may act on, read what they say, do it, and show the row as it is now.

    The function gets the row, the words said by name, `by` and `now`; it may return a Response of its own.
    """

    def door(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def view(self: Resource, request: Request, pk: str) -> Response:
            thing = self.load(pk, allowed)
            said = takes.read({} if request.data is None else request.data)
            done = function(self, thing, by=request.user, now=timezone.now(), **said)
            if isinstance(done, Response):
                return done
            return Response(self.row.one(done.pk, request.user))

        marked = says(takes, gives, parameters=parameters)(view)
        marked.scope = scope
        return action(detail=True, methods=list(methods), url_path=path or function.__name__.replace("_", "-"))(marked)

    return door


def made(row: type[Row], thing: Model, user: User, *, new: bool = True) -> Response:
    code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    return Response(row.one(thing.pk, user), status=code)
