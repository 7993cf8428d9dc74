"""Words with times become cues: lines that fit the frame, cut where a reader would pause."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from specfile.preview.layout import Frame
from specfile.preview.speech import SAMPLE_RATE, Word
from specfile.preview.typesetting import Widths

_SENTENCE_ENDS: Final = ".!?…。！？:;"
_PAUSE: Final = round(0.35 * SAMPLE_RATE)

_ASS: Final = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Alignment, \
MarginL, MarginR, MarginV
Style: Default,{look}

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words shown together. Times are samples from the scene's start."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line as shown."""
        return joined(self.words)

    @property
    def start(self) -> int:
        """When it appears."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """When it goes."""
        return self.words[-1].end

    def span(self, index: int) -> tuple[int, int]:
        """First and last character of a word within `text`; the last one is exclusive."""
        end = len(joined(self.words[: index + 1]))
        return end - len(self.words[index].text), end


def joined(words: Sequence[Word]) -> str:
    """Words as one text, with white space where the script had it."""
    return "".join(" " * (word.spaced and index > 0) + word.text for index, word in enumerate(words))


def cues_of(words: Sequence[Word], width: float, widths: Widths) -> tuple[Cue, ...]:
    """Cut spoken words into cues no wider than `width`, at sentence ends and pauses where possible."""
    return tuple(cue for sentence in _sentences(words) for cue in _balanced(sentence, width, widths))


def subtitle_file(cues: Iterable[tuple[float, float, str]], frame: Frame, points: int) -> str:
    """An Advanced SubStation Alpha file.

    Args:
        cues: start and end in seconds of the film, and the line.
        frame: the film's frame.
        points: font size in reference pixels.
    """
    look = f"Noto Sans,{frame.size(points)},&H00FFFFFF,&H00141218,1,1,2,2,40,40,{round(0.08 * frame.height)}"
    events = [
        f"Dialogue: 0,{_clock(start)},{_clock(end)},Default,{_escaped(text)}" for start, end, text in cues
    ]
    return _ASS.format(width=frame.width, height=frame.height, look=look) + "".join(
        f"{one}\n" for one in events
    )


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    sentences: list[list[Word]] = [[]]
    for index, word in enumerate(words):
        sentences[-1].append(word)
        last = index + 1 == len(words)
        if not last and (word.text[-1] in _SENTENCE_ENDS or words[index + 1].start - word.end > _PAUSE):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _balanced(words: list[Word], width: float, widths: Widths) -> list[Cue]:
    """The fewest lines that fit, of about equal width, so that no word is left alone on the last."""
    count = max(1, math.ceil(widths(joined(words)) / width))
    for lines in range(count, len(words) + 1):
        cues = _divided(words, lines, widths)
        if all(widths(cue.text) <= width for cue in cues):
            return cues
    return [Cue((word,)) for word in words]


def _divided(words: list[Word], lines: int, widths: Widths) -> list[Cue]:
    space = widths(" ")
    each = [widths(word.text) + space * word.spaced for word in words]
    ends = list(accumulate(each))
    groups: list[list[Word]] = [[] for _ in range(lines)]
    for word, width, end in zip(words, each, ends, strict=True):
        groups[min(int((end - width / 2) / ends[-1] * lines), lines - 1)].append(word)
    return [Cue(tuple(group)) for group in groups if group]


def _clock(seconds: float) -> str:
    minutes, hundredths = divmod(round(seconds * 100), 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def _escaped(text: str) -> str:
    """Braces open style overrides in this format."""
    return text.replace("{", "(").replace("}", ")")
