"""What a request may hold: the generated schemas, validity by them, and the shape of every field.

Importing this loads no validator; the first use does.
"""

from specfile.schemas.leaves import leaf_schema, text_check
from specfile.schemas.loading import SCHEMA_NAMES, Dialect, request_schema, schema_text
from specfile.schemas.shape import Kind, Shape, shape
from specfile.schemas.validity import Violation, is_valid, violations

__all__ = [
    "SCHEMA_NAMES",
    "Dialect",
    "Kind",
    "Shape",
    "Violation",
    "is_valid",
    "leaf_schema",
    "request_schema",
    "schema_text",
    "shape",
    "text_check",
    "violations",
]
