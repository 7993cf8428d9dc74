"""Uploads: streamed from their file, told about, and where they are too large for a form, sent directly."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator

import pytest

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.heygen import Service, Unreachable, Upload, VideoRefused, assets, connect
from specfile.heygen.outgoing import BLOCK, Outgoing
from tests.heygen.scripted_service import ScriptedService, answer, reset, serving, uploading

DIRECT = "/v3/assets/direct-uploads"


@pytest.fixture
def scripted() -> Iterator[ScriptedService]:
    with serving(ScriptedService()) as service:
        yield service


@pytest.fixture
def pauses() -> list[float]:
    """How long the client waited, each time."""
    return []


@pytest.fixture
def service(scripted: ScriptedService, pauses: list[float]) -> Iterator[Service]:
    service = connect(scripted.url, scripted.url, "test-key", print, sleep=pauses.append)
    yield service
    service.close()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is too large for a form."""
    monkeypatch.setattr(assets, "form_bytes", lambda: 3)


def test_a_body_is_read_piece_by_piece_and_told_of() -> None:
    told: list[int] = []
    content = bytes(range(256)) * 3000
    body = Outgoing(io.BytesIO(content), len(content), before=b"head", after=b"tail", told=told.append)
    assert len(body) == len(content) + 8
    pieces = list(body)
    assert b"".join(pieces) == b"head" + content + b"tail"
    assert max(map(len, pieces)) == BLOCK
    assert told == [BLOCK, 2 * BLOCK, len(content)]
    assert body.read(7) == b""


def test_a_file_that_ends_early_breaks_the_upload_off() -> None:
    body = Outgoing(io.BytesIO(b"short"), 7)
    assert body.read(7) == b"short"
    with pytest.raises(OSError, match="the file ended early"):
        body.read(7)


def test_an_upload_tells_how_far_it_is_and_promises_its_length(
    scripted: ScriptedService, service: Service
) -> None:
    told: list[int] = []
    content = b"x" * 700_000
    service.upload(uploading(content, "video/mp4", told.append), kind="video")
    assert scripted.uploads == [("/v1/asset", "video/mp4", content)]
    assert told[-1] == len(content)
    assert told == sorted(set(told))
    assert len(told) > 2
    [(_, headers)] = scripted.headers
    assert headers["Content-Length"] == str(len(content))


def test_a_file_that_ends_early_can_be_sent_again(scripted: ScriptedService, service: Service) -> None:
    upload = Upload(file=io.BytesIO(b"short"), size=70, media_type="image/png")
    with pytest.raises(Unreachable):
        service.upload(upload, kind="image")


def test_the_form_of_v3_holds_the_file_under_a_name_that_agrees_with_its_type(
    scripted: ScriptedService, service: Service
) -> None:
    service.upload(uploading(b"picture", "image/jpeg"), kind="image", api="v3")
    [(_, _, body)] = scripted.uploads
    boundary = body[2:34].decode()
    assert re.fullmatch("[0-9a-f]{32}", boundary)
    assert (
        body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file.jpg"\r\n'
            f"Content-Type: image/jpeg\r\n\r\npicture\r\n--{boundary}--\r\n"
        ).encode()
    )


@pytest.mark.usefixtures("large")
def test_a_large_file_goes_to_v3_by_an_address_of_its_own(
    scripted: ScriptedService, service: Service
) -> None:
    assert service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3") == "direct-1"
    assert scripted.direct == {"filename": "file.mp4", "content_type": "video/mp4", "size_bytes": 6}
    assert scripted.calls == [f"POST {DIRECT}", "PUT /put/0", "POST /v3/assets/direct-1/complete"]
    assert scripted.uploads == [("/put/0", "video/mp4", b"moving")]
    (_, asked), (_, put), (_, completed) = scripted.headers
    assert asked["X-Api-Key"] == completed["X-Api-Key"] == "test-key"
    assert "X-Api-Key" not in put
    assert put["x-amz-acl"] == "private"


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("/put/", [f"POST {DIRECT}", "PUT /put/0", "PUT /put/0", "POST /v3/assets/direct-1/complete"]),
        (
            "POST /v3/assets/direct-1/complete",
            [f"POST {DIRECT}", "PUT /put/0", *["POST /v3/assets/direct-1/complete"] * 2],
        ),
    ],
    ids=["the file", "the word that it is there"],
)
@pytest.mark.parametrize("is_reset", [True, False], ids=["reset", "503"])
def test_a_passing_trouble_does_not_begin_a_large_upload_anew(
    scripted: ScriptedService, service: Service, path: str, calls: list[str], *, is_reset: bool
) -> None:
    scripted.faults = [reset(path) if is_reset else answer(path, 503, {})]
    assert service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3") == "direct-1"
    assert scripted.calls == calls
    assert scripted.uploads == [("/put/0", "video/mp4", b"moving")]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("status", "kind"), [(403, Unreachable), (500, Unreachable), (413, VideoRefused), (400, VideoRefused)]
)
def test_what_the_upload_host_says_no_to(
    scripted: ScriptedService, service: Service, status: int, kind: type[Exception]
) -> None:
    scripted.faults = [answer("/put/", status, {}, times=9)]
    with pytest.raises(kind) as raised:
        service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3")
    assert type(raised.value) is kind
    assert "Signature" not in str(raised.value)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("status", "waited"), [(503, [0.5, 1.0]), (403, []), (410, [])], ids=["503", "403", "410"]
)
def test_a_large_file_is_sent_again_after_a_pause_unless_its_address_has_run_out(
    scripted: ScriptedService, service: Service, pauses: list[float], status: int, waited: list[float]
) -> None:
    scripted.faults = [answer("/put/", status, {}, times=9)]
    with pytest.raises(Unreachable) as raised:
        service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3")
    assert str(raised.value) == f"the upload host answered with status {status}"
    assert scripted.calls == [f"POST {DIRECT}", *["PUT /put/0"] * (len(waited) + 1)]
    assert pauses == waited


@pytest.mark.usefixtures("large")
def test_where_a_host_does_not_answer_it_is_named_without_what_signs_the_address(
    scripted: ScriptedService, service: Service
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{closed.getsockname()[1]}"
        data = {"asset_id": "a", "upload_url": f"{host}/put/0?Signature=s"}
        scripted.faults = [answer(DIRECT, 200, {"data": data})]
        with pytest.raises(Unreachable) as raised:
            service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3")
        assert str(raised.value) == f"no answer from {host} (NewConnectionError)"
        user = host.replace("//", "//ada:secret@")
        with pytest.raises(Unreachable) as raised, service.fetch(f"{user}/film.mp4?Signature=s"):
            pass
        assert str(raised.value) == f"no answer from {host} (NewConnectionError)"


@pytest.mark.usefixtures("large")
def test_a_file_over_the_services_own_limit_is_not_sent(scripted: ScriptedService, service: Service) -> None:
    scripted.max_bytes = 5
    with pytest.raises(VideoRefused, match="the service takes at most 5 bytes, and the file has 6"):
        service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3")
    assert scripted.calls == [f"POST {DIRECT}"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    "data", [{"asset_id": "a"}, {"asset_id": "a", "upload_url": "http://files.example.com/put"}, {}, None]
)
def test_an_answer_without_a_usable_address_leaves_the_file_unsent(
    scripted: ScriptedService, service: Service, data: object
) -> None:
    scripted.faults = [answer(DIRECT, 200, {"data": data})]
    with pytest.raises(Unreachable):
        service.upload(uploading(b"moving", "video/mp4"), kind="video", api="v3")
    assert scripted.calls == [f"POST {DIRECT}"]


def test_the_most_that_a_form_holds_is_in_the_table() -> None:
    assert assets.form_bytes() == 32 * 2**20


@pytest.mark.usefixtures("large")
def test_the_emulator_takes_a_large_file_by_its_address_and_knows_it_from_then_on() -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE)) as emulator:
        service = connect(emulator.url, emulator.url, "test-key", print)
        content = b"\x89PNG\r\n\x1a\n" + bytes(5000)
        asset_id = service.upload(uploading(content, "image/png"), kind="image", api="v3")
        assert not service.is_gone(asset_id, api="v3")
        assert service.is_gone("0123456789abcdef", api="v3")
        assert not service.is_gone("0123456789abcdef", api="v2")
        service.close()
