"""Where pure work runs: behind `concurrent.futures.Executor`, so that it can move to other machines."""

from specfile.engine.processes import ProcessPool, open_executor

__all__ = ["ProcessPool", "open_executor"]
