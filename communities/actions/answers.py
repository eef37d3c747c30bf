from datetime import datetime, timedelta

from communities.models import IdempotentAnswer

KEPT = timedelta(days=7)


def forget_answers(now: datetime) -> int:
    """Drop the remembered answers of old requests; nobody repeats those. Returns how many."""
    count, _kinds = IdempotentAnswer.objects.filter(created_at__lte=now - KEPT).delete()
    return count
