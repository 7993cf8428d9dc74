"""specfile: compile YAML storyboards to avatar videos, check them offline, pay for each film once.

    import specfile

    storyboard = specfile.load("welcome.yaml")
    storyboard.check()                 # every diagnostic
    storyboard.compile()               # the requests, as values
    storyboard.preview("welcome.html") # every scene with a frame, before anything is paid for
    storyboard.build(local=True)       # the videos
    specfile.build([one, another])     # several as one build, within one limit

The names below are loaded when they are first used, so that importing specfile costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from specfile.diagnostics import Diagnostic, SpecError
    from specfile.errors import SpecfileError
    from specfile.film import Film, Request, Video
    from specfile.storyboard import Storyboard, build, load

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Film",
    "Request",
    "SpecError",
    "SpecfileError",
    "Storyboard",
    "Video",
    "build",
    "load",
]

_HOMES = {
    "Diagnostic": "diagnostics",
    "SpecError": "diagnostics",
    "SpecfileError": "errors",
    "Film": "film",
    "Request": "film",
    "Video": "film",
    "Storyboard": "storyboard",
    "build": "storyboard",
    "load": "storyboard",
}


def __getattr__(name: str) -> Any:
    """Load a public name on its first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - this function is the lazy part

    return getattr(import_module(f"specfile.{home}"), name)


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return [*__all__, "__version__"]
