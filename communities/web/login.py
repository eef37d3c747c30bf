"""Signing in: with a code sent to the phone or mailbox, or (staff) with a password, before the second factor."""

import math
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView

from communities.actions import accounts, codes
from communities.actions.codes import Purpose
from communities.errors import Refused, TooMany
from communities.phrases import say
from communities.rules.words import clean_phone
from communities.web.accounts import ip_of

SENT_TO = "code_sent_to"
SENT_AT = "code_sent_at"


class PasswordForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("Phone or e-mail")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        request.session.set_expiry(settings.SESSION_LIFE)
        return response


class AddressForm(forms.Form):
    login = forms.CharField(
        label=gettext_lazy("Phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )

    def clean_login(self) -> str:
        text = self.cleaned_data["login"].strip()
        if "@" not in text:
            if phone := clean_phone(text, demo=settings.DEMO):
                return phone
            raise forms.ValidationError(_("This is not a phone number that takes messages."))
        validate_email(text)
        return text.lower()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 6}),
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_code(self) -> str:
        code = "".join(str(int(digit)) for digit in self.cleaned_data["code"] if digit.isdecimal())
        try:
            codes.check_code(self.address, code, Purpose.SIGN_IN, timezone.now())
        except Refused as refused:
            raise forms.ValidationError(say(refused.reasons[0])) from refused
        return code


class Entrance(RedirectAuthenticatedUserMixin, NextRedirectMixin, FormView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | get_entrance_context_data(self.request)


class AskForCode(Entrance):
    """First page: where should the code go? The same answer, after the same work, whoever it is."""

    template_name = "account/request_login_code.html"
    form_class = AddressForm

    def form_valid(self, form: AddressForm) -> HttpResponse:
        send(self.request, form.cleaned_data["login"])
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


def send(request: HttpRequest, address: str) -> None:
    now = timezone.now()
    codes.send_code(address, Purpose.SIGN_IN, ip_of(request), now)
    request.session[SENT_TO], request.session[SENT_AT] = address, now.timestamp()


def wait_of(request: HttpRequest) -> int:
    """Seconds until another code may be asked for."""
    gone = timezone.now().timestamp() - request.session.get(SENT_AT, 0)
    return max(0, math.ceil(codes.SOON.seconds - gone))


class ConfirmCode(Entrance):
    """Second page: the code. Only who holds the address learns whether there is an account."""

    template_name = "account/confirm_login_code.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.address = request.session.get(SENT_TO, "")
        if not self.address and not request.user.is_authenticated:
            return redirect(self.passthrough_next_url(reverse("account_request_login_code")))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "code":
            return super().post(request, *args, **kwargs)
        self.send_again(request)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def send_again(self, request: HttpRequest) -> None:
        try:
            send(request, self.address)
        except TooMany as error:
            wait = error.retry_after
            messages.warning(request, ngettext("Wait %d second more.", "Wait %d seconds more.", wait) % wait)
        else:
            messages.success(request, _("A new code is on its way. The old one does not work any more."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"address": self.address}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = "email" if "@" in self.address else "phone"
        context = super().get_context_data(**kwargs) | {kind: self.address, "wait": wait_of(self.request)}
        return context | {"verify_form": context["form"]}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        del self.request.session[SENT_TO]
        self.request.session.pop(SENT_AT, None)
        user = accounts.of_address(self.address)
        if user is None:
            messages.info(self.request, _("There is no account yet. You get one when you sign up for a call."))
            return redirect(settings.LOGIN_REDIRECT_URL)
        if "@" not in self.address:
            accounts.confirm(user)
        record_authentication(self.request, user, "code")
        return perform_login(self.request, user, redirect_url=self.get_next_url())
