"""The gateway to the chain: everything that goes to a node or comes from one passes `Chain`."""

from commons.chain.gateway import Chain
from commons.chain.relay import RelayedChain
from commons.chain.types import Block, Call, Event, Receipt, SignedTransaction, TransactionSigner

__all__ = ["Block", "Call", "Chain", "Event", "Receipt", "RelayedChain", "SignedTransaction", "TransactionSigner"]
