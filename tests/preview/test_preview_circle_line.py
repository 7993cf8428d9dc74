"""The ffmpeg line of the page on `webm-avatar` cuts a circle out of a transparent film."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

PAGE = Path(__file__).parents[2] / "docs" / "codes" / "webm-avatar.md"


def filters() -> list[tuple[str, str]]:
    """Name and options of each filter of the line, as a shell would hand them on."""
    line = re.search(r'-vf "(.*?)"', PAGE.read_text(encoding="utf-8"))
    assert line is not None
    parts = re.findall(r"(?:'[^']*'|[^,'])+", line[1])
    return [(name, options) for name, _, options in (part.partition("=") for part in parts)]


def test_what_is_inside_the_circle_stays_and_the_corners_go() -> None:
    graph = av.filter.Graph()
    picture = np.full((90, 160, 4), 200, np.uint8)
    picture[..., 3] = 255
    frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format="yuva420p")
    chain = [graph.add_buffer(width=160, height=90, format=frame.format, time_base=Fraction(1, 25))]
    chain += [graph.add(name, options) for name, options in filters()]
    chain.append(graph.add("buffersink"))
    for before, after in pairwise(chain):
        before.link_to(after)
    graph.configure()
    graph.push(frame)
    pulled = graph.pull()
    assert isinstance(pulled, av.VideoFrame)
    made = pulled.reformat(format="rgba").to_ndarray()
    assert made.shape == (90, 90, 4)
    assert made[45, 45, 3] == made[45, 2, 3] == made[88, 45, 3] == 255
    assert made[0, 0, 3] == made[0, 89, 3] == made[89, 0, 3] == made[12, 12, 3] == 0
