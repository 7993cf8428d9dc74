"""What every story is told with: a spec, a table of people, a service, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from specfile.runner import Lock, read_lock
from tests.heygen.scripted_service import GENERATE, V3, Json, Made, ScriptedService, text_of
from tests.running import Ran, Run

SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
scenes:
  - say: Hello {{ name }}
    voice: v-anna
    avatar: anna
"""


@dataclass
class Story:
    """Somebody's folder, and what they do in it; the current folder is theirs."""

    run: Run
    service: ScriptedService

    def spec(self, text: str = SPEC) -> None:
        """Write the spec."""
        Path("welcome.yaml").write_text(text)

    def people(self, *names: str) -> None:
        """Write the table: a key is the first letter of a name, in lower case, unless it is given."""
        lines = [name if "," in name else f"{name[0].lower()},{name}" for name in names]
        Path("people.csv").write_text("\n".join(["id,name", *lines]) + "\n")

    def build(self, *options: str, code: int = 0) -> Ran:
        """Build, and see to it that it ends as expected."""
        ran = self.run("build", *options, "welcome.yaml")
        assert ran.code == code, ran.err
        return ran

    def plan(self, *options: str) -> Mapping[str, str]:
        """What a build would do, by key."""
        ran = self.run("plan", "--format", "json", *options, "welcome.yaml")
        assert ran.code == 0, ran.err
        return {one["key"]: one["action"] for one in json.loads(ran.out)["actions"]}

    def build_that_is_killed(self, when: Literal["before", "after"]) -> None:
        """Build in a process that is killed as it sends a video: before the service has that, or after."""
        process = subprocess.Popen(
            [sys.executable, "-m", "specfile", "build", "welcome.yaml"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        make = self.service.make

        def kill() -> None:
            process.kill()
            process.wait(timeout=60)  # no answer reaches it any more

        def killing_make(payload: Json) -> Made:
            made = make(payload)
            kill()
            return made

        def refusing_call(path: str) -> None:
            if path in {GENERATE, V3}:
                kill()
                raise ConnectionAbortedError  # nothing comes of the request, whoever is quicker

        if when == "after":
            self.service.make = killing_make  # type: ignore[method-assign] # the kill belongs to this instant
        else:
            self.service.on_call = refusing_call
        try:
            code = process.wait(timeout=60)
            assert code == -9
        finally:
            self.service.make = make  # type: ignore[method-assign]
            self.service.on_call = str

    @property
    def said(self) -> list[str]:
        """What the videos say that were paid for, in their order."""
        return [str(text_of(made)) for made in self.service.paid()]

    @property
    def lock(self) -> Lock:
        """The lock beside the spec."""
        return read_lock(Path("welcome.lock")).lock

    @property
    def states(self) -> Mapping[str, str]:
        """How far each film of the lock is, by what it is the film of."""
        return {key: str(entry.state) for (key, _), entry in sorted(self.lock.entries.items())}

    def shows(self, key: str, *, folder: str = "videos/welcome") -> str:
        """What is said in the file of a video."""
        film = Path(folder, f"{key}.mp4").read_bytes()
        [text] = {str(text_of(made)) for made in self.service.paid() if made.film == film}
        return text

    @property
    def files(self) -> list[str]:
        """Every file of the project's films, and whatever a build left beside them."""
        return sorted(str(path) for path in Path("videos").rglob("*") if path.is_file())
