"""Specs read, compiled and judged, the same way for every command that goes on with their videos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from specfile.cli.messages import show_diagnostics
from specfile.diagnostics import Diagnostic, SpecError, has_errors
from specfile.diagnostics.strict import strictly
from specfile.film import Api, Json, Video
from specfile.loaded import LoadedSpec


def checked(
    specs: Iterable[Path],
    values: Mapping[str, Json],
    data: str | None,
    *,
    local: bool = False,
    api: Api | None = None,
    account: str | None = None,
    strict: bool,
    is_plan: bool = False,
) -> dict[Path, tuple[LoadedSpec, Sequence[Video]]]:
    """Every spec and its videos, all of them checked before anything is done with any; warnings are shown.

    `api` wins over the specs' own. `account` names the plan whose limits hold. `is_plan` lets videos pass
    whose default voices are yet to be looked up.

    Raises:
        SpecError: one or more are wrong, or with `strict` give a warning.
    """
    found: list[Diagnostic] = []
    good: dict[Path, tuple[LoadedSpec, Sequence[Video]]] = {}
    for spec in specs:
        try:
            loaded = LoadedSpec.read(spec, variables=values, data=data, api=api, account=account)
            videos, remarks = loaded.compiled(local=local, is_plan=is_plan)
        except SpecError as error:
            found.extend(error.diagnostics)
        else:
            found.extend(remarks)
            good[spec] = loaded, videos
    judged = strictly(found) if strict else tuple(found)
    if has_errors(judged):
        raise SpecError(judged)
    if judged:
        show_diagnostics(judged)
    return good
