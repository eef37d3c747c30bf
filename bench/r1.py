"""R1: what the machine can do for a sign-up. The smallest Django view that knows a session and takes a seat in one
statement, behind an advisory lock (a plain queue instead of a convoy). No rules, no history, no outbox, no CSRF.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    from config.settings import DATABASES

    settings.configure(
        SECRET_KEY=os.environ["SECRET_KEY"],
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.r1",
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
        INSTALLED_APPS=[],
        DATABASES=DATABASES,
        CACHES={
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}
        },
        SESSION_ENGINE="django.contrib.sessions.backends.cache",
    )

TABLES = """
    drop table if exists bench_post, bench_seat;
    create table bench_post (id int primary key, seats int not null, taken int not null default 0, check (taken <= seats));
    create table bench_seat (id bigserial primary key, post_id int not null, person int not null, unique (post_id, person));
"""
TAKE = """
    with queue as (select pg_advisory_xact_lock(%(post)s)),
    seat as (
        update bench_post set taken = taken + 1 from queue where id = %(post)s and taken < seats returning id
    )
    insert into bench_seat (post_id, person) select id, %(person)s from seat returning id
"""


def take(request: HttpRequest, post: int) -> HttpResponse:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"post": post, "person": request.session["person"]})
        return HttpResponse(status=201 if cursor.fetchone() else 409)


urlpatterns = [path("take/<int:post>/", take)]
application = get_wsgi_application()
