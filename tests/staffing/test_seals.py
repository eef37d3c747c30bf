"""The history can be held against its seals: who changes, removes, adds or reorders a row is found, and so is who cuts the end off."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from staffing.actions import seals as actions
from staffing.actions.erasing import erase
from staffing.actions.seals import seal
from staffing.models import Seal, SignUp
from staffing.queries import seals as queries
from staffing.queries.seals import columns_of, head, history_of, verify
from staffing.rules.retention import OF_A_CASE, OF_A_PERSON, TERMS
from staffing.rules.seals import NOBODY, SEALED, Fault, Wrong, faults, packed, unpacked
from tests.factories import staffing as make

LATER = timedelta(hours=2)
MARKS = some.dictionaries(some.integers(1, 2**62), some.binary(min_size=8, max_size=8), max_size=20)


@given(MARKS)
def test_what_is_packed_is_unpacked(marks):
    assert unpacked(packed(sorted(marks.items()))) == marks


@given(MARKS, MARKS)
def test_every_difference_is_named_once(was, now):
    found = faults("t", was, now)
    assert {fault.row for fault in found} == {row for row in was | now if was.get(row) != now.get(row)}
    assert [fault.row for fault in found] == sorted(fault.row for fault in found)


def test_no_row_of_a_sealed_table_ever_goes():
    going = {rule.table for rule in (*OF_A_PERSON, *OF_A_CASE, *TERMS) if rule.table and not rule.blank}
    assert going & set(SEALED) == set()


def test_marks_are_made_of_nothing_that_names_anybody():
    assert {"name", "phone_cipher", "phone_hash", "email", "last_login"} & set(columns_of("communities.User")) == set()
    assert {"override_reason", "fit_for_duty"} & set(columns_of("staffing.SignUp")) == set()
    assert {"status", "volunteer_id", "post_id", "checked_in_at"} <= set(columns_of("staffing.SignUp"))


@pytest.fixture
def nobody_else(monkeypatch):
    """The test's own transaction is older than the hour it looks back from."""
    monkeypatch.setattr(queries, "somebody_is_at_it", lambda _since: False)


@pytest.mark.django_db
class TestSealed:
    @pytest.fixture(autouse=True)
    def history(self, nobody_else):
        """Four people on seats: each has a history of a few rows."""
        self.seats = make.seats(4)
        assert seal(timezone.now() + LATER) >= 10

    def rows(self):
        return history_of("staffing.SignUp").objects.order_by("pgh_id")

    def test_all_is_as_it_was_and_nothing_is_sealed_twice(self):
        assert list(verify(head())) == []
        assert seal(timezone.now() + LATER) == 0

    def test_a_row_that_was_altered_removed_or_added_is_named(self):
        first, second, third = self.rows()[:3]
        self.rows().filter(pk=first.pk).update(status="declined")
        self.rows().filter(pk=second.pk).delete()
        with connection.cursor() as cursor:
            cursor.execute("update staffing_signupevent set pgh_id = %s where pgh_id = %s", [first.pk - 1, third.pk])
        found = list(verify())
        assert {(fault.row, fault.wrong) for fault in found if fault.row in (first.pk, second.pk, third.pk)} == {
            (first.pk, Wrong.ALTERED),
            (second.pk, Wrong.MISSING),
            (third.pk, Wrong.MISSING),
        }
        assert Fault("staffing.SignUp", first.pk - 1, Wrong.ADDED) in found

    def test_who_did_it_belongs_to_the_row(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into pghistory_context (id, created_at, updated_at, metadata) values (gen_random_uuid(), now(), now(), '{\"user\": 1}') returning id"
            )
            (context,) = cursor.fetchone()
        row = self.rows()[0]
        self.rows().filter(pk=row.pk).update(pgh_context=context)
        assert list(verify()) == [Fault("staffing.SignUp", row.pk, Wrong.ALTERED)]

    def test_seals_stay_as_they_are(self):
        for sql in ("update staffing_seal set digest = 'x'", "delete from staffing_seal"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)

    def test_who_lifts_that_and_cuts_the_end_off_is_found_by_the_digest_kept_elsewhere(self):
        known = head()
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            Seal.objects.order_by("-pk")[0].delete()
            cursor.execute("set local session_replication_role = origin")
        assert list(verify()) == []
        assert list(verify(known)) == [Fault("staffing.Seal", None, Wrong.MISSING)]

    def test_a_seal_made_anew_breaks_the_chain(self):
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute("update staffing_seal set rows = '' where id = (select min(id) from staffing_seal)")
            cursor.execute("set local session_replication_role = origin")
        assert next(iter(verify())).row is None

    def test_forgetting_a_person_leaves_every_mark_standing(self):
        person = self.seats[0].volunteer
        name = person.name
        SignUp.objects.filter(volunteer=person).update(override_reason=f"{name} asked for it", status="completed")
        erase(person.user_id, now=timezone.now())
        person.user.refresh_from_db()
        assert person.user.name != name
        assert list(verify(head())) == []

    def test_the_command_names_the_rows_and_ends_with_one(self, capsys):
        call_command("verify_history")
        assert json.loads(capsys.readouterr().out) == {"newest": head()}
        row = self.rows()[0]
        self.rows().filter(pk=row.pk).delete()
        with pytest.raises(CommandError):
            call_command("verify_history", known=head())
        assert json.loads(capsys.readouterr().out) == {
            "table": "staffing.SignUp", "row": row.pk, "wrong": "missing",
        }  # fmt: skip


@pytest.mark.django_db
class TestWhen:
    def test_only_what_is_an_hour_old_is_sealed(self, nobody_else):
        make.seats(1)
        assert [seal(timezone.now()), head()] == [0, NOBODY]

    def test_nothing_is_while_an_older_transaction_still_writes(self):
        make.seats(1)  # by this very transaction
        assert seal(timezone.now() + LATER) == 0

    def test_long_histories_are_sealed_in_stretches(self, monkeypatch, nobody_else):
        monkeypatch.setattr(actions, "STRETCH", 3)
        make.seats(4)
        seal(timezone.now() + LATER)
        sizes = list(Seal.objects.filter(table="staffing.SignUp").order_by("pk").values_list("count", flat=True))
        assert len(sizes) > 1
        assert set(sizes[:-1]) == {3}
        assert list(verify(head())) == []
