"""What names a video and its file, and that no two share it."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder

BODY = "defaults: {avatar: A, voice: V}\nscenes: [{say: T}]\n"


def test_lone_video_is_named_by_its_spec(folder: Folder) -> None:
    (video,) = folder.videos(BODY)
    assert (video.key, video.output) == ("spec", folder.path / "videos" / "spec.mp4")


@pytest.mark.parametrize(
    ("output", "path"),
    [
        ("", "videos/spec/a.mp4"),
        ("output: {dir: out}\n", "out/a.mp4"),
        ("output: {dir: /out}\n", "out/a.mp4"),
        ("output: {dir: 'out/{{ id }}', file: '{{ key }}/{{ row }}'}\n", "out/a/a/1.mp4"),
    ],
)
def test_file_is_named_by_key_and_output(folder: Folder, output: str, path: str) -> None:
    folder.write("d.csv", "id\na\n")
    (video,) = folder.videos(f"data: d.csv\nkey: '{{{{ id }}}}'\n{output}{BODY}")
    assert video.output == folder.path / path


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("''", "is empty"),
        ("a:b", "holds ':', which no file name can hold on every system"),
        ('"a\\nb"', "holds '\\n', which no file name can hold on every system"),
        ("../a", "is no file name"),
        ("a/../b", "is no file name"),
        ("/a", "is no file name"),
        ("a/", "is no file name"),
        ("a//b", "is no file name"),
        (".", "is no file name"),
        ("x" * 201, "is longer than 200 bytes"),
        ("é" * 101, "is longer than 200 bytes"),
        ("Acme Inc.", "ends with a full stop, which not every system keeps"),
        ("a./b", "has a part that ends with a full stop, which not every system keeps"),
        ('"a /b"', "has a part that ends with a space, which not every system keeps"),
        ('"a/ b"', "has a part that begins with a space, which not every system keeps"),
        ("con", "is a name that Windows keeps for a device (CON)"),
        ("Nul.tar.gz", "is a name that Windows keeps for a device (NUL)"),
        ("shops/com1/a", "is a name that Windows keeps for a device (COM1)"),
        ("LPT²", "is a name that Windows keeps for a device (LPT²)"),
        ("aux .x", "is a name that Windows keeps for a device (AUX)"),
        ('"a\\u202eb"', "holds '\\u202e', which no file name can hold on every system"),
    ],
)
def test_key_must_be_able_to_name_a_file(folder: Folder, key: str, reason: str) -> None:
    one = folder.problem(f"key: {key}\n{BODY}")
    assert (one.code, one.path, one.message.endswith(reason)) == ("bad-key", "key", True)


@pytest.mark.parametrize(
    "key", ["connie", "com", "com10", "lpta", "console", "a.con", "名字", "Zoë", "a.b", "x" * 200]
)
def test_key_like_no_device_is_a_key(folder: Folder, key: str) -> None:
    assert folder.videos(f"key: {key}\n{BODY}")[0].key == key


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("{file: ''}", "bad-output"),
        ("{file: 'a*b'}", "bad-output"),
        ('{file: "a\\0b"}', "bad-output"),
        ('{dir: "a\\0b"}', "bad-output"),
        ("{file: ../../x}", "bad-output"),
        ("{dir: ../../x}", "outside-project"),
        ("{format: avi}", "not-allowed"),
        ("{folder: x}", "unknown-key"),
    ],
)
def test_output_that_cannot_be_written_is_one_error(folder: Folder, output: str, code: str) -> None:
    one = folder.problem(f"output: {output}\n{BODY}")
    assert (one.code, bool(one.span), bool(one.hint)) == (code, True, True)


@pytest.mark.parametrize(
    ("rows", "extra", "code"),
    [
        ("a\na\n", "", "duplicate-key-in-data"),
        ("a\nA\n", "", "duplicate-file"),
        ("straße\nSTRASSE\n", "", "duplicate-file"),
        ("caf\u00e9\ncafe\u0301\n", "", "duplicate-file"),
        ("a\nb\n", "output: {file: same}\n", "duplicate-file"),
        ("a\nb\n", "callback_id: same\n", "duplicate-callback-id"),
    ],
)
def test_two_videos_never_share_a_key_a_file_or_a_callback(
    folder: Folder, rows: str, extra: str, code: str
) -> None:
    folder.write("d.csv", "id\n" + rows)
    one = folder.problem(f"data: d.csv\nkey: '{{{{ id }}}}'\n{extra}{BODY}")
    assert (one.code, one.cell and one.cell.row) == (code, 2)


def test_rows_left_out_claim_nothing(folder: Folder) -> None:
    folder.write("d.csv", "id,n\na,1\na,2\n")
    assert len(folder.videos(f"data: d.csv\nkey: '{{{{ id }}}}'\nif: n == '2'\n{BODY}")) == 1
