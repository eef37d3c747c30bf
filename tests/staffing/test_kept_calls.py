"""The call that everybody reloads: counted once for all who look at that moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from django.http import Http404
from django.utils import timezone

from staffing.queries import kept_calls

WAIT = 5


class Reads:
    """Stands for reading a call from the database: each reading has its number, and takes as long as it is held."""

    def __init__(self):
        self.count, self.begun, self.go_on = 0, Event(), Event()
        self.go_on.set()

    def __call__(self, _slug, _now):
        self.count += 1
        number = self.count
        self.begun.set()
        assert self.go_on.wait(WAIT)
        return number

    def held(self):
        self.begun.clear()
        self.go_on.clear()


@pytest.fixture
def reads(monkeypatch):
    reads = Reads()
    monkeypatch.setattr(kept_calls, "read", reads)
    monkeypatch.setattr(kept_calls, "SEEN", {})
    return reads


def look(counted=True):
    return kept_calls.open_call("aB3", timezone.now(), counted=counted)


def age(seconds):
    kept = kept_calls.SEEN["aB3"]
    kept_calls.SEEN["aB3"] = replace(kept, at=time.monotonic() - seconds)


def test_within_a_moment_all_see_what_one_has_read(reads):
    assert [look(), look(), look()] == [1, 1, 1]
    age(kept_calls.SECONDS + 0.1)
    assert [look(), look()] == [2, 2]


def test_while_one_reads_anew_the_others_see_what_was_kept(reads):
    look()
    age(kept_calls.SECONDS + 0.1)
    reads.held()
    with ThreadPoolExecutor(1) as other:
        found = other.submit(look)
        assert reads.begun.wait(WAIT)
        assert look() == 1
        reads.go_on.set()
        assert found.result() == 2
    assert look() == 2


def test_what_is_too_old_is_shown_to_nobody(reads):
    look()
    age(kept_calls.SECONDS + kept_calls.LATE + 0.1)
    kept_calls.RENEWED.add("aB3")
    try:
        assert look() == 2
    finally:
        kept_calls.RENEWED.discard("aB3")


def test_who_has_changed_the_seats_sees_them_counted(reads):
    look()
    kept_calls.recount("aB3")
    assert look(counted=False) == 1
    assert look() == 2


def test_a_call_that_is_gone_is_asked_for_again(reads, monkeypatch):
    look()
    age(kept_calls.SECONDS + 0.1)

    def gone(_slug, _now):
        raise Http404

    monkeypatch.setattr(kept_calls, "read", gone)
    for _look in range(2):
        with pytest.raises(Http404):
            look()
