"""What is wrong with a file at an address, told in whole messages."""

from __future__ import annotations

import pytest

from specfile.diagnostics import Severity
from specfile.film import AssetKind
from specfile.online.judging import judge
from specfile.online.looking import Seen

URL = "https://files.example.com/s/17"
SAVE = "save the file in the project and name it by its path"
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0"
PNG = b"\x89PNG\r\n\x1a\n"


def seen(
    media_type: str = "", *, final: str = URL, beginning: bytes = b"", length: int | None = 5000
) -> Seen:
    return Seen(final=final, status=200, media_type=media_type, beginning=beginning, length=length)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("image", seen("image/png")),
        ("image", seen("image/png", beginning=PNG)),
        ("image", seen("image/webp", length=None)),
        ("video", seen("video/mp4", length=100 * 2**20)),
        ("audio", seen("audio/mpeg")),
        ("audio", seen("video/mp4")),
    ],
)
def test_a_file_of_the_right_kind_is_fine(kind: AssetKind, found: Seen) -> None:
    assert judge(URL, kind, found) is None


@pytest.mark.parametrize(
    ("kind", "found", "told"),
    [
        (
            "image",
            Seen(final="https://nas.example.com/a", private="nas.example.com"),
            (
                "private-address",
                "the service can't reach nas.example.com: it is known in your own network only",
                SAVE,
                Severity.ERROR,
            ),
        ),
        (
            "image",
            Seen(final=URL, trouble="there is no host files.example.com", is_unknown_host=True),
            (
                "address-unreachable",
                "nothing was found there: there is no host files.example.com",
                f"try the address in a browser that is signed in nowhere, or {SAVE}",
                Severity.ERROR,
            ),
        ),
        (
            "image",
            Seen(final=URL, trouble="there was no answer in time"),
            (
                "address-unreachable",
                "nothing was found there: there was no answer in time",
                f"try the address in a browser that is signed in nowhere, or {SAVE}",
                Severity.WARNING,
            ),
        ),
        (
            "image",
            Seen(final=URL, status=404),
            (
                "address-unreachable",
                "the host has nothing there (status 404)",
                "look for a mistyped address",
                Severity.ERROR,
            ),
        ),
        (
            "image",
            Seen(final=URL, status=403),
            (
                "address-unreachable",
                "the host gives this to those who sign in, not to everybody (status 403)",
                f"make it public, or {SAVE}",
                Severity.ERROR,
            ),
        ),
        (
            "image",
            Seen(final=URL, status=503),
            (
                "address-unreachable",
                "the host answered with status 503",
                f"try again later, or {SAVE}",
                Severity.WARNING,
            ),
        ),
        (
            "audio",
            seen("text/html"),
            ("address-is-page", "this is a web page, not the file itself", SAVE, Severity.ERROR),
        ),
        (
            "audio",
            seen("text/plain", beginning=b"<!DOCTYPE html><html>"),
            ("address-is-page", "this is a web page, not the file itself", SAVE, Severity.ERROR),
        ),
        (
            "audio",
            seen("text/html", final="https://accounts.example.com/signin?to=17"),
            (
                "address-is-page",
                "this leads to a page that asks to sign in at accounts.example.com, not to the file itself",
                SAVE,
                Severity.ERROR,
            ),
        ),
        (
            "image",
            seen("audio/mpeg"),
            (
                "address-of-another-kind",
                "the host calls this audio/mpeg, and the field takes a picture",
                "write the address of a picture",
                Severity.ERROR,
            ),
        ),
        (
            "image",
            seen("application/octet-stream", beginning=MP4),
            (
                "address-of-another-kind",
                "what is there is an MP4 video by its content, and the field takes a picture",
                "write the address of a picture",
                Severity.ERROR,
            ),
        ),
        (
            "image",
            seen("application/octet-stream", beginning=PNG),
            (
                "address-of-another-kind",
                (
                    "the host calls it application/octet-stream, by which the service may not know it for a "
                    "picture"
                ),
                f"have the host send the file's own type, or {SAVE}",
                Severity.WARNING,
            ),
        ),
        (
            "video",
            seen("", beginning=b"whatever"),
            (
                "address-of-another-kind",
                ("the host doesn't say of what type it is, by which the service may not know it for a video"),
                f"have the host send the file's own type, or {SAVE}",
                Severity.WARNING,
            ),
        ),
        (
            "audio",
            seen("audio/wav", length=0),
            (
                "address-of-another-kind",
                "the file there is empty",
                "put the file there again",
                Severity.ERROR,
            ),
        ),
        (
            "audio",
            seen("audio/wav", length=51 * 2**20),
            (
                "file-too-large",
                "the file there has 51 MB; the service takes at most 50 MB",
                "make it smaller, or shorten it",
                Severity.ERROR,
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_with_a_way_out(
    kind: AssetKind, found: Seen, told: tuple[str, str, str, Severity]
) -> None:
    problem = judge(URL, kind, found)
    assert problem is not None
    assert (problem.code, problem.message, problem.hint, problem.severity) == told
