"""Compiles rows that go the same way as one before in microseconds instead of a millisecond.

The first row of each way is compiled step by step. What it evaluated and decided is kept as a route, and its
request as a mould with holes. A row that comes the same way has its decisions made, its templates filled in,
and the texts held against what the service and the rules ask of them; anything else sends it the long way,
which is always right.
"""

from specfile.compiler.mass.mass import Mass

__all__ = ["Mass"]
