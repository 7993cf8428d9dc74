"""The log of builds in the project's state folder."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from specfile.report.runlog import LOG, MOST_BYTES, OLDER_LOG, RunLog
from specfile.runner import events


def test_builds_are_logged_one_after_another(tmp_path: Path) -> None:
    for key in ("a", "b"):
        with RunLog(tmp_path) as log:
            log(events.Accepted(key=key, video_id=f"video-{key}"))
    lines = [orjson.loads(line) for line in (tmp_path / LOG).read_bytes().splitlines()]
    assert all(line.pop("time") for line in lines)
    assert lines == [
        {"event": "accepted", "key": "a", "video_id": "video-a", "adopted": False},
        {"event": "accepted", "key": "b", "video_id": "video-b", "adopted": False},
    ]


def test_a_log_that_has_grown_large_makes_room_and_stays_beside_the_new_one(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"{}\n")
    os.truncate(tmp_path / LOG, MOST_BYTES + 1)
    with RunLog(tmp_path) as log:
        log(events.Accepted(key="a", video_id="video-a"))
    assert (tmp_path / OLDER_LOG).stat().st_size == MOST_BYTES + 1
    assert len((tmp_path / LOG).read_bytes().splitlines()) == 1


def test_a_folder_that_takes_no_log_is_no_reason_to_stop(tmp_path: Path) -> None:
    with RunLog(tmp_path / "nowhere") as log:
        log(events.Accepted(key="a", video_id="video-a"))
    assert not (tmp_path / "nowhere").exists()
