"""A server that behaves like the service, with no account and no network, and renders real films."""

from specfile.emulator.counts import Counts, Render
from specfile.emulator.fault_file import parse_faults, read_faults
from specfile.emulator.faults import Fault, Faults, Strangers
from specfile.emulator.rendering import AssetSource, Renderer
from specfile.emulator.server import Emulator, serve
from specfile.emulator.settings import AT_ONCE, PLANS, EmulatorSettings, Plan, Progress

__all__ = [
    "AT_ONCE",
    "PLANS",
    "AssetSource",
    "Counts",
    "Emulator",
    "EmulatorSettings",
    "Fault",
    "Faults",
    "Plan",
    "Progress",
    "Render",
    "Renderer",
    "Strangers",
    "parse_faults",
    "read_faults",
    "serve",
]
