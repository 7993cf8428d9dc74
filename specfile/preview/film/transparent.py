"""A payload of one scene becomes a WebM with nothing behind the avatar: VP9 with alpha, and Opus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from specfile.preview.caption_style import CaptionStyle, caption_style_of
from specfile.preview.captions import Cue, subtitle_file
from specfile.preview.drawing.stage import Stage
from specfile.preview.files import replacing
from specfile.preview.film.canvas import State
from specfile.preview.film.encoding import shown_at, with_durations
from specfile.preview.film.rendering import LOOKS, captions_wanted
from specfile.preview.film.scenes import build_stage, cues_for, states_of, with_captions
from specfile.preview.film.ticks import tick_hz_of
from specfile.preview.labels import is_marked
from specfile.preview.layout import Frame, frame_of
from specfile.preview.model import AssetSource, Rendered, RenderSettings
from specfile.preview.references import resolve
from specfile.preview.sound import sound_of
from specfile.preview.speech.speaker import SAMPLE_RATE, Samples, Speaker

FILMS: Final = (("video", "video.webm"), ("captioned", "captioned.webm"))

_CLOCK: Final = 1000
"""Ticks of a time stamp per second; Matroska counts milliseconds."""

_VP9: Final = {"deadline": "realtime", "cpu-used": "8", "crf": "30", "b": "0", "lag-in-frames": "0"}
_OPUS: Final = {"b": "64000"}
_OPUS_RATE: Final = 48_000

_BT709: Final = 1


def render_scene(
    payload: Mapping[str, Any], folder: Path, *, assets: AssetSource, settings: RenderSettings
) -> Rendered:
    """See `specfile.preview.render_transparent`."""
    (scene,) = payload["video_inputs"]
    frame, wanted = frame_of(payload, settings.longest_side), captions_wanted(payload)
    files, notes = resolve(scene, assets), list[str]()
    tick_hz = tick_hz_of(payload, {}, files, settings)
    with Speaker() as speaker:
        sound = sound_of(scene.get("voice"), files.audio, speaker, notes.append)
    style = caption_style_of(payload)
    cues = cues_for(sound, frame, style)
    clean = build_stage(
        scene,
        files,
        frame,
        pill=settings.pill,
        note=notes.append,
        behind="none",
        watermark=is_marked(payload),
    )
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    for look, (kind, name) in zip(LOOKS[wanted], FILMS, strict=False):
        stage = with_captions(clean, cues, frame, notes.append, style) if look == "captioned" else clean
        states = states_of(stage, sound, cues, tick_hz)
        made[kind] = folder / name
        with replacing(made[kind]) as part:
            _encode(part, stage, states, sound.samples, tick_hz=tick_hz)
    if wanted != "none":
        made["subtitles"] = folder / "captions.ass"
        with replacing(made["subtitles"]) as part:
            part.write_text(_subtitles(cues, frame, style), encoding="utf-8")
    return Rendered(
        seconds=sound.seconds,
        width=frame.width,
        height=frame.height,
        notes=tuple(f"scene 1: {note}" for note in dict.fromkeys(notes)),
        encoded_scenes=1,
        **made,
    )


def _subtitles(cues: Sequence[Cue], frame: Frame, style: CaptionStyle) -> str:
    lines = [(cue.start / SAMPLE_RATE, cue.end / SAMPLE_RATE, cue.text) for cue in cues]
    return subtitle_file(lines, frame, style)


def _encode(path: Path, stage: Stage, states: Sequence[State], samples: Samples, *, tick_hz: float) -> None:
    # Without `bitexact` every file gets an id of its own, and the same request other bytes.
    with av.open(str(path), "w", format="webm", options={"fflags": "+bitexact"}) as container:
        video = _add_video(container, stage, tick_hz)
        audio = container.add_stream("libopus", rate=_OPUS_RATE, layout="mono", options=_OPUS)
        packets = [
            *_pictures(video, stage, states, len(samples) / SAMPLE_RATE, tick_hz),
            *_sound(audio, samples),
        ]
        for packet in sorted(packets, key=lambda packet: packet.pts * packet.time_base):
            container.mux(packet)


def _add_video(container: Any, stage: Stage, tick_hz: float) -> Any:
    stream = container.add_stream("libvpx-vp9", rate=Fraction(tick_hz).limit_denominator(1000), options=_VP9)
    codec, frame = stream.codec_context, stage.frame
    codec.width, codec.height, codec.pix_fmt = frame.width, frame.height, "yuva420p"
    codec.time_base = stream.time_base = Fraction(1, _CLOCK)
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = ColorRange.MPEG
    return stream


def _pictures(
    stream: Any, stage: Stage, states: Sequence[State], seconds: float, tick_hz: float
) -> list[Any]:
    """Packets of what is seen, each lasting until the next; a picture that doesn't change sends none."""
    reformatter = VideoReformatter()

    @lru_cache(maxsize=16)  # a mouth's levels and eyes that blink come again and again
    def frame_of_state(state: State) -> av.VideoFrame:
        return reformatter.reformat(
            av.VideoFrame.from_ndarray(np.asarray(stage.picture(stage.frame, state)), format="rgba"),
            format="yuva420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )

    packets: list[Any] = []
    for moment, state, is_key in shown_at(states, tick_hz):
        frame = frame_of_state(state)
        frame.pts, frame.time_base = round(moment * _CLOCK), Fraction(1, _CLOCK)
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        packets += stream.encode(frame)
    packets += stream.encode(None)
    return list(with_durations(packets, round(seconds * _CLOCK)))


def _sound(stream: Any, samples: Samples) -> list[Any]:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, 0, Fraction(1, SAMPLE_RATE)
    return [*stream.encode(frame), *stream.encode(None)]
