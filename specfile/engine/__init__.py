"""Where pure work runs: behind `concurrent.futures.Executor`, so that it can move to other machines."""

from specfile.engine.processes import WORKERS_GONE, ProcessPool, open_executor

__all__ = ["WORKERS_GONE", "ProcessPool", "open_executor"]
