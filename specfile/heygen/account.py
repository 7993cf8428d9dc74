"""What an account may do: how many videos at once, and for how much money.

    GET /v3/users/me              how it is billed, its balance or plan
    GET /v2/user/remaining_quota  the older question, which more keys may ask

Neither names the number of renders that may run at once; that follows from how the account is billed
(developers.heygen.com, usage limits).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from specfile.film import Json
from specfile.heygen.errors import AccountRefused, HeygenError, NotFound
from specfile.heygen.transport import Transport

USER: Final = "/v3/users/me"

_BAD_KEY: Final = frozenset({"401", "unauthorized", "400112"})

_AT_ONCE_BY_BILLING: Final[Mapping[str, int]] = {"wallet": 10, "usage_based": 10}
_AT_ONCE_BY_PLAN: Final[Mapping[str, int]] = {"free": 1, "creator": 3, "pro": 3, "scale": 6, "enterprise": 20}

_UNITS_PER_USD: Final = 60.0
"""Of the older quota; measured by others, not promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of an account; None where the key may not read it, or the service doesn't say.

    `at_once` is how many videos it may render at one time, `remaining_usd` what it can still spend.
    """

    name: str | None = None
    at_once: int | None = None
    remaining_usd: float | None = None


def read_account(transport: Transport) -> Account:
    """Ask what the account may do. What the key may not ask is left unknown.

    Raises:
        AccountRefused: the key itself is no good.
    """
    for path, read in ((USER, _account), ("/v2/user/remaining_quota", _quota)):
        try:
            return read(_data(transport.get(path, {})))
        except AccountRefused as error:
            if error.code in _BAD_KEY:
                raise
        except HeygenError:
            continue  # the next question, or the first request, finds out
    return Account()


def user_name(transport: Transport) -> str | None:
    """The account's user name, or None where the key may not read it or the service doesn't tell.

    Raises:
        RateLimited: each time it was too early.
        Unreachable: each time there was no usable answer.
    """
    try:
        return _account(_data(transport.get(USER, {}))).name
    except (AccountRefused, NotFound):
        # A key may be restricted to making videos, and a retired endpoint tells no more: both are no reason
        # not to make them. A key that is wrong altogether is refused by the call that comes next.
        return None


def _account(data: Mapping[str, Json]) -> Account:
    billing = data.get("billing_type")
    name = data.get("username")
    wallet, subscription, usage = (_part(data, one) for one in ("wallet", "subscription", "usage_based"))
    plan = subscription.get("plan")
    at_once = _AT_ONCE_BY_BILLING.get(billing) if isinstance(billing, str) else None
    if billing == "subscription" and isinstance(plan, str):
        at_once = _AT_ONCE_BY_PLAN.get(plan.lower())
    return Account(
        name=name if isinstance(name, str) and name else None,
        at_once=at_once,
        remaining_usd=_remaining_usd(wallet, usage),
    )


def _remaining_usd(wallet: Mapping[str, Json], usage: Mapping[str, Json]) -> float | None:
    """What a wallet that isn't filled up by itself holds, or what is left below a cap on spending."""
    balance = _number(wallet.get("remaining_balance"))
    if balance is not None and wallet.get("currency") == "usd" and not _is_on(wallet.get("auto_reload")):
        return balance
    cap, spent = _number(usage.get("spending_cap_usd")), _number(usage.get("spending_current_usd"))
    return max(0.0, cap - spent) if cap is not None and spent is not None else None


def _quota(data: Mapping[str, Json]) -> Account:
    """Only the `api` part renders videos by API."""
    units = _number(_part(data, "details").get("api"))
    return Account(remaining_usd=units / _UNITS_PER_USD if units is not None else None)


def _data(json: Json) -> Mapping[str, Json]:
    return _part(json, "data") if isinstance(json, Mapping) else {}


def _part(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    part = data.get(name)
    return part if isinstance(part, Mapping) else {}


def _is_on(value: Json) -> bool:
    """A switch, whether written as a boolean or as an object that holds one."""
    return bool(value.get("enabled", True)) if isinstance(value, Mapping) else bool(value)


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
