"""The contracts of a community, bound to their addresses, and what is asked of them, typed.

`Contracts` builds calls (`contracts.marketplace.call("execute", …)`) that `Chain` reads or sends; `CommunityReader`
asks the questions that oracles, commands and services share, each in one request or one batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Call, Chain, Event
from commons.chain.artefacts import Artefact, artefact
from commons.errors import TransactionFailed, UnknownCommunity, UnknownSession
from commons.records import (
    AcceptedAnswer,
    Bond,
    CommunityContracts,
    Funds,
    Member,
    OperatorSet,
    Position,
    Question,
    SessionBook,
    SessionParameters,
    SessionState,
    WindowLimits,
)
from commons.units import EpochSeconds, MoneyUe, SessionId

NO_ANSWER = bytes(32)

_FIXED_GAS = {
    "submitCommitments": 400_000,
    "revealOrders": 600_000,
    "withdrawCommitment": 300_000,
    "setFinalOrders": 1_500_000,
    "setValidTransactions": 700_000,
    "attest": 300_000,
    "execute": 500_000,
    "executeBatch": 1_000_000,
    "createCommunity": 4_900_000,
    "newSession": 900_000,
    "freeUnfilled": 700_000,
    "refute": 1_000_000,
    "answer": 1_000_000,
    "leave": 1_500_000,
    "removeMember": 1_500_000,
}
_GAS = 400_000
_GAS_PER_BYTE = 60
_GAS_PER_BYTE_OF = {"executeBatch": 250, "freeUnfilled": 100, "releaseStakes": 600, "claimShares": 350}


@dataclass(frozen=True)
class Contract:
    """One contract at its address."""

    address: Address
    name: str

    @property
    def artefact(self) -> Artefact:
        """What the compiler made of it."""
        return artefact(self.name)

    def call(self, function: str, *arguments: Any) -> Call:
        """A call of one of its functions; records may stand for structs.

        Calls that change something carry a generous fixed gas limit that grows with their data.
        """
        call = self.artefact.function_call(self.address, function, arguments)
        if call.function is not None and call.function.is_read:
            return call
        limit = _FIXED_GAS.get(function, _GAS) + len(call.data) * _GAS_PER_BYTE_OF.get(function, _GAS_PER_BYTE)
        return Call(call.to, call.name, call.data, call.function, limit)


@dataclass(frozen=True)
class Contracts:
    """The contracts of one community, its settlement token among them."""

    community: Contract
    treasury: Contract
    token: Contract
    sessions: Contract
    marketplace: Contract
    quorum: Contract
    refuter: Contract
    demands: Contract
    notary: Contract
    rewards: Contract
    desk: Contract
    services: Contract
    purchases: Contract
    loans: Contract
    works: Contract
    euro: Contract

    @classmethod
    def bind(cls, addresses: CommunityContracts, euro: Address) -> "Contracts":
        """The contracts at these addresses."""
        return cls(
            community=Contract(addresses.community, "Community"),
            treasury=Contract(addresses.treasury, "Treasury"),
            token=Contract(addresses.token, "CommunityToken"),
            sessions=Contract(addresses.sessions, "SessionHandler"),
            marketplace=Contract(addresses.marketplace, "Marketplace"),
            quorum=Contract(addresses.quorum, "OracleQuorum"),
            refuter=Contract(addresses.refuter, "Refuter"),
            demands=Contract(addresses.demands, "TreeDemands"),
            notary=Contract(addresses.notary, "MeasurementNotary"),
            rewards=Contract(addresses.rewards, "RewardModels"),
            desk=Contract(addresses.desk, "StakeholderDesk"),
            services=Contract(addresses.services, "ServiceExchange"),
            purchases=Contract(addresses.purchases, "GroupPurchases"),
            loans=Contract(addresses.loans, "GoodsLoans"),
            works=Contract(addresses.works, "CommunityWorks"),
            euro=Contract(euro, "SettlementEuro"),
        )

    @classmethod
    def at(cls, chain: Chain, community: Address) -> "Contracts":
        """The contracts of the community at this address, as it names them itself.

        Raises:
            UnknownCommunity: there is no community.
        """
        try:
            addresses = chain.call(Contract(community, "Community").call("contracts"))
            euro = chain.call(Contract(addresses.marketplace, "Marketplace").call("settlementToken"))
        except TransactionFailed as error:
            raise UnknownCommunity(
                f"there is no community at {community}",
                which=community,
                remedy="Check the address, the network and the RPC; `commonwatt community show` lists those known.",
            ) from error
        return cls.bind(addresses, euro)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Those whose events tell the community's story; the settlement token is everybody's."""
        members = (self.community, self.treasury, self.token, self.desk)
        market = (self.sessions, self.marketplace, self.quorum, self.refuter, self.demands)
        evidence = (self.notary, self.rewards)
        services = (self.services, self.purchases, self.loans, self.works)
        return tuple(contract.address for contract in (*members, *market, *evidence, *services))


@dataclass(frozen=True)
class CommunityReader:
    """What a community's contracts know, read at the chain's latest block; its events begin at `first_block`."""

    chain: Chain
    contracts: Contracts
    first_block: int = 0

    def _ask(self, contract: Contract, function: str, *arguments: Any) -> Any:
        return self.chain.call(contract.call(function, *arguments))

    # ---------------------------------------------------------------- community

    @cached_property
    def name(self) -> str:
        """The community's name."""
        return str(self._ask(self.contracts.community, "name"))

    def member(self, wallet: Address) -> Member:
        """The member behind a wallet; its status is `NONE` for a stranger."""
        member: Member = self._ask(self.contracts.community, "memberOf", wallet)
        return member

    def members(self, wallets: Sequence[Address]) -> list[Member]:
        """The members behind many wallets."""
        return self.chain.calls([self.contracts.community.call("memberOf", wallet) for wallet in wallets])

    def funds(self, account: Address) -> Funds:
        """An account's escrow."""
        return self.funds_of([account])[0]

    def funds_of(self, accounts: Sequence[Address]) -> list[Funds]:
        """The escrow of many accounts."""
        answers = self.chain.calls([self.contracts.marketplace.call("checkFunds", account) for account in accounts])
        return [Funds(*(MoneyUe(amount) for amount in answer)) for answer in answers]

    def euro_balance(self, account: Address) -> MoneyUe:
        """What an account holds of the settlement token outside escrow."""
        return MoneyUe(self._ask(self.contracts.euro, "balanceOf", account))

    # ---------------------------------------------------------------- sessions

    def session_count(self) -> int:
        """How many sessions were opened; they are numbered from 1."""
        return int(self._ask(self.contracts.sessions, "sessionCount"))

    def parameters(self, session_id: SessionId) -> SessionParameters:
        """A session's parameters.

        Raises:
            UnknownSession: there is no such session.
        """
        self.require_session(session_id)
        parameters: SessionParameters = self._ask(self.contracts.sessions, "parametersOf", session_id)
        return parameters

    def require_session(self, session_id: SessionId) -> None:
        """Refuse the number of a session that was never opened."""
        count = self.session_count()
        if not 1 <= session_id <= count:
            raise UnknownSession(
                f"there is no session {session_id}; the community has opened {count}",
                which=session_id,
                remedy="List them with `commonwatt session list`.",
            )

    def state(self, session_id: SessionId) -> SessionState:
        """Where a session stands at the latest block."""
        return SessionState(self._ask(self.contracts.sessions, "stateOf", session_id))

    def states(self, session_ids: Sequence[SessionId]) -> list[SessionState]:
        """Where many sessions stand."""
        return self.chain.calls([self.contracts.sessions.call("stateOf", number) for number in session_ids])

    def all_parameters(self, session_ids: Sequence[SessionId]) -> list[SessionParameters]:
        """The parameters of many sessions."""
        return self.chain.calls([self.contracts.sessions.call("parametersOf", number) for number in session_ids])

    def is_validated(self, session_id: SessionId) -> bool:
        """Whether the session's settlement is marked final, which opens execution."""
        return bool(self._ask(self.contracts.sessions, "isValidated", session_id))

    def book(self, session_id: SessionId) -> SessionBook:
        """A session's book-keeping."""
        book: SessionBook = self._ask(self.contracts.marketplace, "bookOf", session_id)
        return book

    def position(self, session_id: SessionId, trader: Address) -> Position:
        """A trader's part of a session."""
        return self.positions(session_id, [trader])[0]

    def positions(self, session_id: SessionId, traders: Sequence[Address]) -> list[Position]:
        """The parts of many traders in a session."""
        return self.chain.calls([self.contracts.marketplace.call("positionOf", session_id, t) for t in traders])

    def window_limits(self) -> WindowLimits:
        """The least lengths of a session's windows."""
        limits: WindowLimits = self._ask(self.contracts.sessions, "windowLimits")
        return limits

    def session_events(self, session_id: SessionId, *names: str) -> list[Event]:
        """The events of these names that tell of a session, in the chain's order."""
        addresses = (self.contracts.sessions.address, self.contracts.marketplace.address)
        events = self.chain.events(addresses, self.first_block, names=names)
        return [event for event in events if event.args["sessionId"] == session_id]

    # ---------------------------------------------------------------- operators

    def operator_set_id(self, session_id: SessionId) -> int:
        """The number of the set of operators that a session opened under."""
        return int(self._ask(self.contracts.sessions, "operatorSetOf", session_id))

    def operator_set(self, set_id: int) -> OperatorSet:
        """A set of operators with its terms."""
        operators: OperatorSet = self._ask(self.contracts.quorum, "operatorSet", set_id)
        return operators

    def current_operators(self) -> OperatorSet:
        """The set of operators in force now."""
        return self.operator_set(int(self._ask(self.contracts.quorum, "currentSetId")))

    def outcome_question(self, session_id: SessionId) -> bytes:
        """The question about a session's outcome in its present round."""
        question: bytes = self._ask(self.contracts.marketplace, "outcomeQuestion", session_id)
        return question

    def settlement_question(self, session_id: SessionId) -> bytes:
        """The question about a session's settlement in its present round."""
        question: bytes = self._ask(self.contracts.marketplace, "settlementQuestion", session_id)
        return question

    def question(self, question: bytes) -> Question:
        """Where a question stands; its `set_id` is 0 while nobody has posted an answer."""
        return self.questions([question])[0]

    def questions(self, questions: Sequence[bytes]) -> list[Question]:
        """Where many questions stand."""
        return self.chain.calls([self.contracts.quorum.call("questionOf", question) for question in questions])

    def accepted(self, question: bytes) -> AcceptedAnswer:
        """The accepted answer to a question, and when it is final."""
        answer, final_at = self._ask(self.contracts.quorum, "acceptedAnswer", question)
        return AcceptedAnswer(None if answer == NO_ANSWER else answer, EpochSeconds(final_at))

    def votes(self, question: bytes, answer: bytes) -> int:
        """How many operators back an answer."""
        return int(self._ask(self.contracts.quorum, "votesFor", question, answer))

    def backs(self, question: bytes, answer: bytes, operator: Address) -> bool:
        """Whether the operator backs the answer."""
        return bool(self._ask(self.contracts.quorum, "backs", question, answer, operator))

    def bond(self, operator: Address) -> Bond:
        """An operator's bond."""
        bond: Bond = self._ask(self.contracts.quorum, "bondOf", operator)
        return bond

    def lost_in(self, operator: Address) -> bytes | None:
        """The refuted answer's question for which the operator's bond is lost and waits to be collected."""
        question: bytes = self._ask(self.contracts.quorum, "lostIn", operator)
        return None if question == NO_ANSWER else question

    def uncollected_answers(self) -> int:
        """How many refuted answers have backers whose bonds are not collected."""
        return int(self._ask(self.contracts.quorum, "uncollectedAnswers"))

    def bounty(self, challenger: Address) -> MoneyUe:
        """The bounties collected for a challenger and not paid yet."""
        return MoneyUe(self._ask(self.contracts.quorum, "bountyOf", challenger))

    def has_role(self, role: bytes, account: Address) -> bool:
        """Whether the account has a role of the community."""
        return account != ZERO_ADDRESS and bool(self._ask(self.contracts.community, "hasRole", role, account))
