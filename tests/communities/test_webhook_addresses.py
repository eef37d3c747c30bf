"""Where a webhook may point, and where its calls go: nowhere into our own network, whatever a name or a server says."""

import socket
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from communities.channels.webhook import Call, lines, tell
from communities.channels.webhook.addresses import NotAllowedError, Target, looked_up, public, read
from communities.channels.webhook.lines import Line
from communities.channels.webhook.signing import genuine, headers, new_secret, signature
from tests.receiving import certified, receiving

SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()
PUBLIC, HOST = "93.184.216.34", "hooks.example.org"


@pytest.fixture(autouse=True)
def real_system(settings):
    settings.DEMO, settings.WEBHOOK_ORIGINS, settings.WEBHOOK_PORTS = False, [], [443]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "//hooks.example.org/",
        "https://",
        "https:///x",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://8.8.8.8/",
        "https://①②⑦.⓪.⓪.①/",
        "https://localhost/",
        "https://a.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://intranet/",
        "https://example.org./",
        "https://user:pass@hooks.example.org/",
        "https://hooks.example.org@127.0.0.1/",
        "https://hooks.example.org\\@127.0.0.1/",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:8443/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nX: y",
        "https://hooks.example.org/" + "x" * 500,
        "https://пример.example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_address_for_a_webhook(url):
    with pytest.raises(NotAllowedError):
        read(url)


def test_a_named_host_of_the_internet_over_https_is():
    assert read("https://Hooks.Example.org:443/in?key=1#x") == Target(HOST, 443, "/in?key=1")
    assert read("https://xn--fiq228c.example") == Target("xn--fiq228c.example", 443, "/")


def test_the_settings_may_name_other_ports_and_origins_of_one_s_own(settings):
    settings.WEBHOOK_PORTS, settings.WEBHOOK_ORIGINS = [443, 8443], ["http://10.0.0.7:9000"]
    assert read("https://hooks.example.org:8443/").port == 8443
    assert read("http://10.0.0.7:9000/in") == Target("10.0.0.7", 9000, "/in", tls=False, trusted=True)
    for other in ("http://10.0.0.7/", "https://10.0.0.7:9000/", "http://10.0.0.7:9000@evil.example/"):
        with pytest.raises(NotAllowedError):
            read(other)


INSIDE = """127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.100.100.200
    169.254.169.254 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16
    ::1 :: ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1
    2002:7f00:1:: 2002:a9fe:a9fe:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 fe80::1 fe80::1%eth0 fc00::1
    fd00:ec2::254 ff02::1 ff0e::1 nonsense"""


@pytest.mark.parametrize("address", INSIDE.split())
def test_what_is_not_the_internet_is_not_called_whatever_it_is_wrapped_in(address):
    assert not public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"])
def test_the_internet_is(address):
    assert public(address)


@given(some.ip_addresses(v=4))
def test_an_address_that_is_wrapped_is_as_public_as_it_is_plain(address):
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert public(wrapped) == public(str(address))


class Resolver:
    """Answers each question with the next of its answers, as a rebinding name server does."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked = list(answers), 0
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host, port, *args, **named):
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.mark.parametrize("found", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_not_called_even_if_only_one_of_its_addresses_does(monkeypatch, found):
    Resolver(monkeypatch, found)
    with pytest.raises(NotAllowedError):
        looked_up(read(f"https://{HOST}/"))


def test_a_name_is_looked_up_once_and_the_call_goes_to_what_was_checked(monkeypatch):
    resolver, dialled = Resolver(monkeypatch, [PUBLIC], ["127.0.0.1"]), []

    def connect(address, timeout):
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    (answer,) = tell(f"https://{HOST}/", [SECRET], [Call(1, "hap_1", b"{}")])

    assert (dialled, resolver.asked) == ([(PUBLIC, 443)], 1)
    assert (answer.status, answer.reason) == (None, "no connection")


def test_a_name_that_leads_nowhere_is_no_error_of_ours(monkeypatch):
    def nowhere(*args, **named):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    (answer,) = tell(f"https://{HOST}/", [SECRET], [Call(1, "hap_1", b"{}")])
    assert answer.reason == "no such host"


class TestTheLine:
    """To a real server with a certificate. The address was checked before; here it is this machine's."""

    def post(self, port, host=HOST, body=b"{}"):
        line = Line(Target(host, port, "/in"), ["127.0.0.1"])
        try:
            return line.post(body, {"webhook-id": "hap_1"})
        finally:
            line.close()

    def test_the_certificate_has_to_be_the_host_s_although_the_call_goes_to_an_address(self, settings, tmp_path):
        tls, settings.WEBHOOK_CA_FILE = certified(HOST, tmp_path)
        settings.WEBHOOK_CA_FILE = str(settings.WEBHOOK_CA_FILE)
        with receiving(tls) as receiver:
            assert self.post(receiver.port) == 204
            assert receiver.heard[0].headers["host"] == f"{HOST}:{receiver.port}"
            with pytest.raises(OSError, match="certificate"):
                self.post(receiver.port, "other.example.org")
            settings.WEBHOOK_CA_FILE = ""
            with pytest.raises(OSError, match="certificate"):
                self.post(receiver.port)
        assert len(receiver.heard) == 1

    def test_a_connection_that_the_receiver_has_closed_is_opened_again(self):
        with receiving() as receiver:
            line = Line(Target("127.0.0.1", receiver.port, "/", tls=False), ["127.0.0.1"])
            assert line.post(b"{}", {}) == 204
            line.sock.shutdown(socket.SHUT_RDWR)
            assert line.post(b"{}", {}) == 204
            line.close()


def told(receiver, *, calls=1, path="/in"):
    return tell(receiver.origin + path, [SECRET], [Call(no, f"hap_{no}", b"{}") for no in range(calls)])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_followed(receiver, status):
    with receiving() as other:
        receiver.status, receiver.headers = status, {"Location": f"{other.origin}/latest/meta-data/"}
        (answer,) = told(receiver)
    assert (answer.arrived, answer.reason, other.heard) == (False, f"http {status}", [])


def test_no_proxy_of_the_environment_is_asked(receiver, monkeypatch):
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        assert told(receiver)[0].arrived
        assert proxy.heard == []


def test_a_long_answer_is_not_read(receiver):
    receiver.status, receiver.body = 200, b"x" * 5_000_000
    assert [one.arrived for one in told(receiver, calls=2)] == [True, True]


def test_a_receiver_that_takes_for_ever_is_cut_off_and_not_asked_for_the_rest(receiver, monkeypatch):
    monkeypatch.setattr(lines, "TO_CONNECT", 0.1)
    monkeypatch.setattr(lines, "TO_ANSWER", 0.2)
    receiver.wait = 9
    begun = time.monotonic()
    found = told(receiver, calls=3)
    assert time.monotonic() - begun < 8
    assert [(one.status, one.reason) for one in found] == [(None, "timeout")] * 3
    assert len(receiver.heard) == 1


def test_one_that_drips_is_cut_off_as_well(settings, monkeypatch):
    """Each byte comes in time, the whole never does."""
    monkeypatch.setattr(lines, "TO_CONNECT", 0.2)
    monkeypatch.setattr(lines, "TO_ANSWER", 0.3)
    with receiving() as receiver:
        settings.WEBHOOK_ORIGINS = [receiver.origin]
        receiver.RequestHandlerClass = dripping(receiver.RequestHandlerClass)
        begun = time.monotonic()
        (answer,) = told(receiver)
    assert answer.status is None
    assert time.monotonic() - begun < 8


def dripping(handler):
    class Dripping(handler):
        def do_POST(self):
            for _ in range(90):
                self.wfile.write(b"H")
                time.sleep(0.1)

    return Dripping


def test_one_that_wants_to_be_left_alone_is(receiver):
    receiver.status = 429
    assert [one.reason for one in told(receiver, calls=3)] == ["http 429"] * 3
    assert len(receiver.heard) == 1


def test_one_that_refuses_something_is_still_told_the_rest(receiver):
    receiver.status = 500
    told(receiver, calls=3)
    assert len(receiver.heard) == 3


def test_what_there_is_no_time_for_is_not_begun(receiver):
    found = tell(receiver.origin, [SECRET], [Call(1, "hap_1", b"{}")], seconds=-1)
    assert [one.begun for one in found] == [False]


class TestSignatures:
    BODY = b'{"type":"sign-up.confirmed"}'

    def test_one_is_as_the_specification_says(self):
        """Computed with OpenSSL: openssl dgst -sha256 -mac HMAC."""
        assert signature(SECRET, "hap_7", "1700000000", self.BODY) == (
            "v1,mghPf4V/RL8V/djtm1oiYBD6TruMp5i2TRypZu2wEc8="
        )

    def test_the_one_that_was_sent_is_genuine_for_five_minutes(self):
        told = headers("hap_7", self.BODY, [SECRET], 1_700_000_000)
        for now, good in [(0, True), (300, True), (-300, True), (301, False), (-301, False)]:
            assert genuine(SECRET, told, self.BODY, 1_700_000_000 + now) is good

    def test_both_secrets_sign_after_a_rotation(self):
        former = new_secret()
        told = headers("hap_7", self.BODY, [SECRET, former], 1_700_000_000)
        assert genuine(SECRET, told, self.BODY, 1_700_000_000)
        assert genuine(former, told, self.BODY, 1_700_000_000)
        assert not genuine(new_secret(), told, self.BODY, 1_700_000_000)

    @pytest.mark.parametrize(
        "change",
        [
            {"webhook-id": "hap_8"},
            {"webhook-timestamp": "1700000001"},
            {"webhook-timestamp": ""},
            {"webhook-timestamp": "９" * 10},
            {"webhook-signature": "v1,"},
            {"webhook-signature": ""},
            {"webhook-signature": "ü"},
        ],
    )
    def test_what_is_altered_is_not(self, change):
        told = headers("hap_7", self.BODY, [SECRET], 1_700_000_000) | change
        assert not genuine(SECRET, told, self.BODY, 1_700_000_000)

    def test_a_body_that_is_altered_is_not(self):
        told = headers("hap_7", self.BODY, [SECRET], 1_700_000_000)
        assert not genuine(SECRET, told, self.BODY + b" ", 1_700_000_000)

    def test_a_secret_is_256_random_bits(self):
        assert new_secret() != new_secret()
        assert len(new_secret()) == len("whsec_") + 44
