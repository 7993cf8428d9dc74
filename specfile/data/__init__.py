"""Rows from files, typed by the spec's variables."""

from specfile.data.rows import Refused, Row, Shard, single_row, typed_rows
from specfile.data.sources import open_table
from specfile.data.table import Record, Table
from specfile.data.variables import BadValue, Variable, declare, declare_all

__all__ = [
    "BadValue",
    "Record",
    "Refused",
    "Row",
    "Shard",
    "Table",
    "Variable",
    "declare",
    "declare_all",
    "open_table",
    "single_row",
    "typed_rows",
]
