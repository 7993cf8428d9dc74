"""A server that behaves like the service, with no account and no network, and renders real films."""

from specfile.emulator.rendering import AssetSource, Renderer
from specfile.emulator.server import Emulator, serve
from specfile.emulator.settings import AT_ONCE, PLANS, EmulatorSettings, Plan, Progress

__all__ = [
    "AT_ONCE",
    "PLANS",
    "AssetSource",
    "Emulator",
    "EmulatorSettings",
    "Plan",
    "Progress",
    "Renderer",
    "serve",
]
