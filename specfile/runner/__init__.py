"""Plans what to do, does it, and writes it down: pays for each film once."""

from specfile.runner import events
from specfile.runner.build import Work, build, build_all
from specfile.runner.clock import Clock, SystemClock
from specfile.runner.files.parts import file_hash
from specfile.runner.lock.entries import Entry, Lock, Previous, State
from specfile.runner.lock.index import LockIndex
from specfile.runner.lock.lockfile import LockFile, open_lock, own_lock
from specfile.runner.lock.look_up import avatars_of, is_made_with, look_up
from specfile.runner.lock.reading import read_lock, repair_lock
from specfile.runner.lock.same_account import of_same_account
from specfile.runner.lock.settle import settle
from specfile.runner.lock.state import kept_film
from specfile.runner.pacing import DEFAULT_CEILING
from specfile.runner.plan.actions import PAID, PENDING_KINDS, Action, Kind, Plan
from specfile.runner.plan.applying import settled
from specfile.runner.plan.caps import Allowance
from specfile.runner.plan.decisions import Again
from specfile.runner.plan.difference import Cause
from specfile.runner.plan.planner import file_size, make_plan
from specfile.runner.plan.saved_plan import (
    SavedOptions,
    SavedPlan,
    SavedSpec,
    is_plan_file,
    read_plan,
    saved_actions,
    write_plan,
)
from specfile.runner.underway.run import BuildResult, Result, VideoFailure
from specfile.runner.underway.shared import DEFAULT_PORT, BuildOptions, Listen
from specfile.runner.upkeep.refreshing import Refreshed, link_of, refresh

__all__ = [
    "DEFAULT_CEILING",
    "DEFAULT_PORT",
    "PAID",
    "PENDING_KINDS",
    "Action",
    "Again",
    "Allowance",
    "BuildOptions",
    "BuildResult",
    "Cause",
    "Clock",
    "Entry",
    "Kind",
    "Listen",
    "Lock",
    "LockFile",
    "LockIndex",
    "Plan",
    "Previous",
    "Refreshed",
    "Result",
    "SavedOptions",
    "SavedPlan",
    "SavedSpec",
    "State",
    "SystemClock",
    "VideoFailure",
    "Work",
    "avatars_of",
    "build",
    "build_all",
    "events",
    "file_hash",
    "file_size",
    "is_made_with",
    "is_plan_file",
    "kept_film",
    "link_of",
    "look_up",
    "make_plan",
    "of_same_account",
    "open_lock",
    "own_lock",
    "read_lock",
    "read_plan",
    "refresh",
    "repair_lock",
    "saved_actions",
    "settle",
    "settled",
    "write_plan",
]
