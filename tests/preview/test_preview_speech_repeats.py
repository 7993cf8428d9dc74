"""Speech in many languages, with captions, is the same to the byte in every process and in any order."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from specfile.preview.speech.speaker import Speaker, Utterance
from specfile.preview.speech.voices import VARIANTS, voice_of
from tests.preview.films import colour, payload
from tests.preview.test_preview_languages import EAST_ASIA, LANGUAGES, SCRIPTS

CHOSEN = (
    "english",
    "german",
    "spanish",
    "russian",
    "hindi",
    "turkish",
    "arabic",
    "hebrew",
    "thai",
    "chinese",
    "japanese",
)

FILMED = ("english", "arabic", "thai", "japanese")
"""One of each way to write: with spaces, from right to left, with no spaces, letter by letter."""

PROGRAM = """
import json, sys
from pathlib import Path
from specfile.preview import RenderSettings, render_video
out = Path(sys.argv[1])
settings = RenderSettings(cache=out / "cache", workers=int(sys.argv[2]))
render_video(json.load(sys.stdin), out / "film", assets=dict().get, settings=settings)
"""


def texts(names: Sequence[str]) -> list[tuple[str, str | None, str]]:
    every = {**LANGUAGES, **SCRIPTS, **EAST_ASIA}
    return [(name, every[name][0], every[name][2]) for name in names]


def body() -> dict[str, Any]:
    """A film that speaks in turns: with a locale, without one, slowly, with a pause."""
    voices = [
        {"type": "text", "voice_id": name, "input_text": f'{say} <break time="0.4s"/> {say}', "speed": speed}
        | ({"locale": locale} if speed == 1 and locale else {})
        for (name, locale, say), speed in zip(texts(FILMED), [1, 0.5, 1, 1.4], strict=True)
    ]
    scenes = ({"voice": voice, "background": colour("#1E3A5F")} for voice in voices)
    return payload(*scenes, caption=True)


def rendered(out: Path, *, workers: int, seed: str) -> dict[str, str]:
    """Digests of the files that a process of its own makes, with a cache of its own."""
    out.mkdir()
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out), str(workers)],
        input=json.dumps(body()),
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
    )
    made = sorted((out / "film").iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def test_films_in_any_script_are_the_same_in_every_process(tmp_path: Path) -> None:
    one = rendered(tmp_path / "one", workers=1, seed="1")
    two = rendered(tmp_path / "two", workers=2, seed="4242")
    assert list(one) == ["captioned.mp4", "captions.ass", "video.mp4"]
    assert one == two


def test_every_kind_of_voice_repeats_itself() -> None:
    """Some breathe, which is noise."""
    ids = {voice_of("en-us", name): name for name in map(str, range(40))}
    assert len(ids) == len(VARIANTS)
    utterances = [Utterance(text="Hello there, this is it.", voice_id=name) for name in ids.values()]
    with Speaker() as first, Speaker() as second:
        for one in utterances:
            assert first.speak(one).samples.tobytes() == second.speak(one).samples.tobytes(), one.voice_id


def test_what_was_said_before_changes_nothing() -> None:
    utterances = [Utterance(text=say, voice_id=name, locale=locale) for name, locale, say in texts(CHOSEN)]
    with Speaker() as first, Speaker() as second:
        forwards = [first.speak(one) for one in utterances]
        backwards = [second.speak(one) for one in reversed(utterances)]
    for one, other in zip(forwards, reversed(backwards), strict=True):
        assert one.samples.tobytes() == other.samples.tobytes()
        assert one.words == other.words
