"""The comparison of frames: what it lets pass, and what it doesn't."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor, ImageDraw, ImageFilter

from specfile.preview.letters import fonts
from tests.preview import golden_frames
from tests.preview.golden_frames import assert_golden


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pictures of these tests have a folder of their own."""
    monkeypatch.setattr(golden_frames, "GOLDEN", tmp_path)
    monkeypatch.delenv(golden_frames.WRITE, raising=False)
    return tmp_path


def frame(text: str = "Welcome", *, left: int = 300, ink: str = "#FFFFFF") -> Image.Image:
    image = Image.new("RGB", (960, 540), "#20406A")
    fonts.write(ImageDraw.Draw(image), (left, 300), text, ink=ImageColor.getrgb(ink), size=60)
    return image


def keep(picture: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv(golden_frames.WRITE, "1")
        assert_golden(picture, "one")


def test_what_encoders_do_to_a_frame_passes(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(frame(), monkeypatch)
    noise = np.random.default_rng(1).integers(-3, 4, (540, 960, 3))
    assert_golden(frame(), "one")
    assert_golden(np.clip(np.asarray(frame(), int) + noise, 0, 255).astype(np.uint8), "one")
    assert_golden(frame().filter(ImageFilter.GaussianBlur(0.7)), "one")
    assert_golden(frame(left=302), "one")
    assert [path.name for path in kept.iterdir()] == ["one.png"]


@pytest.mark.parametrize(
    "changed",
    [
        frame("Welcame"),
        frame("Welcome."),
        frame(left=306),
        frame(ink="#FFC247"),
        frame(""),
    ],
    ids=["a letter", "a full stop", "a little to the side", "another colour", "no text"],
)
def test_what_anybody_would_see_is_told(
    changed: Image.Image, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(frame(), monkeypatch)
    with pytest.raises(AssertionError, match=r"^one: off by "):
        assert_golden(changed, "one")
    assert (kept / "one.new.png").is_file()


def test_the_error_says_where_and_how_much(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(Image.new("RGB", (480, 270), "#000000"), monkeypatch)
    changed = Image.new("RGB", (480, 270), "#000000")
    changed.paste((200, 0, 0), (100, 64, 112, 72))
    with pytest.raises(AssertionError) as caught:
        assert_golden(changed, "one")
    assert str(caught.value) == (
        "one: off by 0.1 on average (1.5 is allowed), and by 157 (24) in the block at 104,64 of 480x270\n"
        f"the frame as it is now: {kept / 'one.new.png'}\n"
        "if it is meant so: python -m tests.preview.write_frames one"
    )
    keep(changed, monkeypatch)
    assert_golden(changed, "one")
    assert [path.name for path in kept.iterdir()] == ["one.png"]


def test_a_frame_of_another_size_and_one_that_was_never_kept_are_told(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AssertionError, match=r"^one: there is no .*one\.png yet\n"):
        assert_golden(frame(), "one")
    keep(frame(), monkeypatch)
    with pytest.raises(AssertionError, match=r"^one: the frame is 270x480, and was 480x270\n"):
        assert_golden(frame().transpose(Image.Transpose.ROTATE_90), "one")
