"""What the runner fills into a request: ids of uploads, and the token."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from specfile.film import ASSET_PREFIX
from specfile.runner.plan.captions import Captions, captions_of
from specfile.runner.sending.payload import body_for
from tests.runner.project import Project, as_v3, make_asset, make_video

SHA = "0" * 64


def test_a_file_of_v3_has_one_id_whatever_it_is_used_as() -> None:
    payload = {
        "scenes": [
            {"source": {"type": "asset_id", "asset_id": ASSET_PREFIX + SHA}},
            {"audio_asset_id": ASSET_PREFIX + "1" * 64},
            {"source": {"type": "asset_id", "asset_id": "already-there"}},
        ]
    }
    body = body_for(payload, {(SHA, "video"): "id-v", ("1" * 64, "audio"): "id-a"}, "token")
    assert body == {
        "scenes": [
            {"source": {"type": "asset_id", "asset_id": "id-v"}},
            {"audio_asset_id": "id-a"},
            {"source": {"type": "asset_id", "asset_id": "already-there"}},
        ],
        "callback_id": "token",
    }


@pytest.mark.parametrize("field", ["image_asset_id", "asset_id", "url"])
def test_nothing_is_sent_that_holds_a_file_without_an_id(field: str) -> None:
    payload = {"background": {field: ASSET_PREFIX + SHA}}
    with pytest.raises(LookupError, match=f"`{field}` holds a file that has no id"):
        body_for(payload, {("1" * 64, "image"): "another"}, "token")


def test_a_local_file_is_uploaded_to_v3_and_its_id_is_sent(project: Project) -> None:
    asset = make_asset(project.folder / "me.png", "image")
    video = as_v3(make_video(project.folder, "a"))
    scenes = [{"type": "image", "source": {"type": "asset_id", "asset_id": asset.placeholder}, "script": "a"}]
    sent = replace(
        video.request,
        payload={"type": "studio", "scenes": scenes},
        assets=(asset,),
    )
    project.build(replace(video, request=sent))
    [(path, media_type, body)] = project.service.uploads
    assert (path, media_type) == ("/v3/assets", "multipart/form-data")
    assert b"picture" in body
    [made] = project.service.paid()
    [kept] = project.lock.assets.items()
    assert made.payload["scenes"][0]["source"]["asset_id"] == kept[1]
    assert (kept[0].api, kept[0].sha256) == ("v3", asset.sha256)


@pytest.mark.parametrize(
    ("caption", "wanted"),
    [
        ({"file_format": "srt", "style": "default"}, "burnt_in"),
        ({"file_format": "srt"}, "file_only"),
        (None, "none"),
    ],
)
def test_captions_of_v3_are_read_from_its_own_words(
    tmp_path: Path, caption: dict[str, str] | None, wanted: Captions
) -> None:
    video = as_v3(make_video(tmp_path, "a"))
    assert isinstance(video.request.payload, dict)
    if caption is not None:
        video.request.payload["caption"] = caption
    assert captions_of(video) == wanted
