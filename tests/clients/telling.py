"""What drivers of every client share: the line for a call, and a look at what was fetched."""

from __future__ import annotations

import json


def tell(call: str, result: str) -> None:
    """Print the line for a call that did what it should."""
    print(json.dumps({"call": call, "result": result}), flush=True)


def film(content: bytes) -> str:
    """Say how long a film is.

    Raises:
        RuntimeError: it is none.
    """
    if content[4:8] != b"ftyp":
        raise RuntimeError("this is no MP4")
    return f"an MP4 of {len(content):,} bytes"
