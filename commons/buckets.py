"""How often each of many callers may do something: one bucket of turns a caller, filled again as time goes by.

Memory does not grow with every caller ever seen: once a minute those who have saved up all they may are forgotten,
which changes nothing for them, and beyond `MOST_CALLERS` the ones not seen longest.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CALLERS = 100_000
SWEEP_S = 60


class Buckets:
    """`per_second` turns on average and at most `most` saved up, for each caller; `now` gives seconds."""

    def __init__(self, per_second: float, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._most = float(most)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._swept_at = now()
        self._lock = threading.Lock()

    def take(self, who: str, amount: int = 1) -> bool:
        """Whether `who` may take so many turns; if so, they are taken."""
        with self._lock:
            moment = self._now()
            self._forget_full(moment)
            left = self._turns(who, moment)
            may = left >= amount
            self._left[who] = (left - amount if may else left, moment)
            self._left.move_to_end(who)
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
            return may

    def wait_s(self, who: str, amount: int = 1) -> float:
        """The seconds until `who` may take so many turns; 0 where that is now."""
        with self._lock:
            return max(0.0, amount - self._turns(who, self._now())) / self._per_second

    def __len__(self) -> int:
        """The callers that are remembered."""
        return len(self._left)

    def _turns(self, who: str, moment: float) -> float:
        left, at = self._left.get(who, (self._most, moment))
        return min(self._most, left + (moment - at) * self._per_second)

    def _forget_full(self, moment: float) -> None:
        if moment < self._swept_at + SWEEP_S:
            return
        self._swept_at = moment
        for who in [who for who in self._left if self._turns(who, moment) >= self._most]:
            del self._left[who]
