"""From a spec and its rows to videos: templates, expansion, the service's rules, lowering.

Nothing here touches the network or prints.
"""

from specfile.compiler.answered import SERVICE_SAYS, Complaint
from specfile.compiler.behind import MadeOf
from specfile.compiler.made import Made
from specfile.compiler.pipeline import Compiler, Notes, Outcome, Rows
from specfile.compiler.stepwise import Target

__all__ = ["SERVICE_SAYS", "Compiler", "Complaint", "Made", "MadeOf", "Notes", "Outcome", "Rows", "Target"]
