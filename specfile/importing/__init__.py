"""Turns an existing request to the service into a spec: JSON, or a pasted curl command.

compile(import(r)) is normalise(r): what the service coerces is normalised, what it ignores is left out and
named, what it refuses is an error with the fix. Nothing here touches the network or prints.
"""

from specfile.importing.imported import Imported, import_request
from specfile.importing.normalise import normalise
from specfile.importing.notes import Normalised, Note, Refused

__all__ = ["Imported", "Normalised", "Note", "Refused", "import_request", "normalise"]
