"""Whatever is pasted, an import ends with a spec or with reasons, never with a bug."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specfile.errors import SpecfileError
from specfile.importing import Refused, import_request, normalise
from tests.importing.drawn_requests import requests
from tests.importing.test_importing_v3 import alone, studios

HARD = settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
FLAT = {
    "avatar_id": "a",
    "input_text": "t",
    "voice_id": "v",
    "width": 720,
    "height": 1280,
    "background": "#ffffff",
}
CLIPS = {
    "clips": [{"avatar_id": "a", "input_text": "t", "voice_id": "v"}],
    "ratio": "16:9",
    "background": "#ffffff",
}
WEBM = {"avatar_pose_id": "a", "input_text": "t", "voice_id": "v"}

values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(
            [2**70, 1e300, "", "string", "\ud800", "1e999", "16:9", "avatar", "{{", "https://x/a.png"]
        ),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "voice", "scenes", "url", "text", "data", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)
whole = st.one_of(requests(), studios, alone, st.sampled_from([FLAT, CLIPS, WEBM]))


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A request with some of its values replaced, removed or added to."""
    request = copy.deepcopy(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        place = request
        while isinstance(place, dict | list) and place:
            step = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            inner = place[step]
            if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
                place[step] = draw(values)
                break
            place = inner
    return request


@HARD
@given(request=damaged())
def test_a_damaged_request_gives_a_spec_or_reasons(request: Any) -> None:
    text = json.dumps(request)
    try:
        once = normalise(request)
    except Refused:
        with contextlib.suppress(SpecfileError):
            import_request(text, "request.json")
        return
    assert import_request(text, "request.json").spec.startswith(("specfile: 1\n", "# "))
    again = normalise(json.loads(json.dumps(once.payload)))
    assert again.payload == once.payload


@HARD
@given(value=values)
def test_any_value_gives_reasons(value: Any) -> None:
    with contextlib.suppress(SpecfileError):
        import_request(json.dumps(value), "value.json")


@HARD
@given(text=st.one_of(st.text(max_size=40), st.text("{}[]\",:'\\ curl-d$\n1a", max_size=30)))
def test_any_text_gives_reasons(text: str) -> None:
    with contextlib.suppress(SpecfileError):
        import_request(text, "text")
