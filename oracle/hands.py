"""What an operator does for a session beside voting, as calls ready to be sent; anybody could send them."""

from collections.abc import Iterator
from dataclasses import dataclass

from commons.chain import Call
from commons.contracts import Contracts
from commons.errors import DatasetMalformed
from commons.store import Reader
from oracle.duty import Cancel, Execute, Release, Sweep, Validate
from oracle.execution.batches import batches
from oracle.options import Options
from oracle.publication.reading import read_settlement
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import SessionView

Chore = Validate | Execute | Sweep | Cancel | Release


@dataclass(frozen=True, slots=True)
class Sending:
    """A call, its purpose in the journal, and what it does in words."""

    purpose: str
    call: Call
    what: str


@dataclass(frozen=True, slots=True)
class Hands:
    """Turns chores into calls."""

    contracts: Contracts
    datasets: Reader
    options: Options

    def sendings(self, view: SessionView, chore: Chore) -> Iterator[Sending]:
        """The calls that do a chore, in the order in which they must be sent.

        Of many locks a batch is released at a time: what else is due must not wait until a thousand are, one by one.

        Raises:
            DataError: the settlement to be executed cannot be read, or is not the final one.
        """
        number, market = view.session_id, self.contracts.marketplace
        match chore:
            case Validate():
                call = self.contracts.sessions.call("setPriorSessionValidation", number)
                yield Sending(f"validate/{number}", call, "marked the session validated")
            case Sweep():
                yield Sending(f"sweep/{number}", market.call("sweepPot", number), "swept the pot to the treasury's due")
            case Cancel():
                yield Sending(f"cancel/{number}", market.call("cancel", number), "cancelled the session")
            case Release(traders, reason):
                for trader in traders[: self.options.batch_size]:
                    call = market.call("releaseLock", number, trader)
                    why = reason.name.lower().replace("_", " ")
                    yield Sending(f"release/{number}/{trader}", call, f"released the lock of {trader} ({why})")
            case Execute():
                yield from self._executions(view, chore)

    def treasury_payment(self, owed: int, block: int) -> Sending:
        """The call that pays the treasury what it is due."""
        call = self.contracts.marketplace.call("payTreasury")
        return Sending(f"treasury/{owed}/{block}", call, f"paid the treasury its due of {owed:,} µ€")

    def _executions(self, view: SessionView, chore: Execute) -> Iterator[Sending]:
        document = self._final_settlement(view)
        for batch in batches(document.members, document.tree(), chore.traders, self.options.batch_size):
            call = self.contracts.marketplace.call("executeBatch", view.session_id, batch.leaves, batch.proofs)
            first = batch.leaves[0].trader
            purpose = f"execute/{view.session_id}/{first}/{len(chore.traders)}"
            yield Sending(purpose, call, f"executed {len(batch.leaves)} leaves of the settlement")

    def _final_settlement(self, view: SessionView) -> SettlementDocument:
        """The published settlement under the final root, whoever published it."""
        accepted = view.accepted_settlement()
        assert accepted is not None, "a session with a final root has an accepted settlement"
        document = read_settlement(self.datasets, accepted.data_cid, view.order_count)
        if document.tree().root != view.settlement_root:
            raise DatasetMalformed(
                f"the leaves in settlement dataset {accepted.data_cid} do not lead to the final root",
                remedy="Members can execute leaves that they hold; otherwise everything unlocks at the timeout.",
            )
        return document
