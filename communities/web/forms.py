"""Forms that pages show."""

from django.forms import BaseForm


def status_of(form: BaseForm) -> int:
    """The HTTP status of a page with this form: 400 for one that was sent and is not right."""
    return 400 if form.is_bound and form.errors else 200
