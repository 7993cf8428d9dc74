"""Text to sound, with the time of every word.

The speaking is done by `worker.py` in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import espeakng_loader
import numpy as np
import numpy.typing as npt
import regex

from specfile.errors import RenderFailed
from specfile.preview.letters import breaking
from specfile.preview.speech.languages import DEFAULT, guess_language
from specfile.preview.speech.readable import has_unread_letters, readable
from specfile.preview.speech.voices import MUTE, languages_to_try, voice_of

Samples = npt.NDArray[np.int16]

SAMPLE_RATE: Final = 22_050
"""Samples per second, mono: what espeak-ng speaks."""

CHARACTERS_PER_SECOND: Final = 15
"""The service's pace at speed 1; `plan` estimates lengths by it."""

_WORDS_PER_MINUTE: Final = 155
"""espeak-ng's rate that comes nearest to the service's pace in ordinary English."""

_SLOWEST: Final = 80
"""The lowest rate that espeak-ng takes."""

_GAP_SECONDS: Final = 0.032
"""What one unit of a gap between words comes to at that rate."""

_SYLLABLES = regex.compile(r"\p{Hangul}")
_BREAK = re.compile(r"""\s*<break\s+time\s*=\s*["'](?P<seconds>\d*\.?\d+)s["']\s*/?>\s*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as written, punctuation and all, and when it is spoken, in samples from the scene's start.

    `spaced` is whether white space stands before it.
    """

    text: str
    start: int
    end: int
    spaced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What is to be said, how: the fields of a text voice."""

    text: str
    voice_id: str
    speed: float = 1.0
    pitch: float = 0.0
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of spoken text and the seconds of silence after it."""

    text: str
    pause: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """Speech as mono samples at `SAMPLE_RATE`, and its words.

    `notes` say, one sentence each, what stands in for something that can't be spoken.
    """

    samples: Samples
    words: tuple[Word, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Voiced:
    """The worker's answer: all pieces in a row, where each ends, and (piece, character, sample) of events.

    `language` is the one that was spoken.
    """

    samples: Samples
    ends: tuple[int, ...]
    events: tuple[tuple[int, int, int], ...]
    language: str = ""


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Cut a text at its `<break time="1.5s"/>` tags; tags in a row add up."""
    pieces: list[Piece] = []
    start = 0
    for match in _BREAK.finditer(text):
        pieces.append(Piece(text[start : match.start()].strip(), float(match["seconds"])))
        start = match.end()
    pieces.append(Piece(text[start:].strip(), 0.0))
    return tuple(pieces)


class Speaker:
    """Speaks with a worker process that lives as long as the `with` block; several threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def start(self) -> None:
        """Start the process ahead of the first text, so that its start is not waited for."""
        with self._lock:
            self._worker = self._worker or _start_worker()

    def speak(self, utterance: Utterance, *, margin: float = 0.0) -> Spoken:
        """Say it at the service's pace.

        Args:
            utterance: what to say.
            margin: seconds of silence that the scene adds around the speech, part of the pace's time.

        Raises:
            RenderFailed: the speech engine failed.
        """
        pieces = pieces_of(utterance.text)
        if guess_language(utterance.text) in MUTE:
            return _silent(pieces, utterance)
        read = sum(len(" ".join(readable(piece.text, "").text.split())) for piece in pieces)
        goal = read / CHARACTERS_PER_SECOND / utterance.speed - margin
        rate = max(_WORDS_PER_MINUTE * utterance.speed, _SLOWEST)
        voiced = self._say(utterance, pieces, rate)
        correction = _correction(utterance.text, voiced, goal)
        if abs(correction - 1) > 0.03:  # a difference that nobody hears isn't worth a second pass
            gap = _word_gap(voiced, rate, correction)
            voiced = self._say(utterance, pieces, max(rate * correction, _SLOWEST), gap)
        return _with_pauses(pieces, voiced, _notes_on(utterance, voiced.language))

    def _say(self, utterance: Utterance, pieces: tuple[Piece, ...], rate: float, gap: int = 0) -> _Voiced:
        languages = languages_to_try(utterance.text, utterance.locale)
        texts = [readable(piece.text, languages[0]) for piece in pieces]
        request = {
            "voices": [voice_of(language, utterance.voice_id) for language in languages],
            "rate": round(rate),
            "pitch": round(50 + utterance.pitch * 0.6),
            "gap": gap,
            "texts": [text.text for text in texts],
        }
        with self._lock:
            head, body = self._exchange(request)
        events = ((piece, texts[piece].place(char), sample) for piece, char, sample in head["words"])
        return _Voiced(
            np.frombuffer(body, np.int16), tuple(head["ends"]), tuple(events), head["voice"].partition("+")[0]
        )

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        worker = self._worker = self._worker or _start_worker()
        try:
            head, body = _ask(worker, request)
        except (OSError, ValueError) as error:
            self._stop()
            raise RenderFailed("the speech engine stopped without an answer") from error
        if not hasattr(os, "fork"):  # then a worker can't say two things in a reproducible way
            self._stop()
        if "error" in head:
            raise RenderFailed(f"the speech engine failed: {head['error']}")
        return head, body

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            # It is idle. Waiting for it to notice would hang if a fork of this process held its stdin.
            worker.kill()
            worker.communicate()


def _start_worker() -> subprocess.Popen[bytes]:
    """A bare interpreter is enough for the worker, and starts in a third of the time."""
    program = Path(__file__).with_name("worker.py")
    library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    return subprocess.Popen(  # noqa: S603 - the command is our own
        [sys.executable, "-I", "-S", str(program), library, data],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _ask(worker: subprocess.Popen[bytes], request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if worker.stdin is None or worker.stdout is None:
        raise ValueError("the worker has no pipes")
    worker.stdin.write(json.dumps(request).encode() + b"\n")
    worker.stdin.flush()
    head = json.loads(worker.stdout.readline())
    body = worker.stdout.read(head["bytes"])
    if len(body) != head["bytes"]:
        raise ValueError("the answer is cut off")
    return head, body


def _correction(text: str, voiced: _Voiced, goal: float) -> float:
    """How much faster a text must be spoken; bounded, so that digits and abbreviations stay natural.

    The pace in characters says nothing of scripts in which a character is a syllable or a word.
    """
    if breaking.has_no_spaces(text) or _SYLLABLES.search(text):
        return 1.0
    return min(max(len(voiced.samples) / SAMPLE_RATE / max(goal, 0.1), 0.8), 1.25)


def _word_gap(voiced: _Voiced, rate: float, correction: float) -> int:
    """What to add between words, in the engine's units, where it can't speak as slowly as it should."""
    if rate * correction >= _SLOWEST:
        return 0
    seconds = len(voiced.samples) / SAMPLE_RATE
    missing = seconds / correction - seconds * rate / _SLOWEST
    return round(missing / max(len(voiced.events), 1) / _GAP_SECONDS)


def _silent(pieces: tuple[Piece, ...], utterance: Utterance) -> Spoken:
    """Silence that is about as long as the speech would be."""
    ends = (
        np.cumsum([len(piece.text) for piece in pieces])
        / CHARACTERS_PER_SECOND
        / utterance.speed
        * SAMPLE_RATE
    )
    voiced = _Voiced(np.zeros(int(ends[-1]), np.int16), tuple(int(end) for end in ends), ())
    return _with_pauses(
        pieces, voiced, ("no voice here can read this script; silence of about its length stands in",)
    )


def _notes_on(utterance: Utterance, language: str) -> tuple[str, ...]:
    if has_unread_letters(utterance.text, language):
        return ("the speech here can't read kanji; syllables of about their length stand in",)
    wanted = (utterance.locale or "").lower().replace("_", "-").partition("-")[0]
    if language == DEFAULT and wanted not in ("", "en"):
        return (f"no voice here speaks {utterance.locale}; an English one reads it",)
    return ()


def _with_pauses(pieces: tuple[Piece, ...], voiced: _Voiced, notes: tuple[str, ...]) -> Spoken:
    parts: list[Samples] = []
    words: list[Word] = []
    start = shift = 0
    for index, (piece, end) in enumerate(zip(pieces, voiced.ends, strict=True)):
        events = [(char, sample) for number, char, sample in voiced.events if number == index]
        words += _timed_words(piece.text, events, start, end, shift)
        pause = round(piece.pause * SAMPLE_RATE)
        parts += [voiced.samples[start:end], np.zeros(pause, np.int16)]
        start = end
        shift += pause
    return Spoken(np.concatenate(parts), tuple(words), notes)


def _squeeze_unheard(pieces: Sequence[breaking.Piece], borders: npt.NDArray[np.int64]) -> None:
    """Give the time of what nobody hears to the word that it belongs to; `borders` are changed in place."""
    for index, piece in enumerate(pieces[:-1]):
        if breaking.is_unheard(piece.text) and breaking.opens(piece.text):
            borders[index + 1] = borders[index]
    for index, piece in reversed(list(enumerate(pieces))):
        if breaking.is_unheard(piece.text) and not breaking.opens(piece.text):
            borders[index] = borders[index + 1]


def _timed_words(text: str, events: list[tuple[int, int]], start: int, end: int, shift: int) -> list[Word]:
    """Times for the words as written.

    espeak-ng's events do not match words one to one ("3.5%" gives four, several at one character), so the
    first at each character serves as an anchor to a sample, and times between them are interpolated.
    """
    anchors = {0: start, len(text): end}  # the first event comes a little late
    for char, sample in events:
        anchors.setdefault(char, sample)
    places = sorted(anchors)
    times = np.maximum.accumulate([anchors[place] for place in places])
    pieces = breaking.pieces_of(text)
    borders = np.interp([piece.start for piece in pieces] + [len(text)], places, times).astype(int)
    _squeeze_unheard(pieces, borders)
    return [
        Word(
            text=piece.text,
            start=int(borders[index]) + shift,
            end=int(borders[index + 1]) + shift,
            spaced=piece.spaced or index == 0,
        )
        for index, piece in enumerate(pieces)
    ]
