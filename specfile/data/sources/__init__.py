"""The kinds of files that rows come from; one module each, and one function that opens them all."""

from specfile.data.sources.opening import open_table

__all__ = ["open_table"]
