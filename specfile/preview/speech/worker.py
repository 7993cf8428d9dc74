"""Speaks one request after another with espeak-ng, in a process of its own.

It is started by path, not imported: espeak-ng is GPL and keeps one global state, so it never enters the
caller's process. Each line on stdin is a JSON request; each answer on stdout is a JSON line, then that many
bytes of 16-bit mono samples. It ends when stdin does, and so also when the caller is killed.

espeak-ng does not repeat itself within one process. Where the platform can fork, every request is spoken by
a fresh child of the initialised process; elsewhere the caller starts a new worker for each request.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from array import array
from typing import Any, BinaryIO

_SYNCHRONOUS = 2
_UTF8 = 1
_WORD = 1
_RATE, _PITCH, _WORD_GAP = 1, 3, 7

# The breath in some voices is noise, which the engine otherwise begins by the clock.
_SEED = 1


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def main(library: str, data: str) -> None:
    """Answer requests until stdin ends."""
    espeak = ctypes.CDLL(library)
    rate = espeak.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), 0)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if hasattr(os, "fork"):
            _answer_in_child(espeak, rate, request)
        else:
            _answer(espeak, rate, request, sys.stdout.buffer)


def _answer_in_child(espeak: ctypes.CDLL, rate: int, request: dict[str, Any]) -> None:
    child = os.fork()
    if child == 0:
        _answer(espeak, rate, request, sys.stdout.buffer)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        _write(sys.stdout.buffer, {"error": f"espeak-ng ended with status {status}"}, b"")


def _answer(espeak: ctypes.CDLL, rate: int, request: dict[str, Any], out: BinaryIO) -> None:
    # An unknown voice is refused by a code alone, and the voice before it would go on speaking.
    known = (voice for voice in request["voices"] if espeak.espeak_SetVoiceByName(voice.encode()) == 0)
    chosen = next(known, None)
    if chosen is None:
        _write(out, {"error": f"espeak-ng has none of the voices {request['voices']}"}, b"")
        return
    espeak.espeak_ng_SetRandSeed(_SEED)
    espeak.espeak_SetParameter(_RATE, request["rate"], 0)
    espeak.espeak_SetParameter(_PITCH, request["pitch"], 0)
    espeak.espeak_SetParameter(_WORD_GAP, request["gap"], 0)
    samples = array("h")
    words: list[list[int]] = []
    ends: list[int] = []

    def collect(wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            samples.frombytes(ctypes.string_at(wave, count * 2))
        index = 0
        while events[index].type != 0:
            if events[index].type == _WORD:
                words.append([len(ends), events[index].text_position - 1, offset + events[index].sample])
            index += 1
        return 0

    callback = _Callback(collect)
    espeak.espeak_SetSynthCallback(callback)
    for text in request["texts"]:
        offset = len(samples)
        if text:
            encoded = text.encode() + b"\0"
            espeak.espeak_Synth(encoded, len(encoded), 0, 1, 0, _UTF8, None, None)
        ends.append(len(samples))
    _write(out, {"voice": chosen, "rate": rate, "words": words, "ends": ends}, samples.tobytes())


def _write(out: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    out.write(json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
