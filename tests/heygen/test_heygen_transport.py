"""The transport over real sockets: where the key goes, and what becomes of every trouble on the way."""

from __future__ import annotations

import inspect
import socket
import ssl
import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
import urllib3.exceptions

from specfile.errors import UsageError
from specfile.heygen import (
    AccountRefused,
    ApiRetired,
    LinkExpired,
    NotFound,
    Notice,
    OutcomeUnknown,
    QuestionRefused,
    RateLimited,
    Service,
    Unreachable,
    connect,
    is_loopback,
)
from specfile.heygen.transport import NEVER_SENT, Transport, may_have_been_sent
from tests.heygen.scripted_service import (
    GENERATE,
    STATUS,
    Fault,
    ScriptedService,
    answer,
    reset,
    serving,
    uploading,
)

SIGNED = "/files/v/film.mp4?Signature=secret"
BODY = {"video_inputs": [{"voice": {"input_text": "hi"}}]}


@pytest.fixture
def scripted() -> Iterator[ScriptedService]:
    with serving(ScriptedService()) as service:
        yield service


class Caller:
    """A connected service that notes pauses instead of making them."""

    def __init__(self, url: str, key: str = "test-key") -> None:
        self.pauses: list[float] = []
        self.notices: list[Notice] = []
        self.service: Service = connect(url, url, key, self.notices.append, sleep=self.pauses.append)

    def submit(self) -> str:
        return self.service.videos("v2").create(GENERATE, BODY, "token")


def test_a_video_is_submitted_followed_listed_and_deleted(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    videos = caller.service.videos("v2")
    video_id = caller.submit()
    status = videos.status(video_id)
    assert (status.progress, status.duration_s, status.subtitle_url) == ("completed", 2.5, None)
    assert [one.video_id for one in videos.list().videos] == [video_id]
    videos.delete(video_id)
    with pytest.raises(NotFound):
        videos.status(video_id)


def test_an_upload_is_raw_bytes_under_their_exact_type(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    caller.service.upload(uploading(b"picture", "image/png"), kind="image")
    caller.service.upload(uploading(b"me", "image/jpeg"), kind="talking_photo")
    assert scripted.uploads == [
        ("/v1/asset", "image/png", b"picture"),
        ("/v1/talking_photo", "image/jpeg", b"me"),
    ]


def test_a_question_is_asked_three_times_with_growing_pauses(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    video_id = caller.submit()
    scripted.faults = [answer(STATUS, 503, {}, times=2)]
    assert caller.service.videos("v2").status(video_id).progress == "completed"
    assert caller.pauses == [0.5, 1.0]
    scripted.faults = [reset(STATUS, times=3)]
    with pytest.raises(Unreachable):
        caller.service.videos("v2").status(video_id)


def test_a_web_page_with_a_status_of_success_may_be_for_a_moment(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    video_id = caller.submit()
    page = Fault(path=STATUS, status=200, body=b"<html>Please log in to this network</html>", times=2)
    scripted.faults = [page]
    assert caller.service.videos("v2").status(video_id).progress == "completed"
    assert caller.pauses == [0.5, 1.0]
    scripted.faults = [replace(page, status=410, times=1)]
    with pytest.raises(ApiRetired):
        caller.service.videos("v2").status(video_id)
    assert caller.pauses == [0.5, 1.0]


def test_the_default_voice_of_an_avatar_is_in_its_details(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    path = "/v2/avatar/Anna%20B/details"
    scripted.faults = [
        answer(path, 200, {"error": None, "data": {"id": "Anna B", "default_voice_id": "v1"}}),
        answer(path, 200, {"error": None, "data": {"id": "Anna B", "default_voice_id": None}}),
    ]
    assert caller.service.default_voice("Anna B") == "v1"
    assert caller.service.default_voice("Anna B") is None


@pytest.mark.parametrize("status", [400, 404])
def test_an_avatar_that_the_service_does_not_know_is_named(scripted: ScriptedService, status: int) -> None:
    scripted.faults = [answer("/v2/avatar/", status, {"data": None, "error": {"code": "avatar_not_found"}})]
    caller = Caller(scripted.url)
    with pytest.raises(NotFound) as caught:
        caller.service.default_voice("Anna")
    assert str(caught.value) == "the service knows no avatar `Anna`"
    assert (caught.value.code, caller.pauses) == ("avatar_not_found", [])


def test_details_without_data_are_no_answer(scripted: ScriptedService) -> None:
    scripted.faults = [answer("/v2/avatar/", 200, {"error": None, "data": None})]
    with pytest.raises(Unreachable) as caught:
        Caller(scripted.url).service.default_voice("Anna")
    assert str(caught.value) == "the service's answer holds no details of avatar `Anna`"


def test_a_create_is_never_sent_twice(scripted: ScriptedService) -> None:
    scripted.faults = [answer(GENERATE, 503, {}, times=9)]
    caller = Caller(scripted.url)
    with pytest.raises(OutcomeUnknown):
        caller.submit()
    assert (scripted.count(GENERATE), caller.pauses) == (1, [])


def test_each_create_has_a_connection_of_its_own(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    videos = caller.service.videos("v2")
    ids = [caller.submit() for _ in range(3)]
    connections = scripted.connections
    assert connections == 3
    for video_id in ids:
        videos.status(video_id)
    assert scripted.connections == 4, "questions share one"
    caller.submit()
    assert scripted.connections == 5, "which a create doesn't take"
    videos.status(ids[0])
    assert scripted.connections == 5, "nor close"


def test_a_refused_question_is_not_asked_again(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    video_id = caller.submit()
    scripted.unreadable.add(video_id)
    with pytest.raises(QuestionRefused) as caught:
        caller.service.videos("v2").status(video_id)
    assert str(caught.value) == "the service refused a question: resource_access_denied (not yours)"
    assert (scripted.count(STATUS), caller.pauses) == (1, [])


def test_a_reset_connection_leaves_the_outcome_of_a_create_open(scripted: ScriptedService) -> None:
    scripted.faults = [reset(GENERATE, takes_effect=True)]
    with pytest.raises(OutcomeUnknown) as caught:
        Caller(scripted.url).submit()
    assert str(caught.value) == f"no answer from {scripted.url} (ProtocolError)"


def test_a_body_that_breaks_off_leaves_the_outcome_of_a_create_open(scripted: ScriptedService) -> None:
    scripted.faults = [Fault(path=GENERATE, short_by=5)]
    with pytest.raises(OutcomeUnknown):
        Caller(scripted.url).submit()
    assert len(scripted.videos) == 1


def test_nothing_was_sent_where_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable):
        Caller(f"http://127.0.0.1:{port}").submit()


def test_a_redirect_is_not_followed_and_takes_no_key_along(scripted: ScriptedService) -> None:
    with serving(ScriptedService()) as stranger:
        scripted.faults = [Fault(path=GENERATE, status=307, headers={"Location": stranger.url + GENERATE})]
        with pytest.raises(ApiRetired):
            Caller(scripted.url).submit()
        assert stranger.calls == []


def test_files_are_fetched_without_the_key_from_any_offset(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    url = caller.service.videos("v2").status(caller.submit()).video_url
    assert url is not None
    with caller.service.fetch(url, 90_000) as stream:
        rest = b"".join(stream.chunks)
    assert (stream.offset, stream.total, len(rest)) == (90_000, 96_024, 6_024)
    assert "X-Api-Key" not in scripted.headers[-1][1]


def test_a_dead_link_and_a_broken_stream_are_told_apart(scripted: ScriptedService) -> None:
    caller = Caller(scripted.url)
    url = caller.service.videos("v2").status(caller.submit()).video_url or ""
    scripted.faults = [Fault(path="/files/", status=403), Fault(path="/files/", short_by=9)]
    with pytest.raises(LinkExpired), caller.service.fetch(url):
        pass
    with pytest.raises(Unreachable), caller.service.fetch(url) as stream:
        list(stream.chunks)


def test_no_traceback_shows_the_key_or_a_signature(scripted: ScriptedService) -> None:
    link = scripted.url + SIGNED
    said = {"code": 400112, "message": f"key test-key at {link} is bad"}
    scripted.faults = [answer(GENERATE, 401, said), reset("/files/")]
    caller = Caller(scripted.url)
    shown = ""
    try:
        caller.submit()
    except AccountRefused as error:
        shown += "".join(traceback.format_exception(error)) + str(error.words)
    try:
        with caller.service.fetch(link):
            pass
    except Unreachable as error:
        shown += "".join(traceback.format_exception(error))
    assert "400112" in shown
    assert "ProtocolError" in shown
    assert "test-key" not in shown
    assert "Signature=secret" not in shown


@pytest.mark.parametrize("key", ["", "  ", "bad\nkey", "schlüssel", "two words"])
def test_a_key_that_can_not_be_a_header_is_refused_unseen(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        Caller("http://127.0.0.1", key)
    assert str(caught.value) == "the API key is empty or holds characters that no key has"


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        Caller("api.heygen.com")
    assert str(caught.value) == "'api.heygen.com' is not an address of a service"


def test_the_speed_of_an_emulator_is_obeyed_from_this_machine_only(scripted: ScriptedService) -> None:
    scripted.response_headers = {"X-Emulator-Speed": "250"}
    caller = Caller(scripted.url)
    assert caller.service.pace == 1.0
    caller.submit()
    assert caller.service.pace == 250.0
    assert is_loopback("http://127.0.0.1:80")
    assert is_loopback("http://[::1]:80")
    assert not is_loopback("https://api.heygen.com")
    assert not is_loopback("http://127.0.0.1.example.com")


def test_a_notice_in_a_body_is_passed_on_in_the_services_words(scripted: ScriptedService) -> None:
    warning = {"message": "This v2 endpoint is Legacy"}
    body = {"error": None, "data": {"video_id": "v1"}, "warning": warning}
    scripted.faults = [answer(GENERATE, 200, body, times=2)]
    caller = Caller(scripted.url)
    caller.submit()
    caller.submit()
    assert caller.notices == [Notice(text="This v2 endpoint is Legacy")]


def test_too_long_a_wait_is_left_to_the_caller(scripted: ScriptedService) -> None:
    scripted.faults = [answer(STATUS, 429, {}, headers={"Retry-After": "31"})]
    caller = Caller(scripted.url)
    with pytest.raises(RateLimited):
        caller.service.videos("v2").status("v1")
    assert caller.pauses == []


def library_exceptions() -> list[type[Exception]]:
    known = [
        kind
        for module in (requests.exceptions, urllib3.exceptions)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, (requests.RequestException, urllib3.exceptions.HTTPError))
        and not issubclass(kind, Warning)
    ]
    return sorted(set(known), key=lambda kind: (kind.__module__, kind.__name__))


def bare(kind: type[Exception]) -> Exception:
    """An instance, whatever its constructor asks for."""
    plain = {"__init__": lambda *_: None, "__str__": lambda *_: "trouble"}
    error: Exception = type(kind.__name__, (kind,), plain)()
    return error


@pytest.mark.parametrize("kind", library_exceptions(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_http_library_is_mapped(kind: type[Exception]) -> None:
    base = "http://127.0.0.1"
    transport = Transport(base, upload_base=base, key="test-key", on_notice=print)
    expected = OutcomeUnknown if may_have_been_sent(bare(kind)) else Unreachable
    with pytest.raises(expected), transport._mapped("create", base):
        raise bare(kind)
    with pytest.raises(Unreachable) as caught, transport._mapped("read", base):
        raise bare(kind)
    assert isinstance(caught.value.__cause__, urllib3.exceptions.HTTPError)


def test_only_these_prove_that_nothing_was_sent() -> None:
    unsent = [kind.__name__ for kind in library_exceptions() if not may_have_been_sent(bare(kind))]
    assert set(unsent) >= {kind.__name__ for kind in NEVER_SENT}
    doubtful = {
        "ProtocolError",
        "ReadTimeoutError",
        "IncompleteRead",
        "SSLError",
        "MaxRetryError",
        "HTTPError",
    }
    assert not (doubtful | {"ReadTimeout", "ConnectionError"}) & set(unsent)


def test_a_certificate_that_is_not_trusted_proves_it_too() -> None:
    untrusted = urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))
    assert not may_have_been_sent(untrusted)
    assert may_have_been_sent(urllib3.exceptions.SSLError(ssl.SSLEOFError("in the middle")))
