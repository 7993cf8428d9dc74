"""Tells whoever asked for it that a video has ended, again and again until it was heard."""

from __future__ import annotations

import heapq
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import requests

from specfile.emulator.counts import Delivery
from specfile.emulator.endpoints import Endpoint, Endpoints
from specfile.emulator.errors import InvalidQuery
from specfile.emulator.events import Event, signed
from specfile.emulator.faults import Fault
from specfile.emulator.links import Clock

PROBE_SECONDS: Final = 1
"""How soon an address must answer OPTIONS to be registered."""

ANSWER_SECONDS: Final = 10
"""How soon a message must be answered to count as heard."""

PAUSES: Final = (10, 60, 300, 1800, 3600, 7200, 14400, 28800, 28800)
"""Seconds between tries, which end after about a day; `speed` divides them."""

_TICK: Final = 0.05
_SENDERS: Final = 4
_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class _Message:
    """An event on its way. `endpoint` is None for the address that came with the video itself."""

    event: Event
    url: str
    endpoint: Endpoint | None
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A video that has ended: what is to be told, and the address that came with it.

    A video that is gone has no event.
    """

    video_id: str
    event: Event | None = None
    callback_url: str | None = None
    title: str | None = None


class Hooks:
    """Sends events from threads of its own, which start with the first video that anybody wants to hear of.

    Args:
        endpoints: where the account wants to be told.
        fault: gives what befalls a message about a video of some title.
        ended: gives those among some videos that have ended or are gone.
        clock: the service's, for timestamps.
        speed: divides the pauses between tries.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        *,
        fault: Callable[[str | None], Fault | None],
        ended: Callable[[set[str]], Iterable[Ended]],
        clock: Clock,
        speed: float,
    ) -> None:
        self._endpoints = endpoints
        self._fault = fault
        self._ended = ended
        self._clock = clock
        self._speed = speed
        self._watched: set[str] = set()
        self._messages: list[tuple[float, int, _Message]] = []
        self._order = count()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._senders = ThreadPoolExecutor(_SENDERS, thread_name_prefix="emulator-hooks")
        self.events: deque[Event] = deque(maxlen=_KEPT)
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT)

    def watch(self, video_id: str) -> None:
        """Tell of this video when it ends."""
        with self._lock:
            self._watched.add(video_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="emulator-hooks", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Send nothing more; what wasn't heard is forgotten."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stop.wait(_TICK):
            self._notice()
            self._send_due()

    def _notice(self) -> None:
        with self._lock:
            watched = set(self._watched)
        if not watched:
            return
        for one in self._ended(watched):
            with self._lock:
                self._watched.discard(one.video_id)
            if one.event is not None:
                self.events.append(one.event)
                for message in self._messages_about(one.event, one.callback_url):
                    self._post_off(message, self._fault(one.title))

    def _messages_about(self, event: Event, callback_url: str | None) -> Iterator[_Message]:
        if callback_url:
            yield _Message(event, callback_url, None)
        for endpoint in self._endpoints.all():
            if endpoint.wants(event.type):
                yield _Message(event, endpoint.url, endpoint)

    def _post_off(self, message: _Message, fault: Fault | None) -> None:
        """Have a message sent, or done with it what a fault says."""
        seconds = 0.0
        match fault:
            case Fault(do="lose"):
                return
            case Fault(do="stall"):
                seconds = fault.seconds or 0.0
            case Fault(do="repeat"):
                self._push(0, message)
            case Fault(do="forge") if message.endpoint is not None:
                forged = replace(message.endpoint, secret=secrets.token_hex(16))
                message = replace(message, endpoint=forged)
            case _:
                pass
        self._push(seconds, message)

    def _push(self, seconds: float, message: _Message) -> None:
        with self._lock:
            heapq.heappush(self._messages, (time.monotonic() + seconds, next(self._order), message))

    def _send_due(self) -> None:
        now = time.monotonic()
        with self._lock:
            due = []
            while self._messages and self._messages[0][0] <= now:
                due.append(heapq.heappop(self._messages)[2])
        for message in due:
            self._senders.submit(self._send, message)

    def _send(self, message: _Message) -> None:
        status = self._post(message)
        self.deliveries.append(
            Delivery(
                event_id=message.event.id,
                event_type=message.event.type,
                video_id=message.event.data["video_id"],
                url=message.url,
                attempt=message.tries + 1,
                status=status,
            )
        )
        heard = status is not None and 200 <= status < 300
        if not heard and message.tries < len(PAUSES):
            again = _Message(message.event, message.url, message.endpoint, message.tries + 1)
            self._push(PAUSES[message.tries] / self._speed, again)

    def _post(self, message: _Message) -> int | None:
        """Send it once; gives the status of the answer, None if there was none."""
        headers = {"Content-Type": "application/json"}
        if message.endpoint is not None:
            headers |= signed(message.event, message.endpoint, self._clock())
        with suppress(requests.RequestException), _session() as session:
            answer = session.post(
                message.url,
                data=message.event.body(),
                headers=headers,
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
            )
            return answer.status_code
        return None


def probe(url: str) -> None:
    """Ask an address whether it takes messages, before it is registered.

    Raises:
        InvalidQuery: it is no http(s) address, or doesn't answer in time.
    """
    try:
        with _session() as session:
            answer = session.options(url, timeout=PROBE_SECONDS, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        message = f"url is invalid: it must answer OPTIONS within {PROBE_SECONDS} second"
        raise InvalidQuery(message) from error
    if not answer.ok:
        message = f"url is invalid: it answered OPTIONS with {answer.status_code}"
        raise InvalidQuery(message)


def _session() -> requests.Session:
    """A session that goes straight to its address, whatever proxies the environment names."""
    session = requests.Session()
    session.trust_env = False
    return session
