"""From a spec and its rows to videos: templates, expansion, the service's rules, lowering.

Nothing here touches the network or prints.
"""

from specfile.compiler.pipeline import Compiler, Outcome, Target

__all__ = ["Compiler", "Outcome", "Target"]
