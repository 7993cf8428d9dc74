"""Words with times become cues: lines that fit the frame, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Final

from specfile.preview.caption_style import CLASSIC, CaptionStyle, Paint
from specfile.preview.layout import Frame
from specfile.preview.letters.breaking import has_no_spaces, may_part, parts_of, starts_phrase
from specfile.preview.letters.typesetting import Widths, cut
from specfile.preview.speech.languages import guess_language
from specfile.preview.speech.speaker import SAMPLE_RATE, Word
from specfile.sentences import sentence_ends

_PAUSE: Final = round(0.35 * SAMPLE_RATE)

_CLAUSE_END: Final = re.compile(r"[,;:،؛、，；：—–][\"'”’»)」』）]*$")
_WITHIN_CLAUSE: Final = 0.12
"""What a cut within a clause costs: as much as two lines that are a quarter too wide and too narrow."""

_WITHIN_PHRASE: Final = 0.3
"""What a cut costs where not even a space is."""

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


def subtitle_file(
    cues: Iterable[tuple[float, float, str]], frame: Frame, style: CaptionStyle = CLASSIC
) -> str:
    """An Advanced SubStation Alpha file.

    Args:
        cues: start and end in seconds of the film, and the line.
        frame: the film's frame.
        style: how captions look.
    """
    look = (
        f"Noto Sans,{style.size(frame)},{_colour(style.look.plain)},{_colour(style.look.plate[:3])},1,1,2,"
        f"{style.alignment},40,40,{round(0.08 * frame.height)}"
    )
    events = [
        f"Dialogue: 0,{_clock(start)},{_clock(end)},Default,{_escaped(text)}" for start, end, text in cues
    ]
    return _ASS.format(width=frame.width, height=frame.height, look=look) + "".join(
        f"{one}\n" for one in events
    )


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    text = joined(words)
    ends = {len(text[:end].rstrip()) for end in sentence_ends(text, guess_language(text))}
    sentences: list[list[Word]] = []
    place = 0
    for index, word in enumerate(words):
        is_new = place in ends or not index or word.start - words[index - 1].end > _PAUSE
        if is_new:
            sentences.append([])
        sentences[-1].append(word)
        place += (word.spaced and index > 0) + len(word.text)
    return sentences


def _balanced(words: list[Word], width: float, widths: Widths) -> list[Cue]:
    """The fewest lines that fit, about equally wide, so that no word is left alone, and cut after commas."""
    stretches = _unbroken([part for word in words for part in _fitting(word, width, widths)])
    filled = _filled(stretches, width, widths)
    if len(filled) == 1:
        return filled
    space = widths(" ")
    each = [widths(joined(stretch)) for stretch in stretches]
    ends = list(
        accumulate(wide + space * stretch[0].spaced for wide, stretch in zip(each, stretches, strict=True))
    )
    seams = _seams(stretches, each, ends, len(filled), width)
    if not seams:
        return filled
    return [Cue(tuple(chain.from_iterable(stretches[start:end]))) for start, end in pairwise(seams)]


def _seams(
    stretches: list[list[Word]], each: list[float], ends: list[float], lines: int, width: float
) -> tuple[int, ...]:
    """Where to cut at the least cost, of uneven lines and cuts within a clause; nowhere if nothing fits."""
    ideal = ends[-1] / lines
    costs = [0.0, *(_cost_of_cut(one[-1], other[0]) for one, other in pairwise(stretches)), 0.0]
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for _ in range(lines):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, seams) in best.items():
            for end in range(start + 1, len(stretches) + 1):
                wide = ends[end - 1] - ends[start] + each[start]
                if wide > width:
                    break
                total = cost + (wide / ideal - 1) ** 2 + costs[end]
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, (*seams, end))
        best = reached
    return best.get(len(stretches), (0.0, ()))[1]


def _cost_of_cut(before: Word, after: Word) -> float:
    if _CLAUSE_END.search(before.text):
        return 0.0
    return _WITHIN_CLAUSE if after.spaced or starts_phrase(before.text, after.text) else _WITHIN_PHRASE


def _filled(stretches: list[list[Word]], width: float, widths: Widths) -> list[Cue]:
    """Lines that each take what they can."""
    lines: list[list[Word]] = []
    for stretch in stretches:
        if lines and widths(joined([*lines[-1], *stretch])) <= width:
            lines[-1] += stretch
        else:
            lines.append(list(stretch))
    return [Cue(tuple(line)) for line in lines]


def _fitting(word: Word, width: float, widths: Widths) -> list[Word]:
    """A word, or where it is wider than a line its parts, in the time that their letters take of it."""
    if widths(word.text) <= width:
        return [word]
    parts: list[Word] = []
    for text in parts_of(word.text) if has_no_spaces(word.text) else cut(word.text, width, widths):
        start = parts[-1].end if parts else word.start
        spoken = len(text) + sum(len(part.text) for part in parts)
        end = word.start + (word.end - word.start) * spoken // len(word.text)
        parts.append(Word(text=text, start=start, end=end, spaced=word.spaced and not parts))
    return parts


def _unbroken(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stay on one line together."""
    stretches: list[list[Word]] = []
    for word in words:
        if stretches and not may_part(stretches[-1][-1].text, word.text, spaced=word.spaced):
            stretches[-1].append(word)
        else:
            stretches.append([word])
    return stretches


def _clock(seconds: float) -> str:
    minutes, hundredths = divmod(round(seconds * 100), 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def _colour(paint: Paint) -> str:
    """As the format has it: blue first, after how transparent it is."""
    red, green, blue = paint
    return f"&H00{blue:02X}{green:02X}{red:02X}"


def _escaped(text: str) -> str:
    """Braces open style overrides in this format."""
    return text.replace("{", "(").replace("}", ")")
