"""One phone, one account, however many ask for it at once."""

from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from communities.actions.accounts import account_for
from communities.models import User
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+8612000008001"


def test_the_same_phone_many_times_at_once_is_one_account():
    found = rush(lambda number: account_for(PHONE, f"名{number}", "zh-hans", timezone.now()).pk, range(12), width=6)
    assert set(found) == {User.objects.get().pk}


def test_so_it_is_inside_a_larger_transaction():
    def work(number: int) -> int:
        with transaction.atomic():
            return account_for(PHONE, f"名{number}", "zh-hans", timezone.now()).pk

    assert set(rush(work, range(12), width=6)) == {User.objects.get().pk}


def test_control_looking_before_making_fails():
    looked = Barrier(2)

    def naive(number: int) -> int:
        found = User.objects.by_phone(PHONE)
        looked.wait(30)
        return (found or User.objects.create_user(phone=PHONE, name=f"名{number}")).pk

    assert sum(isinstance(result, Exception) for result in rush(naive, range(2), width=2)) == 1
