"""What an account may do: how many videos at once, and for how much money.

    GET /v3/users/me              how it is billed, its balance or plan
    GET /v2/user/remaining_quota  the older question, which more keys may ask

Money and credits lie in pools of their own, and what one pool holds can't be spent on what another pays for:
a key renders from the wallet, or from the credits that the older question calls `api`. Neither question names
the number of renders that may run at once; that follows from how the account is billed
(developers.heygen.com, usage limits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from specfile.film import Json
from specfile.heygen.errors import AccountRefused, HeygenError, NotFound
from specfile.heygen.transport import Transport
from specfile.heygen.videos import text_of

USER: Final = "/v3/users/me"
REMAINING: Final = "/v2/user/remaining_quota"

BAD_KEY: Final = frozenset({"401", "unauthorized", "400112"})
"""Codes that say that the key itself is no good, rather than that it may not do something."""

_AT_ONCE_BY_BILLING: Final[Mapping[str, int]] = {"wallet": 10, "usage_based": 10}
_AT_ONCE_BY_PLAN: Final[Mapping[str, int]] = {"free": 1, "creator": 3, "pro": 3, "scale": 6, "enterprise": 20}

_UNITS_PER_USD: Final = 60.0
"""Of the older quota; measured by others, not promised."""

_UNITS_PER_CREDIT: Final = 60.0
"""Of the older quota, by its reference page."""

_RENDERS: Final[Mapping[str, bool]] = {
    "api": True,
    "plan_credit": False,
    "generative_credit": False,
    "streaming_avatar": False,
}
"""The pools of the older quota, and whether a key renders from them. Its other parts are no credits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of an account; None where the key may not read it, or the service doesn't say.

    `at_once` is how many videos it may render at one time, `remaining_usd` what it can still spend.
    """

    name: str | None = None
    at_once: int | None = None
    remaining_usd: float | None = None


Unit = Literal["USD", "credits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One pool of an account: `what` it is in the service's own word, and how much of it is left.

    `of` is how much there was to begin with, `until` when it is filled up again as the service writes it;
    None where it doesn't say. `renders` says whether a key's videos are paid from it, None where that isn't
    known.
    """

    what: str
    left: float
    unit: Unit
    of: float | None = None
    until: str | None = None
    renders: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What an account has left.

    Attributes:
        billing: `wallet`, `subscription` or `usage_based`; None where the key may not ask.
        plan: the name of a subscription.
        name: the account's user name.
        fills_itself: whether an empty wallet is filled up; None where there is none.
        holdings: its pools.
    """

    billing: str | None = None
    plan: str | None = None
    name: str | None = None
    fills_itself: bool | None = None
    holdings: tuple[Holding, ...] = ()


def read_account(transport: Transport) -> Account:
    """Ask what the account may do. What the key may not ask is left unknown.

    Raises:
        AccountRefused: the key itself is no good.
    """
    account = Account()
    for path, read in ((USER, _account), (REMAINING, _quota)):
        try:
            told = read(_data(transport.get(path, {})))
        except AccountRefused as error:
            if error.code in BAD_KEY:
                raise
        except HeygenError:
            continue  # the next question, or the first request, finds out
        else:
            account = replace(account, **_known(told))
        if account.remaining_usd is not None:
            break
    return account


def _known(account: Account) -> dict[str, Any]:
    return {name: value for name, value in asdict(account).items() if value is not None}


def read_quota(transport: Transport) -> Quota:
    """Ask what the account has left, by both questions: each tells of pools that the other doesn't know.

    Raises:
        AccountRefused: the key may ask neither.
        HeygenError: what else `Transport.get` raises.
    """
    first: HeygenError | None = None
    found: list[Quota] = []
    for path, read in ((USER, _quota_of_user), (REMAINING, _quota_remaining)):
        try:
            found.append(read(_data(transport.get(path, {}))))
        except (AccountRefused, NotFound) as error:
            first = first or error
    if first is not None and not found:
        raise first
    whole = found[0]
    return replace(whole, holdings=tuple(one for quota in found for one in quota.holdings))


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


def _quota_of_user(data: Mapping[str, Json]) -> Quota:
    wallet, subscription, usage = (_part(data, one) for one in ("wallet", "subscription", "usage_based"))
    return Quota(
        billing=text_of(data.get("billing_type")),
        plan=text_of(subscription.get("plan")),
        name=text_of(data.get("username")),
        fills_itself=_is_on(wallet.get("auto_reload")) if wallet else None,
        holdings=(*_in_wallet(wallet), *_in_subscription(subscription), *_in_usage(usage)),
    )


def _in_wallet(wallet: Mapping[str, Json]) -> Iterator[Holding]:
    balance = _number(wallet.get("remaining_balance"))
    if balance is not None:
        unit: Unit = "credits" if wallet.get("currency") == "credits" else "USD"
        yield Holding(what="wallet", left=balance, unit=unit, renders=True)


def _in_subscription(subscription: Mapping[str, Json]) -> Iterator[Holding]:
    """Pools of credits, each a number or an object that holds one. A key doesn't render from them."""
    for what, pool in _part(subscription, "credits").items():
        held = pool if isinstance(pool, Mapping) else {"remaining": pool}
        left = _number(held.get("remaining"))
        if left is not None:
            until = text_of(held.get("resets_at"))
            yield Holding(what=what, left=left, unit="credits", until=until, renders=False)


def _in_usage(usage: Mapping[str, Json]) -> Iterator[Holding]:
    cap, spent = _number(usage.get("spending_cap_usd")), _number(usage.get("spending_current_usd"))
    if cap is not None and spent is not None:
        left = max(0.0, cap - spent)
        yield Holding(what="spending_cap_usd", left=left, unit="USD", of=cap, renders=True)
    left_credits = _number(usage.get("remaining_credits"))
    if left_credits is not None:
        of = _number(usage.get("included_credits"))
        yield Holding(what="included_credits", left=left_credits, unit="credits", of=of, renders=True)


def _quota_remaining(data: Mapping[str, Json]) -> Quota:
    """The older answer counts in sixtieths of a credit. `remaining_quota` is one of its parts again."""
    told = _part(data, "details")
    details = {what: _number(told.get(what)) for what in _RENDERS}
    if not told and (whole := _number(data.get("remaining_quota"))) is not None:
        details = {"remaining_quota": whole}
    return Quota(
        holdings=tuple(
            Holding(what=what, left=units / _UNITS_PER_CREDIT, unit="credits", renders=_RENDERS.get(what))
            for what, units in details.items()
            if units is not None
        )
    )


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
