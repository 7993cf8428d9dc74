"""The key can't come back in what the service says."""

from __future__ import annotations

from specfile.heygen.answers import code_text
from specfile.heygen.notices import Notice, notice_in
from specfile.heygen.secrecy import hidden, without


def test_the_key_is_taken_out_of_words_and_codes_wherever_they_are() -> None:
    said = {"data": [{"error": {"code": "my-key", "message": "my-key is wrong"}}], "error": "no my-key"}
    assert without("my-key", said) == {
        "data": [{"error": {"code": "…", "message": "… is wrong"}}],
        "error": "no …",
    }
    assert code_text("…") == "unknown"


def test_ids_and_links_are_left_as_they_are() -> None:
    data = {
        "video_id": "a1",
        "video_url": "https://a.example/a?a=a",
        "duration": 1.5,
        "status": "a",
        "url": None,
    }
    assert without("a", data) == data


def test_a_notice_holds_neither_the_key_nor_a_signature() -> None:
    headers = {"Deprecation": "true", "Sunset": "my-key https://a.example/f?Signature=s"}
    notice = notice_in(headers, None, hide=lambda text: hidden("my-key", text))
    assert notice == Notice(
        text="this API is deprecated and ends on … https://a.example/f?…",
        sunset="… https://a.example/f?…",
    )
