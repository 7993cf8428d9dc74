"""The project that is built, and killed while it is: ten videos after an earlier build of five."""

from __future__ import annotations

import hashlib
from pathlib import Path

from specfile.film import Asset, Scene, Video
from tests.runner.project import make_video, video_of

PICTURE = "bg.png"
"""The picture that the user has put into the project; `videos` only names it."""

FIRST_TEXTS = ("old", "x", "r", "p", "q")
"""What is said in the films of the first build."""

TEXTS = ("new", "x", "r", "p", "q", "b", "f", "g", "h")
"""What is said in the films of the second build: ten videos, nine films."""

SAYS = {"a": "new", "x": "x", "s": "r", "b": "b", "c": "b", "f": "f", "g": "g", "q": "p", "u": "q", "h": "h"}
"""What each video says in the end."""

CAPTIONED = ("f", "s")


def videos(folder: Path, phase: int) -> list[Video]:
    """The videos of the first build, or of the second.

    Between them `a` changes; `r` is renamed to `s`, captions and all; `p` moves up to `q`, whose film goes to
    the new `u`; `b` and `c` are new and share a film with a picture; `f`, `g` and `h` are new.
    """
    if phase == 1:
        return [
            make_video(folder, "a", "old"),
            make_video(folder, "x"),
            make_video(folder, "r", "r", caption=True),
            make_video(folder, "p"),
            make_video(folder, "q"),
        ]
    path = folder / PICTURE
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    image = Asset(sha256=sha256, kind="image", path=path, media_type="image/png")
    background = {"type": "image", "image_asset_id": image.placeholder}
    scene = Scene(voice={"type": "text", "voice_id": "v", "input_text": "b"}, background=background)
    return [
        make_video(folder, "a", "new"),
        make_video(folder, "x"),
        make_video(folder, "s", "r", caption=True),
        *(video_of(folder, key, scene, (image,)) for key in "bc"),
        make_video(folder, "f", caption=True),
        make_video(folder, "g", caption_mode="file_only"),
        make_video(folder, "q", "p"),
        make_video(folder, "u", "q"),
        make_video(folder, "h"),
    ]
