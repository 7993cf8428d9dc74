"""Films that share scenes: joined from what is there, they are as sound as films rendered whole."""

from __future__ import annotations

import math
import shutil
import subprocess
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.preview.films import personalised
from specfile.preview import Rendered, RenderSettings, render_video
from specfile.preview.sound import AAC_FRAME, decode_audio
from tests.preview.films import Render, payload, scene

RATE = 22_050
SAMPLED, ALL = 3, 100

Wave = npt.NDArray[np.float64]
Personalise = Callable[[int], Rendered]

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs FFmpeg")

every_film = pytest.mark.parametrize(
    "number",
    [*range(SAMPLED), *(pytest.param(one, marks=pytest.mark.long) for one in range(SAMPLED, ALL))],
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Personalise:
    """Renders the film of ten scenes for one of many people, of whom each is named in the first scene."""
    folder = tmp_path_factory.mktemp("joins")
    settings = RenderSettings(cache=folder / "cache", pill=False)

    def render(number: int) -> Rendered:
        body = personalised(number, 160, 90)
        return render_video(body, folder / str(number), assets=lambda _: None, settings=settings)

    return render


def packets_of(path: Path, kind: str) -> list[Any]:
    with av.open(str(path)) as container:
        stream = next(one for one in container.streams if one.type == kind)
        return [packet for packet in container.demux(stream) if packet.size]


@every_film
def test_a_film_that_differs_in_one_scene_is_rendered_in_that_scene_only(
    film: Personalise, number: int
) -> None:
    film(ALL)
    assert film(number).encoded_scenes <= 1


@every_film
def test_time_stamps_rise_without_gaps(film: Personalise, number: int) -> None:
    rendered = film(number)
    for kind, seconds in (("video", rendered.seconds), ("audio", rendered.seconds)):
        packets = packets_of(rendered.video, kind)
        assert all(one.pts + one.duration == two.pts for one, two in pairwise(packets)), kind
        assert all(one.dts < two.dts for one, two in pairwise(packets)), kind
        end = (packets[-1].pts + packets[-1].duration) * packets[-1].time_base
        assert float(end) == pytest.approx(seconds, abs=AAC_FRAME / RATE), kind


@needs_ffmpeg
@every_film
def test_ffmpeg_decodes_it_without_a_complaint(film: Personalise, number: int) -> None:
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(film(number).video), "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@every_film
def test_every_packet_becomes_a_picture(film: Personalise, number: int) -> None:
    path = film(number).video
    with av.open(str(path)) as container:
        pictures = sum(1 for _ in container.decode(video=0))
    assert pictures == len(packets_of(path, "video"))


@every_film
def test_after_ten_scenes_sound_is_not_late_by_a_sample(
    film: Personalise, number: int, tmp_path: Path
) -> None:
    rendered = film(number)
    body = personalised(number, 160, 90)
    last = render_video(
        {**body, "video_inputs": body["video_inputs"][-1:]},
        tmp_path,
        assets=lambda _: None,
        settings=RenderSettings(cache=tmp_path / "cache", pill=False),
    )
    alone = decode_audio(last.video).astype(float)
    assert lag(decode_audio(rendered.video).astype(float)[-len(alone) :], alone) == 0


def lag(sound: Wave, other: Wave, reach: int = 3_000) -> int:
    """By how many samples one sound comes later than the other: where they match best."""
    size = 2 ** math.ceil(math.log2(len(sound) + len(other)))
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(other, size))
    match = np.roll(np.fft.irfft(spectrum), reach)[: 2 * reach + 1]
    return int(match.argmax()) - reach


def test_lags_are_found() -> None:
    noise = np.random.default_rng(1).normal(size=50_000)
    assert lag(noise[1000:40_000], noise[1017:40_017]) == 17
    assert lag(noise[1017:40_017], noise[1000:40_000]) == -17


def test_all_scenes_have_the_same_parameter_sets(film: Personalise, tmp_path: Path) -> None:
    """A film has room for those of one scene, and the packets hold none of their own."""
    path = film(0).video
    with av.open(str(path)) as container:
        of_film = container.streams.video[0].codec_context.extradata
    of_scenes = set()
    for clip in (path.parent.parent / "cache").rglob("*.mov"):
        with av.open(str(clip)) as container:
            of_scenes.add(container.streams.video[0].codec_context.extradata)
    assert of_scenes == {of_film}
    assert all(kind not in (7, 8) for packet in packets_of(path, "video") for kind in units_of(bytes(packet)))


def units_of(packet: bytes) -> list[int]:
    """The types of the NAL units in a packet, each behind its length in four bytes."""
    kinds, at = [], 0
    while at < len(packet):
        kinds.append(packet[at + 4] & 31)
        at += 4 + int.from_bytes(packet[at : at + 4], "big")
    return kinds


def write_wave(path: Path, samples: Wave) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32_767).round().astype("<i2").tobytes())
    return path


def heard(name: str) -> dict[str, Any]:
    """A scene with a sound of its own."""
    return {"voice": {"type": "audio", "audio_asset_id": name}}


def tone(frames: int, hertz: float = 441.0) -> Wave:
    """A tone of so many AAC frames."""
    return 0.35 * np.sin(2 * np.pi * hertz * np.arange(frames * AAC_FRAME) / RATE)


@pytest.mark.parametrize("caption_mode", [None, "burn_in"])
def test_a_tone_that_goes_on_across_a_join_does_not_click(
    render: Render, tmp_path: Path, caption_mode: str | None
) -> None:
    whole = tone(60)
    half = len(whole) // 2
    files = {
        "first": write_wave(tmp_path / "first.wav", whole[:half]),
        "second": write_wave(tmp_path / "second.wav", whole[half:]),
    }
    rendered = render(payload(heard("first"), heard("second"), caption_mode=caption_mode), assets=files)
    sound = decode_audio(rendered.video) / 32_767
    assert len(sound) == len(whole)
    errors = np.abs(sound - whole)
    around, elsewhere = errors[half - 4096 : half + 4096].max(), errors[8192 : half - 8192].max()
    assert around < max(1.5 * elsewhere, 0.01)


def test_sound_is_encoded_again_only_where_it_can_not_be_spliced(render: Render, tmp_path: Path) -> None:
    """What was spliced has the packets that its scenes have."""
    silent_at_first = np.concatenate([np.zeros(AAC_FRAME), tone(20)])
    files = {
        "loud": write_wave(tmp_path / "loud.wav", tone(20)),
        "quiet": write_wave(tmp_path / "quiet.wav", silent_at_first),
    }

    def sound_packets(*names: str) -> list[bytes]:
        rendered = render(payload(*(heard(name) for name in names)), "-".join(names), assets=files)
        return [bytes(packet) for packet in packets_of(rendered.video, "audio")]

    loud, quiet = sound_packets("loud"), sound_packets("quiet")
    assert sound_packets("loud", "quiet") == loud + quiet[1:]
    assert sound_packets("quiet", "loud")[len(quiet) :] != loud[1:]


def test_sound_that_is_encoded_again_keeps_its_place(render: Render, tmp_path: Path) -> None:
    files = {"loud": write_wave(tmp_path / "loud.wav", tone(20))}
    body = payload(scene("Hello there."), heard("loud"), scene("And goodbye to you all."))
    rendered = render(body, assets=files)
    last = render(payload(scene("And goodbye to you all.")), "last")
    joined, alone = (decode_audio(one.video).astype(float) for one in (rendered, last))
    assert len(joined) / RATE == pytest.approx(rendered.seconds)
    assert lag(joined[-len(alone) :], alone) == 0
    for kind in ("video", "audio"):
        packets = packets_of(rendered.video, kind)
        assert all(one.pts + one.duration == two.pts for one, two in pairwise(packets)), kind
