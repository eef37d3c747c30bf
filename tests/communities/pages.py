"""The site's addresses, and a few pages that do on command what real ones do now and then."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from psycopg.errors import LockNotAvailable
from redis import ConnectionError as RedisDown
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communities.api.idempotency import Idempotent
from communities.errors import Busy, Forbidden, Gone, Invalid, Refusal, Refused, TooMany
from communities.models import Area, Organisation


def lock_timeout() -> Exception:
    error = OperationalError()
    error.__cause__ = LockNotAvailable()
    return error


ERRORS = {
    "invalid": lambda: Invalid(name="Write a name."),
    "refused": lambda: Refused([Refusal("same_person"), Refusal("in_use")]),
    "gone": lambda: Gone("expired"),
    "forbidden": Forbidden,
    "busy": Busy,
    "too-many": lambda: TooMany(90),
    "lock": lock_timeout,
    "redis": RedisDown,
    "unknown": lambda: RuntimeError("a secret of the house"),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]()


def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


def rename(request: HttpRequest, token: str) -> HttpResponse:
    area = Area.objects.get(pk=request.POST["area"])
    area.name = request.POST["name"]
    area.save()
    return HttpResponse()


class Things(Idempotent, APIView):
    """A POST makes an organisation, and then may fail in one way or the other."""

    scope = "organisations"
    permission_classes = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        return Response({"count": Organisation.objects.count()})

    def post(self, request: Request) -> Response:
        thing = Organisation.objects.create(name=request.data["name"])
        if seconds := request.data.get("seconds"):
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(%s)", [seconds])
        if kind := request.data.get("fail"):
            raise ERRORS[kind]()
        return Response({"id": thing.pk}, status=201)


class Unscoped(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("desk/", whoami, name="desk"),
    path("open/", whoami, name="open"),
    path("p/7/", whoami),
    path("fail/<str:kind>/", fail),
    path("rename/<str:token>/", rename, name="rename"),
    path("api/v1/things/", Things.as_view()),
    path("api/v1/unscoped/", Unscoped.as_view()),
    path("", include("config.urls")),
]
handler429 = "communities.web.errors.too_many"
