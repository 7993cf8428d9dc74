"""The storyboard language as it is written: YAML nodes with positions, blocks, specs.

Nothing here evaluates a template; that is the compiler's work.
"""

from specfile.language.blocks import Block, Data, Loop, Output, Spec, Used
from specfile.language.load import load_spec
from specfile.language.paths import project_root
from specfile.language.source import SourceFile, read_source

__all__ = [
    "Block",
    "Data",
    "Loop",
    "Output",
    "SourceFile",
    "Spec",
    "Used",
    "load_spec",
    "project_root",
    "read_source",
]
