"""Reading what the account may do before anything is paid."""

from __future__ import annotations

from specfile.heygen import Account, AccountRefused, Service
from specfile.runner import events
from specfile.runner.underway.scheduler import Lane, Outcome
from specfile.runner.underway.shared import Shared


def read_account(shared: Shared, service: Service, *, needed_usd: float) -> None:
    """Ask once what the account may do; until the answer is there, nothing is paid.

    The account's limit is the ceiling, unless the user set one. A balance that is too small is said and no
    more: what a film costs is estimated here, and the service knows better.
    """
    shared.gate.shut()

    def answered(outcome: Outcome[Account]) -> None:
        shared.gate.unlock()
        try:
            account = outcome.get()
        except AccountRefused as error:
            shared.stop(error)
            return
        if account.at_once is not None and shared.options.concurrency is None:
            shared.gate.allow(account.at_once, "that is what the account allows")
        remaining_usd = account.remaining_usd
        if remaining_usd is not None and needed_usd > remaining_usd:
            shared.notify(events.Balance(remaining_usd=remaining_usd, needed_usd=needed_usd))

    shared.scheduler.start(service.account, answered, lane=Lane.ASK)
