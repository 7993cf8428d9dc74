"""References: URLs stay, `asset:` is an id, local files go by content and never leave the project."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\nscenes:\n"


# Just enough of each type to be taken for it.
PNG = b"\x89PNG\r\n\x1a\n picture"
JPG = b"\xff\xd8\xff\xe0 photo"
MP4 = b"\x00\x00\x00\x20ftypisom clip"
MP3 = b"ID3\x04 sound"
CONTENT = {".png": PNG, ".jpg": JPG, ".mp4": MP4, ".mp3": MP3}


def upload(content: bytes) -> str:
    return "specfile-asset:" + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "reference", ["images/wall.png", "./images/wall.png", "/images/wall.png", "images/../images/wall.png"]
)
def test_local_file_stands_as_its_content(folder: Folder, reference: str) -> None:
    folder.write("images/wall.png", PNG)
    (video,) = folder.videos(f"{HEAD}- say: T\n  background: {reference}\n")
    (asset,) = video.request.assets
    assert video.request.payload["video_inputs"][0]["background"] == {
        "type": "image",
        "image_asset_id": upload(PNG),
    }
    assert (asset.kind, asset.media_type, asset.path) == (
        "image",
        "image/png",
        folder.path / "images" / "wall.png",
    )


@pytest.mark.parametrize(
    ("scene", "part", "fields"),
    [
        ("audio: a.mp3", "voice", {"type": "audio", "audio_asset_id": upload(MP3)}),
        ("voice: {audio_url: a.mp3}", "voice", {"type": "audio", "audio_asset_id": upload(MP3)}),
        (
            "voice: {audio_asset_id: ./a.mp3}",
            "voice",
            {"type": "audio", "audio_asset_id": upload(MP3)},
        ),
        ("voice: {audio_asset_id: a.mp3}", "voice", {"type": "audio", "audio_asset_id": "a.mp3"}),
        (
            "voice: {audio_asset_id: 'https://x.io/a'}",
            "voice",
            {"type": "audio", "audio_url": "https://x.io/a"},
        ),
        (
            "{say: T, photo: me.jpg}",
            "character",
            {"type": "talking_photo", "talking_photo_id": upload(JPG)},
        ),
        (
            "{say: T, background: clip.mp4}",
            "background",
            {"type": "video", "video_asset_id": upload(MP4)},
        ),
        (
            "{say: T, background: {url: clip.mp4, play_style: loop}}",
            "background",
            {"type": "video", "play_style": "loop", "video_asset_id": upload(MP4)},
        ),
        (
            "{say: T, background: {type: image, image_asset_id: ./me.jpg}}",
            "background",
            {"type": "image", "image_asset_id": upload(JPG)},
        ),
        (
            "{say: T, background: '{{ \"me\" }}.jpg'}",
            "background",
            {"type": "image", "image_asset_id": upload(JPG)},
        ),
    ],
)
def test_reference_is_legal_wherever_a_url_or_asset_is(
    folder: Folder, scene: str, part: str, fields: dict[str, str]
) -> None:
    for name in ("a.mp3", "me.jpg", "clip.mp4"):
        folder.write(name, CONTENT[Path(name).suffix])
    assert folder.scene(f"defaults: {{voice: V}}\nscenes:\n- {scene}\n")[part] == fields


def test_file_used_twice_is_uploaded_once(folder: Folder) -> None:
    folder.write("a.png", PNG)
    folder.write("b.png", PNG)
    (video,) = folder.videos(f"{HEAD}- {{say: T, background: a.png}}\n- {{say: T, background: b.png}}\n")
    assert len(video.request.assets) == 1


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("none.png", "file-missing"),
        ("none/none.png", "file-missing"),
        ("folder.png", "file-missing"),
        ("x" * 300 + ".png", "file-missing"),
        ("empty.png", "empty-file"),
        ("../out.png", "outside-project"),
        ("link.png", "outside-project"),
        ("loop.png", "file-unreadable"),
        ('"a\\0.png"', "file-unreadable"),
        ("notes.txt", "wrong-file-type"),
        ("navy", "wrong-file-type"),
        ("https://x.io/picture", "wrong-file-type"),
        ("asset:1", "wrong-file-type"),
        ("{type: video, url: ok.png}", "wrong-file-type"),
    ],
)
def test_file_that_cannot_be_used_is_one_error(folder: Folder, reference: str, code: str) -> None:
    outside = folder.path.parent / "out.png"
    outside.write_bytes(b"x")
    folder.write("ok.png", PNG)
    folder.write("empty.png", b"")
    (folder.path / "folder.png").mkdir()
    (folder.path / "link.png").symlink_to(outside)
    (folder.path / "loop.png").symlink_to("loop.png")
    one = folder.problem(f"{HEAD}- say: T\n  background: {reference}\n")
    assert (one.code, bool(one.span), bool(one.hint)) == (code, True, True)


def test_near_name_is_suggested(folder: Folder) -> None:
    folder.write("images/wall.png", PNG)
    assert folder.problem(f"{HEAD}- say: T\n  background: images/wal.png\n").hint == "did you mean wall.png?"


@pytest.mark.parametrize("link", ["videos", "elsewhere"])
def test_output_does_not_leave_the_project_through_a_link(folder: Folder, link: str) -> None:
    (folder.path / link).symlink_to(folder.path.parent)
    output = "" if link == "videos" else f"output: {{dir: {link}/deep}}\n"
    assert folder.problem(f"{output}{HEAD}- say: T\n").code == "outside-project"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (
            b"hello",
            "wall.png does not hold what its name says",
            "open it in another program to see whether it is whole",
        ),
        (
            b"\0\0\0\x18ftypmp42" + bytes(20),
            "wall.png is an MP4 video by its content, and a picture is wanted here",
            "let its name end in .mp4, or name a file that holds a picture",
        ),
        (
            b"RIFF\x24\0\0\0WEBPVP8 ",
            "wall.png is a WebP picture, which the service doesn't take",
            "make one of it that it takes: `ffmpeg -i wall.png wall-new.png`",
        ),
        (
            b"<!DOCTYPE html><title>Sign in</title>",
            "wall.png is a web page by its content, and a picture is wanted here",
            "use a file that ends in .png, .jpg, .jpeg",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "wall.png is only a pointer of Git LFS, not the file itself",
            "fetch the file with `git lfs pull`",
        ),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(
    folder: Folder, content: bytes, message: str, hint: str
) -> None:
    folder.write("wall.png", content)
    one = folder.problem(f"{HEAD}- say: T\n  background: wall.png\n")
    assert (one.code, one.message, one.hint) == ("wrong-file-type", message, hint)


@pytest.mark.parametrize(
    ("defaults", "scene", "part", "fields"),
    [
        (
            "background: a.png",
            "background: 'https://x.io/b.png'",
            "background",
            {"type": "image", "url": "https://x.io/b.png"},
        ),
        (
            "background: 'https://x.io/b.png'",
            "background: a.png",
            "background",
            {"type": "image", "image_asset_id": upload(PNG)},
        ),
        (
            "voice: {audio_url: a.mp3}",
            "audio: 'https://x.io/b.mp3'",
            "voice",
            {"type": "audio", "audio_url": "https://x.io/b.mp3"},
        ),
    ],
)
def test_reference_of_a_scene_takes_the_place_of_the_default_one(
    folder: Folder, defaults: str, scene: str, part: str, fields: dict[str, str]
) -> None:
    folder.write("a.png", PNG)
    folder.write("a.mp3", MP3)
    rest = "" if part == "voice" else "say: T, voice: V, "
    text = f"defaults: {{avatar: A, {defaults}}}\nscenes:\n- {{{rest}{scene}}}\n"
    assert folder.scene(text)[part] == fields


def test_file_that_no_scene_uses_is_no_asset(folder: Folder) -> None:
    folder.write("a.png", PNG)
    folder.write("b.jpg", JPG)
    text = "defaults: {avatar: A, voice: V, background: a.png}\nscenes: [{say: T, background: b.jpg}]\n"
    (video,) = folder.videos(text)
    assert [asset.path.name for asset in video.request.assets] == ["b.jpg"]
