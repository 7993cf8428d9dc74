"""References: URLs stay, `asset:` is an id, local files go by content and never leave the project."""

from __future__ import annotations

import hashlib

import pytest

from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\nscenes:\n"


def upload(content: bytes) -> str:
    return "specfile-asset:" + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "reference", ["images/wall.png", "./images/wall.png", "/images/wall.png", "images/../images/wall.png"]
)
def test_local_file_stands_as_its_content(folder: Folder, reference: str) -> None:
    folder.write("images/wall.png", b"picture")
    (video,) = folder.videos(f"{HEAD}- say: T\n  background: {reference}\n")
    (asset,) = video.request.assets
    assert video.request.payload["video_inputs"][0]["background"] == {
        "type": "image",
        "image_asset_id": upload(b"picture"),
    }
    assert (asset.kind, asset.media_type, asset.path) == (
        "image",
        "image/png",
        folder.path / "images" / "wall.png",
    )


@pytest.mark.parametrize(
    ("scene", "part", "fields"),
    [
        ("audio: a.mp3", "voice", {"type": "audio", "audio_asset_id": upload(b"x")}),
        ("voice: {audio_url: a.mp3}", "voice", {"type": "audio", "audio_asset_id": upload(b"x")}),
        ("voice: {audio_asset_id: ./a.mp3}", "voice", {"type": "audio", "audio_asset_id": upload(b"x")}),
        ("voice: {audio_asset_id: a.mp3}", "voice", {"type": "audio", "audio_asset_id": "a.mp3"}),
        (
            "voice: {audio_asset_id: 'https://x.io/a'}",
            "voice",
            {"type": "audio", "audio_url": "https://x.io/a"},
        ),
        ("{say: T, photo: me.jpg}", "character", {"type": "talking_photo", "talking_photo_id": upload(b"x")}),
        ("{say: T, background: clip.mp4}", "background", {"type": "video", "video_asset_id": upload(b"x")}),
        (
            "{say: T, background: {url: clip.mp4, play_style: loop}}",
            "background",
            {"type": "video", "play_style": "loop", "video_asset_id": upload(b"x")},
        ),
        (
            "{say: T, background: {type: image, image_asset_id: ./me.jpg}}",
            "background",
            {"type": "image", "image_asset_id": upload(b"x")},
        ),
        (
            "{say: T, background: '{{ \"me\" }}.jpg'}",
            "background",
            {"type": "image", "image_asset_id": upload(b"x")},
        ),
    ],
)
def test_reference_is_legal_wherever_a_url_or_asset_is(
    folder: Folder, scene: str, part: str, fields: dict[str, str]
) -> None:
    for name in ("a.mp3", "me.jpg", "clip.mp4"):
        folder.write(name, b"x")
    assert folder.scene(f"defaults: {{voice: V}}\nscenes:\n- {scene}\n")[part] == fields


def test_file_used_twice_is_uploaded_once(folder: Folder) -> None:
    folder.write("a.png", b"x")
    folder.write("b.png", b"x")
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
    folder.write("ok.png", b"x")
    folder.write("empty.png", b"")
    (folder.path / "folder.png").mkdir()
    (folder.path / "link.png").symlink_to(outside)
    (folder.path / "loop.png").symlink_to("loop.png")
    one = folder.problem(f"{HEAD}- say: T\n  background: {reference}\n")
    assert (one.code, bool(one.span), bool(one.hint)) == (code, True, True)


def test_near_name_is_suggested(folder: Folder) -> None:
    folder.write("images/wall.png", b"x")
    assert folder.problem(f"{HEAD}- say: T\n  background: images/wal.png\n").hint == "did you mean wall.png?"


@pytest.mark.parametrize("link", ["videos", "elsewhere"])
def test_output_does_not_leave_the_project_through_a_link(folder: Folder, link: str) -> None:
    (folder.path / link).symlink_to(folder.path.parent)
    output = "" if link == "videos" else f"output: {{dir: {link}/deep}}\n"
    assert folder.problem(f"{output}{HEAD}- say: T\n").code == "outside-project"
