"""Bytes tell the type of a file and the size of a picture, and both are held against what is taken."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

import specfile
from specfile.compiler import upload_limits
from specfile.compiler.contents import picture_size, type_of
from specfile.compiler.upload_limits import UploadLimit
from specfile.diagnostics import Severity
from specfile.film import Api, AssetKind
from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\nscenes:\n"


def png(width: int, height: int) -> bytes:
    header = b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0" + bytes(4)
    return b"\x89PNG\r\n\x1a\n" + header + b"\0\0\0\0IEND" + bytes(4)


def jpeg(width: int, height: int) -> bytes:
    exif = b"\xff\xe1" + struct.pack(">H", 40_002) + bytes(40_000)
    tables = b"\xff\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    frame = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return b"\xff\xd8" + exif + tables + frame


def mp4(width: int, height: int, *, late: bool = False) -> bytes:
    def box(kind: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + kind + content

    sound = box(b"trak", box(b"tkhd", bytes(84)))
    picture = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16)))
    moov = box(b"moov", box(b"mvhd", bytes(100)) + sound + picture)
    media = b"\0\0\0\x01mdat" + (16 + 5000).to_bytes(8, "big") + bytes(5000)
    return box(b"ftyp", b"isom\0\0\x02\0") + (media + moov if late else moov + media)


def picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 36), "#16425b").save(buffer, form)
    return buffer.getvalue()


def ebml(doctype: bytes) -> bytes:
    return b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82" + bytes([0x80 + len(doctype)]) + doctype


@pytest.mark.parametrize(
    ("beginning", "name", "media_type"),
    [
        (png(1, 1), "a PNG picture", "image/png"),
        (jpeg(1, 1), "a JPEG picture", "image/jpeg"),
        (b"GIF89a", "a GIF picture", None),
        (b"RIFF\0\0\0\0WEBPVP8X", "a WebP picture", None),
        (b"BM\x36\x04\0\0\0\0\0\0", "a BMP picture", None),
        (b"II*\0\x08\0", "a TIFF picture", None),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF picture", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "a HEIC picture", None),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "an M4A recording", None),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "a QuickTime video", None),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "a QuickTime video", None),
        (b"\0\0\0\x20ftypisom\0\0\x02\0", "an MP4 video", "video/mp4"),
        (ebml(b"webm"), "a WebM video", "video/webm"),
        (ebml(b"matroska"), "a Matroska video", None),
        (b"RIFF\0\0\0\0AVI LIST", "an AVI video", None),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV recording", "audio/x-wav"),
        (b"ID3\x04\0\0\0\0\0\0", "an MP3 recording", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "an MP3 recording", "audio/mpeg"),
        (b"\xff\xf3\x40\xc0", "an MP3 recording", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "an AAC recording", None),
        (b"OggS\0\x02", "an Ogg recording", None),
        (b"fLaC\0", "a FLAC recording", None),
        (b"FORM\0\0\0\0AIFF", "an AIFF recording", None),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "an SVG drawing", None),
        (b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg>', "an SVG drawing", None),
        (b"\n<!doctype html>\n<title>Sign in</title>", "a web page", None),
        (b"%PDF-1.7", "a PDF", None),
        (b"PK\x03\x04\x14", "a ZIP archive", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bytes_tell_the_type(beginning: bytes, name: str, media_type: str | None) -> None:
    found = type_of(beginning)
    assert found is not None
    assert (found.name, found.media_type) == (name, media_type)


@pytest.mark.parametrize("beginning", [b"", b"hello", b"\xff", b"\xff\xe0\0\x10", b"RIFF", bytes(64)])
def test_other_bytes_tell_nothing(beginning: bytes) -> None:
    assert type_of(beginning) is None


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(640, 480), (640, 480)),
        (jpeg(4032, 3024), (4032, 3024)),
        (jpeg(4032, 3024)[:-14], None),
        (jpeg(0, 0), None),
        (b"\xff\xd8\xff", None),
        (b"\xff\xd8\xff\xe0\0\0" * 3, None),
        (png(640, 480)[:20], None),
        (mp4(3840, 2160), (3840, 2160)),
        (mp4(3840, 2160, late=True), (3840, 2160)),
        (mp4(0, 0), None),
        (mp4(3840, 2160)[:100], None),
        (b"\0\0\0\x18ftypisom" + bytes(12) + b"\0\0\0\x02moov" + bytes(50), None),
        (b"\0\0\0\x18ftypisom" + bytes(12) + b"\0\0\0\0moov\0\0\0\0trak" * 400, None),
        (b"RIFF", None),
        (b"", None),
    ],
)
def test_the_header_tells_the_size_of_a_picture(content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(io.BytesIO(content)) == size


def test_a_picture_goes_under_its_true_type_whatever_it_is_called(folder: Folder) -> None:
    folder.write("wall.png", jpeg(64, 48))
    (video,) = folder.videos(f"{HEAD}- say: T\n  background: wall.png\n")
    assert [one.media_type for one in video.request.assets] == ["image/jpeg"]


@pytest.mark.parametrize(
    ("line", "content", "message", "hint"),
    [
        (
            "photo: ./me.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0",
            "./me.heic is a HEIC picture, which the service doesn't take",
            "make one of it that it takes: `magick ./me.heic me.jpg`",
        ),
        (
            "background: ./my logo.svg",
            b"<svg/>",
            "./my logo.svg is neither a colour, nor an image or video",
            'write a colour as `"#RRGGBB"`, or a file that ends in .png, .jpg, .mp4 or .webm',
        ),
        (
            "background: {type: image, url: ./my logo.svg}",
            b"<svg/>",
            "./my logo.svg is an SVG drawing, which the service doesn't take",
            "make one of it that it takes: `rsvg-convert './my logo.svg' -o 'my logo'.png`",
        ),
        (
            "background: {type: video, url: clip.mov}",
            b"\0\0\0\x14ftypqt  \0\0\0\0",
            "clip.mov is a QuickTime video, which the service doesn't take",
            "make one of it that it takes: `ffmpeg -i clip.mov -pix_fmt yuv420p clip.mp4`",
        ),
        (
            "audio: hello.m4a",
            b"\0\0\0\x20ftypM4A \0\0\0\0",
            "hello.m4a is an M4A recording, which the service doesn't take",
            "make one of it that it takes: `ffmpeg -i hello.m4a -vn hello.mp3`",
        ),
        (
            "audio: clip.mp4",
            b"\0\0\0\x20ftypisom\0\0\x02\0",
            "clip.mp4 is an MP4 video by its content, and a recording is wanted here",
            "take its sound: `ffmpeg -i clip.mp4 -vn clip.mp3`",
        ),
        (
            "audio: hello.mp3",
            png(1, 1),
            "hello.mp3 is a PNG picture by its content, and a recording is wanted here",
            "use a file that ends in .mp3, .wav",
        ),
    ],
)
def test_a_file_that_the_service_does_not_take_is_explained_with_a_way_out(
    folder: Folder, line: str, content: bytes, message: str, hint: str
) -> None:
    folder.write(line.removesuffix("}").rpartition(": ")[2], content)
    say = "" if line.startswith("audio") else "  say: T\n"
    (one,) = folder.problems(f"{HEAD}- {line}\n{say}")
    assert (one.code, one.message, one.hint) == ("wrong-file-type", message, hint)


@pytest.mark.parametrize(
    ("size", "command"),
    [
        ((4032, 3024), "ffmpeg -i ./me.png -vf scale=1920:-2 me-small.png"),
        ((1080, 2048), "ffmpeg -i ./me.png -vf scale=-2:1920 me-small.png"),
    ],
)
def test_a_picture_with_too_many_pixels_is_pointed_out(
    folder: Folder, size: tuple[int, int], command: str
) -> None:
    folder.write("me.png", png(*size))
    one = folder.remark(f"{HEAD}- say: T\n  photo: ./me.png\n")
    assert (one.code, one.severity, one.hint) == (
        "picture-too-large",
        Severity.WARNING,
        f"make it smaller: `{command}`",
    )
    assert one.message == (
        f"./me.png has {size[0]}x{size[1]} pixels; the service asks for less than 2,048 on each side"
    )


def test_a_video_with_too_many_pixels_is_pointed_out(folder: Folder) -> None:
    folder.write("clip.mp4", mp4(3840, 2160))
    one = folder.remark(f"{HEAD}- say: T\n  background: clip.mp4\n")
    assert (one.code, one.message, one.hint) == (
        "picture-too-large",
        "clip.mp4 has 3840x2160 pixels; the service asks for less than 2,048 on each side",
        "make it smaller: `ffmpeg -i clip.mp4 -vf scale=1920:-2 clip-small.mp4`",
    )


@pytest.mark.parametrize(
    ("scene", "content", "message"),
    [
        (
            "{say: T, background: ./wall.png}",
            picture("PNG"),
            "./wall.png is cut off: the file ends before the picture does",
        ),
        (
            "{say: T, photo: ./me.jpg}",
            picture("JPEG"),
            "./me.jpg is cut off: the file ends before the picture does",
        ),
        (
            "{say: T, background: clip.mp4}",
            mp4(1280, 720),
            "clip.mp4 is cut off: the file ends before the video does",
        ),
        (
            "{audio: hello.wav}",
            b"RIFF\x08\0\0\0WAVEfmt ",
            "hello.wav is cut off: the file ends before the recording does",
        ),
    ],
    ids=["png", "jpeg", "mp4", "wav"],
)
def test_a_file_that_is_cut_off_is_pointed_out(
    folder: Folder, scene: str, content: bytes, message: str
) -> None:
    text = f"{HEAD}- {scene}\n"
    name = scene.removesuffix("}").rpartition(": ")[2].removeprefix("./")
    folder.write(name, content[:-1])
    one = folder.remark(text)
    assert (one.code, one.severity, one.message, one.hint) == (
        "file-cut-off",
        Severity.WARNING,
        message,
        "copy or export it again, whole",
    )
    folder.write(name, content)
    assert specfile.load(folder.write("spec.yaml", f"specfile: 1\n{text}")).check() == ()


def test_a_picture_of_full_hd_is_fine(folder: Folder) -> None:
    folder.write("wall.png", png(1920, 1080))
    path = folder.write("spec.yaml", f"specfile: 1\n{HEAD}- say: T\n  background: wall.png\n")
    assert specfile.load(path).check() == ()


@pytest.mark.parametrize(("kind", "most"), [("image", 50), ("video", 100), ("audio", 50)])
def test_a_file_over_the_limit_is_refused_before_it_is_sent(folder: Folder, kind: str, most: int) -> None:
    name, beginning, line = {
        "image": ("wall.png", png(1, 1), "background: wall.png"),
        "video": ("wall.mp4", b"\0\0\0\x20ftypisom", "background: wall.mp4"),
        "audio": ("a.mp3", b"ID3", "audio: a.mp3"),
    }[kind]
    path = folder.write(name, beginning)
    sparse(path, (most + 1) * 2**20)
    say = "" if kind == "audio" else "  say: T\n"
    (one,) = folder.problems(f"{HEAD}- {line}\n{say}")
    assert (one.code, one.hint) == ("file-too-large", "make it smaller, or shorten it")
    assert one.message == f"{name} has {most + 1} MB; the service takes at most {most} MB"


def sparse(path: Path, size: int) -> None:
    """Make a file that long without writing it."""
    with path.open("r+b") as file:
        file.truncate(size)


def test_the_table_has_a_limit_for_every_kind_of_file_with_its_source() -> None:
    apis: tuple[Api, ...] = ("v2", "v3")
    kinds: tuple[AssetKind, ...] = ("image", "talking_photo", "video", "audio")
    for api in apis:
        for kind in kinds:
            assert isinstance(upload_limits.upload_limit(api, kind), UploadLimit)
            assert upload_limits._table()["limits"][api][kind]["source"]
