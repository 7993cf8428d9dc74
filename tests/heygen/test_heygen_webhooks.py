"""A message counts only if the service signed it, just now, and for the first time."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from specfile.heygen import Endpoint, Receiver, Unreachable, VideoOver, WebhookRefused, connect
from tests.heygen.scripted_service import ScriptedService, answer, serving

SECRET = "whsec_test"
NOW = 1_790_000_000.0
SUCCESS = json.dumps(
    {"event_type": "avatar_video.success", "event_data": {"video_id": "v1", "url": "https://x.example/f"}}
).encode()
FAIL = json.dumps({"event_type": "avatar_video.fail", "event_data": {"video_id": "v2", "msg": "no"}}).encode()


def signed(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def v3(body: bytes, *, at: float = NOW, event: str = "evt_1", secret: str = SECRET) -> dict[str, str]:
    return {
        "Heygen-Signature": signed(body, secret),
        "Heygen-Timestamp": str(int(at)),
        "Heygen-Event-Id": event,
    }


def test_both_ways_of_signing_are_known() -> None:
    receiver = Receiver([SECRET])
    assert receiver.take(v3(SUCCESS), SUCCESS, NOW) == VideoOver(video_id="v1", progress="completed")
    assert receiver.take({"signature": signed(FAIL).upper()}, FAIL, NOW) == VideoOver(
        video_id="v2", progress="failed"
    )


def test_any_of_several_secrets_will_do() -> None:
    assert Receiver(["other", SECRET]).take(v3(SUCCESS), SUCCESS, NOW) is not None


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({}, SUCCESS, "bad_signature"),
        ({"Signature": ""}, SUCCESS, "bad_signature"),
        ({"Signature": "é"}, SUCCESS, "bad_signature"),
        ({"Signature": signed(SUCCESS, "guess")}, SUCCESS, "bad_signature"),
        ({"Signature": signed(SUCCESS)}, SUCCESS + b" ", "bad_signature"),
        (v3(SUCCESS, at=NOW - 301), SUCCESS, "old_timestamp"),
        (v3(SUCCESS, at=NOW + 301), SUCCESS, "old_timestamp"),
        ({**v3(SUCCESS), "Heygen-Timestamp": "soon"}, SUCCESS, "no_timestamp"),
        ({"Heygen-Signature": signed(SUCCESS)}, SUCCESS, "no_timestamp"),
        ({"Signature": signed(b"{")}, b"{", "not_json"),
        ({"Signature": signed(b"[]")}, b"[]", "not_json"),
    ],
)
def test_what_is_not_the_services_is_refused(headers: dict[str, str], body: bytes, code: str) -> None:
    with pytest.raises(WebhookRefused) as raised:
        Receiver([SECRET]).take(headers, body, NOW)
    assert raised.value.code == code


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(WebhookRefused):
        Receiver([]).take({"Signature": signed(SUCCESS, "")}, SUCCESS, NOW)


def test_a_message_that_was_taken_is_not_taken_again() -> None:
    receiver = Receiver([SECRET])
    assert receiver.take(v3(SUCCESS), SUCCESS, NOW) is not None
    assert receiver.take(v3(SUCCESS), SUCCESS, NOW + 60) is None
    # Neither time nor id is signed: a copy under new ones is still a copy.
    assert receiver.take(v3(SUCCESS, at=NOW + 900, event="evt_2"), SUCCESS, NOW + 900) is None
    assert receiver.take({"Signature": signed(SUCCESS)}, SUCCESS, NOW + 900) is None


def test_a_refused_message_is_not_remembered() -> None:
    receiver = Receiver([SECRET])
    with pytest.raises(WebhookRefused):
        receiver.take(v3(SUCCESS, secret="guess"), SUCCESS, NOW)
    assert receiver.take(v3(SUCCESS), SUCCESS, NOW) is not None


def test_what_speaks_of_something_else_is_passed_over() -> None:
    for told in ({"event_type": "avatar_video_gif.success"}, {"event_type": "avatar_video.success"}, {}):
        body = json.dumps(told).encode()
        assert Receiver([SECRET]).take({"Signature": signed(body)}, body, NOW) is None


def test_an_address_is_registered_and_taken_back() -> None:
    with serving(ScriptedService()) as service:
        told = {"data": {"endpoint_id": "ep_1", "secret": SECRET}}
        service.faults = [
            answer("POST /v3/webhooks/endpoints", 200, told),
            answer("DELETE /v3/webhooks/endpoints/ep_1", 200, {"data": {}}),
            answer("POST /v3/webhooks/endpoints", 200, {"data": {}}),
        ]
        client = connect(service.url, service.url, "test-key", print)
        endpoint = client.register_webhook("https://hooks.example/in")
        assert (endpoint, SECRET in repr(endpoint)) == (Endpoint("ep_1", SECRET), False)
        client.unregister_webhook(endpoint)
        with pytest.raises(Unreachable):
            client.register_webhook("https://hooks.example/in")
        client.close()
        assert service.calls == [
            "POST /v3/webhooks/endpoints",
            "DELETE /v3/webhooks/endpoints/ep_1",
            "POST /v3/webhooks/endpoints",
        ]
