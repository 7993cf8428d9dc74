"""Requests as people really send them: numbers and booleans as text, nulls, stray and misplaced fields."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

AWKWARD = [
    "Hello", "yes", "no", "null", "~", "3.10", "00123", "1e3", "0x1F", "12:30:45", "2024-01-01",
    "#fff", "- a", "a: b",
    "a #b", "{{ name }}", "{{ $json.x }}", "{% if x %}", "{# c #}", "{{{{", "}}", "{name}",
    "{{ '", "{% endraw %}",
    "{% raw %}x{% endraw %}", "{{ a }}\r\n{% endraw %}", "a\nb", "a\n\n\nb", "a\n b", "a \nb",
    "a\r\nb", "tab\there",
    "x\x85y", "x\u2028y", "x\u200by", "\ufeffx", "x\x07y", "'single'", '"double"', "back\\slash",
    "👩‍🚀 ok", "é" * 150,
    "word " * 40 + "end", "two  blanks " * 20 + "end",
    "# " + "long " * 30, "long line " * 15 + "\n\n" + "# and more " * 12,
    "<<<<<<< a", "&a", "*a", "!x", "|", ">", "%a", "@a", "`a`", "? a", "a:", "a,b", "[a]",
    "https://x.example/a.png",
    "asset:1", "./me.jpg", "me.jpg", "default-x", "Don't", "x" * 130, "1_000", ".5", "=", "<<",
    "--- a", "...",
]  # fmt: skip


def texts(least: int = 1) -> Strategy:
    """Texts of all kinds; trimmed, they have at least so many characters."""
    characters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    mixed = st.lists(st.one_of(st.sampled_from(AWKWARD), characters), max_size=4).map(" ".join)
    return st.one_of(st.sampled_from(AWKWARD), mixed).filter(lambda text: len(text.strip()) >= least)


def lax(numbers: Strategy) -> Strategy:
    """A number, or the same as text."""
    return st.one_of(numbers, numbers.map(str))


def maybe(**fields: Strategy) -> Strategy:
    """A mapping with some of these fields, some of them null."""
    return st.fixed_dictionaries(
        {}, optional={name: st.one_of(st.none(), one) for name, one in fields.items()}
    )


def floats(low: float, high: float) -> Strategy:
    return st.floats(low, high, allow_nan=False).map(lambda number: round(number, 4))


booleans = st.sampled_from([True, False, "true", "False", "1", "0", 1, 0, "yes", "OFF"])
colours = st.sampled_from(["#ffffff", "#1A1a2e", "#000000"])
points = maybe(x=lax(floats(-1, 1)), y=lax(floats(-1, 1)))
addresses = st.sampled_from(
    [
        "https://x.example/a.png",
        "https://x.example/b.jpg?x=1#y",
        "https://x.example/v.mp4",
        "HTTPS://x/y",
        "https://x/{{a}}.png",
    ]
)
ids = st.sampled_from(
    [
        "Daisy-inskirt-20220818",
        "1bd001e7e50f421d891986aad5158bc8",
        "v-1",
        "123",
        "1e5",
        "0x1F",
        "3.10",
        "yes",
        "look.png",
    ]
).flatmap(lambda name: st.sampled_from([name, name, name, f" {name}\n"]))

common = {
    "scale": lax(floats(0, 5)),
    "offset": points,
    "matting": booleans,
    "circle_background_color": colours,
    "use_avatar_iv_model": booleans,
}
strays = maybe(engine=st.just({"a": 1}), custom_motion_prompt=st.just("wave"), surprise=st.integers())


def joined(*mappings: Strategy) -> Strategy:
    """One mapping of several, keys in any order."""
    return st.tuples(*mappings).flatmap(
        lambda several: st.permutations([item for one in several for item in one.items()]).map(dict)
    )


def tagged(kind: str, **fields: Strategy) -> Strategy:
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


avatars = joined(
    tagged("avatar", avatar_id=ids),
    maybe(
        avatar_style=st.sampled_from(["normal", "closeUp", "circle"]),
        talking_style=st.just("stable"),
        **common,
    ),
    strays,
)
photos = joined(
    tagged("talking_photo", talking_photo_id=ids),
    maybe(
        talking_photo_style=st.sampled_from(["circle", "square"]),
        talking_style=st.sampled_from(["stable", "expressive"]),
        expression=st.sampled_from(["default", "happy"]),
        super_resolution=booleans,
        avatar_style=st.just("normal"),
        **common,
    ),
)
speech = joined(
    tagged("text", voice_id=ids, input_text=texts()),
    maybe(
        speed=lax(floats(0.5, 1.5)),
        pitch=lax(st.integers(-50, 50)),
        emotion=st.sampled_from(["Excited", "Friendly"]),
        locale=st.sampled_from(["en-US", "no"]),
        elevenlabs_settings=maybe(model=st.just("eleven_v3"), stability=st.sampled_from([0, 0.5, "1"])),
        audio_url=st.just(""),
        text=st.just({"input_text": "x"}),
    ),
)
audio = st.one_of(
    joined(tagged("audio", audio_url=addresses), maybe(audio_asset_id=st.just(""))),
    tagged("audio", audio_asset_id=ids),
    tagged("audio", audio_asset_id=addresses),
)
silences = joined(tagged("silence"), maybe(duration=lax(floats(1, 100))))
backgrounds = st.one_of(
    joined(tagged("color"), maybe(value=colours, url=st.just("https://x/y"))),
    joined(
        tagged("image", url=addresses),
        maybe(fit=st.sampled_from(["cover", "none"]), play_style=st.just("loop")),
    ),
    tagged("image", image_asset_id=ids),
    joined(tagged("video", url=addresses), maybe(play_style=st.sampled_from(["loop", "freeze", "once"]))),
    tagged("video", video_asset_id=ids),
)
overlays = joined(
    tagged("text", text=texts(0), line_height=lax(st.sampled_from([1, 1.2]))),
    maybe(
        font_size=lax(floats(1, 90)),
        color=colours,
        position=points,
        background_color=colours,
        font_family=texts(),
    ),
)
scenes = joined(
    st.fixed_dictionaries({"voice": st.one_of(speech, speech, audio, silences)}),
    maybe(character=st.one_of(avatars, photos), background=backgrounds, text=overlays),
    maybe(avatar_id=st.just("a"), script=st.just("x")),
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request to POST /v2/video/generate that the service takes, however untidy."""
    pool = draw(st.lists(scenes, min_size=1, max_size=3))
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6))
    fresh = draw(st.lists(scenes, max_size=1))
    settings = draw(
        joined(
            maybe(
                title=texts(0),
                caption=booleans,
                callback_id=texts(0),
                folder_id=texts(),
                test=booleans,
                fps=lax(st.sampled_from([25, 30, 29.97])),
                dimension=st.fixed_dictionaries(
                    {
                        "width": lax(st.sampled_from([1280, 1920, 1080, 720])),
                        "height": lax(st.sampled_from([720, 1080, 1920])),
                    }
                ),
                subtitles=st.fixed_dictionaries({"preset_name": texts(), "position": points}),
            ),
            maybe(aspect_ratio=st.just("16:9"), dimensions=st.just({"width": 1}), background=st.just("#fff")),
        )
    )
    return {**settings, "video_inputs": [*chosen, *fresh]}
