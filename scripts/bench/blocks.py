"""Blocks for the embedded chain while it is measured: one as soon as transactions wait, with all that wait.

Left to itself Anvil puts each transaction into a block of its own, where thousands at once take twenty times as long
as in blocks of hundreds. Chains of a consortium fill blocks in the same way, only less often.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from commons.chain import Chain

PAUSE_S = 0.02
STOP_S = 30


@contextmanager
def blocks_when_needed(chain: Chain) -> Iterator[None]:
    """Make blocks while the body runs; the chain makes none of its own from then on."""
    chain.request("evm_setAutomine", False)
    stop = Event()
    maker = Thread(target=_make_blocks, args=(chain.rpc_url, chain.chain_id, stop), daemon=True)
    maker.start()
    try:
        yield
    finally:
        stop.set()
        maker.join(STOP_S)


def _make_blocks(rpc_url: str, chain_id: int, stop: Event) -> None:
    chain = Chain.connect(rpc_url, chain_id)
    while not stop.wait(PAUSE_S):
        if int(chain.request("txpool_status")["pending"], 16):
            chain.request("evm_mine")
