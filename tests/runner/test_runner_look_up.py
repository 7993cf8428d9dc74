"""Default voices at a service that doesn't always answer: what is known is kept, what isn't is named."""

from __future__ import annotations

import pytest

from specfile.heygen import AccountRefused
from specfile.runner import BuildOptions, Result, look_up, open_lock
from tests.heygen.scripted_service import answer
from tests.runner.project import Project


def details(avatar: str, voice: str | None) -> dict[str, object]:
    return {"error": None, "data": {"type": "avatar", "id": avatar, "default_voice_id": voice}}


def look_up_all(project: Project, *avatars: str) -> dict[str, str]:
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        return look_up(lockfile, project.connect, avatars)


def test_avatars_without_a_voice_are_named_and_the_others_pinned(project: Project) -> None:
    project.service.faults = [
        answer("/v2/avatar/Anna/", 200, details("Anna", None)),
        answer("/v2/avatar/Ben/", 404, {"error": {"code": "avatar_not_found"}}),
        answer("/v2/avatar/Cleo/", 200, details("Cleo", "v-3")),
    ]
    assert look_up_all(project, "Anna", "Ben", "Cleo") == {
        "Anna": "avatar `Anna` has no default voice",
        "Ben": "the service knows no avatar `Ben`",
    }
    assert project.lock.pins == {"Cleo": "v-3"}


def test_what_was_answered_before_the_service_refused_stays_pinned(project: Project) -> None:
    project.service.faults = [
        answer("/v2/avatar/Anna/", 200, details("Anna", "v-1")),
        answer("/v2/avatar/Ben/", 401, {"code": 400112, "message": "Unauthorized"}),
    ]
    with pytest.raises(AccountRefused):
        look_up_all(project, "Anna", "Ben")
    assert project.lock.pins == {"Anna": "v-1"}


def test_a_lock_with_pins_alone_still_finds_the_videos_of_one_that_was_lost(project: Project) -> None:
    project.build(project.video("a"))
    project.lock_path.unlink()
    project.service.faults = [answer("/v2/avatar/Anna/", 200, details("Anna", "v-1"))]
    look_up_all(project, "Anna")
    result = project.build(project.video("a"), options=BuildOptions(recover_s=86_400))
    assert (result.counts, len(project.service.paid())) == ({Result.SAVED: 1}, 1)
    assert project.lock.pins == {"Anna": "v-1"}
