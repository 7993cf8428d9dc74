"""Single pictures of films, and what is seen in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.preview.films import Picture, Render, payload, watch

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 160, 0), (0, 0, 255), (255, 255, 255)


def first_picture(
    render: Render, one: dict[str, Any], width: int = 320, height: int = 180, **options: Any
) -> Picture:
    return watch(render(payload(one, width=width, height=height), **options).video).pictures[0]


def bare(**parts: Any) -> dict[str, Any]:
    """A silent scene without a character."""
    return {"voice": {"type": "silence", "duration": 1}, **parts}


def picture_file(
    path: Path, size: tuple[int, int], left: tuple[int, int, int], right: tuple[int, int, int]
) -> Path:
    """A picture whose halves differ in colour."""
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    image.save(path)
    return path


def is_near(pixel: Any, wanted: tuple[int, int, int], tolerance: int = 6) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - wanted).max() <= tolerance)


def ink_box(picture: Picture, ground: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that differs from the ground."""
    differs = np.abs(picture.astype(int) - ground).max(axis=2) > 60
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])
