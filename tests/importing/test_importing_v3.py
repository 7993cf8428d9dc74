"""Requests to v3 that a spec can say come out as they went in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import specfile
from specfile.diagnostics import has_errors
from specfile.importing import import_request, normalise

Strategy = st.SearchStrategy[Any]

words = st.sampled_from(["Hello.", "See you, {{ name }}!", "yes", "Two\nlines"])
addresses = st.sampled_from(["https://example.com/a.png", "https://example.com/b.jpg?x=1"])


def optional(**fields: Strategy) -> Strategy:
    return st.fixed_dictionaries({}, optional=fields)


def joined(*mappings: Strategy) -> Strategy:
    return st.tuples(*mappings).map(
        lambda several: {name: one for each in several for name, one in each.items()}
    )


tuning = optional(model=st.just("eleven_v3"), stability=st.sampled_from([0, 0.5, 1]), style=st.just(0.3)).map(
    lambda fields: {"engine_type": "elevenlabs", **fields}
)
voice_settings = optional(
    speed=st.sampled_from([0.9, 1, 1.25]),
    pitch=st.integers(-50, 50),
    locale=st.just("en-US"),
    engine_settings=tuning.filter(lambda fields: len(fields) > 1),
).filter(bool)
speech = joined(
    st.fixed_dictionaries({"script": words, "voice_id": st.sampled_from(["v-1", "v-2"])}),
    optional(voice_settings=voice_settings),
)
recording = st.one_of(
    st.fixed_dictionaries({"audio_url": st.just("https://example.com/a.mp3")}),
    st.fixed_dictionaries({"audio_asset_id": st.just("audio-1")}),
)
sound = st.one_of(speech, speech, recording)
looks = st.fixed_dictionaries({"avatar_id": st.sampled_from(["Anna", "Ben"])})
engines = st.one_of(
    st.just({"engine": {"type": "avatar_iii"}}),
    st.just({"engine": {"type": "avatar_iv"}}),
    st.just({"engine": {"type": "avatar_iv"}, "motion_prompt": "waves"}),
)
colours = st.just({"type": "color", "color": "#1a1a2e"})
sources = st.one_of(
    addresses.map(lambda address: {"type": "url", "url": address}),
    st.just({"type": "asset_id", "asset_id": "asset-1"}),
)
playback = optional(mode=st.sampled_from(["freeze", "loop", "fit_to_scene"])).map(
    lambda fields: {"mute": True, **fields}
)
scenes = st.one_of(
    joined(st.just({"type": "avatar"}), looks, sound, engines, optional(background=colours)).map(
        lambda speaker: {"type": "avatar_video", "input": speaker}
    ),
    joined(
        st.fixed_dictionaries({"type": st.just("image"), "source": sources}),
        st.one_of(sound, st.just({"duration": 2.5})),
    ),
    joined(st.fixed_dictionaries({"type": st.just("video"), "source": sources, "playback": playback}), sound),
)
output = joined(
    st.fixed_dictionaries(
        {
            "aspect_ratio": st.sampled_from(["16:9", "9:16", "4:5", "1:1"]),
            "resolution": st.sampled_from(["720p", "1080p"]),
        }
    ),
    optional(title=words, callback_id=st.just("c-1"), callback_url=st.just("https://example.com/hook")),
)
studios = joined(
    st.just({"type": "studio"}),
    st.fixed_dictionaries({"scenes": st.lists(scenes, min_size=1, max_size=4)}),
    output,
)
alone = joined(
    st.just({"type": "avatar"}),
    looks,
    sound,
    engines,
    st.one_of(
        addresses.map(lambda address: {"background": {"type": "image", "url": address}}),
        st.just({"background": {"type": "color", "value": "#1a1a2e"}, "remove_background": True}),
        st.just({"output_format": "webm"}),
    ),
    output,
)
RELAXED = settings(
    max_examples=120, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@RELAXED
@given(request=st.one_of(studios, studios, alone))
def test_what_a_spec_can_say_comes_out_as_it_went_in(request: dict[str, Any], tmp_path: Path) -> None:
    normalised = normalise(request)
    assert (normalised.payload, normalised.notes) == (request, ())
    path = tmp_path / "spec.yaml"
    path.write_text(import_request(json.dumps(request), "request.json").spec, encoding="utf-8")
    storyboard = specfile.load(path)
    assert not has_errors(storyboard.check())
    (video,) = storyboard.compile()
    assert (video.request.api, video.request.payload) == ("v3", request)


def test_what_v3_would_choose_itself_is_written_down() -> None:
    request = {"type": "avatar", "avatar_id": "Anna", "script": "Hello", "voice_id": "v-1"}
    assert normalise(request).payload == {
        "type": "studio",
        "scenes": [
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "Anna",
                    "script": "Hello",
                    "voice_id": "v-1",
                    "engine": {"type": "avatar_iv"},
                },
            }
        ],
        "aspect_ratio": "16:9",
        "resolution": "1080p",
    }
