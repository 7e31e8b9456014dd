"""Founding the demonstrated community: contracts, terms, tokens, members; all in a handful of batches."""

from dataclasses import dataclass, replace

from commons.actions import community as joining
from commons.actions import deploy, funds, tokens
from commons.addresses import Address
from commons.chain import Call, Chain
from commons.contracts import CommunityReader, Contracts
from commons.deployments import Deployment
from commons.records import EVIDENCE_OPEN, CommunityParameters, OperatorTerms, WindowLimits
from commons.records.economy import CategoryTerms, TokenAmount, TokenCategory
from commons.units import TOKEN, UE_PER_EURO, BasisPoints, EpochSeconds, MoneyUe
from commons.wallets import Signer, known_signer
from scripts.demo.founding import Founders
from scripts.economy.people import People
from scripts.economy.plan import TOKEN_PRICE_UE, WELCOME_CITIZEN, WELCOME_STAKEHOLDER

NETWORK = "economy"
NAME = "Fontana"
SYMBOL = "FONT"
DAY_S = 24 * 3600
NOTICE_S = 3 * DAY_S
ISSUED = 2_000 * TOKEN
YEARLY_FEE_UE = 50 * UE_PER_EURO
POCKET = MoneyUe(1_000 * UE_PER_EURO)
"""Settlement euro of a stakeholder at the beginning."""
SECOND_ADMIN = "market-operator"
"""Who approves what the first admin proposes."""
OPERATORS = ("operator-1", "operator-2", "operator-3")
BOND = MoneyUe(1_000 * UE_PER_EURO)
MICRO = 1_000_000
"""A token in the unit of limits."""
HOUR_S = 3600
LIMITS = WindowLimits(commit=60, reveal=60, challenge=HOUR_S, settlement=DAY_S, execution=DAY_S)


def _terms(fee: int, payer: int, payee: int) -> CategoryTerms:
    shares = (BasisPoints(fee), BasisPoints(payer), BasisPoints(payee))
    return CategoryTerms(*shares, MICRO // 2, 10 * MICRO, 2 * MICRO, False, EpochSeconds(0))


TERMS = {
    TokenCategory.CITIZEN_TO_CITIZEN: _terms(200, 50, 300),
    TokenCategory.WITH_STRUCTURE: _terms(100, 200, 400),
    TokenCategory.STAKEHOLDER_TO_CITIZEN: _terms(300, 100, 0),
    TokenCategory.SELLER_BONUS: _terms(0, 0, 0),
    TokenCategory.STAKEHOLDER_TO_STAKEHOLDER: _terms(200, 0, 0),
    TokenCategory.CITIZEN_TO_STAKEHOLDER: _terms(100, 0, 300),
}
AMOUNTS = {
    TokenAmount.WELCOME_CITIZEN: WELCOME_CITIZEN,
    TokenAmount.WELCOME_STAKEHOLDER: WELCOME_STAKEHOLDER,
    TokenAmount.ENERGY_CONSUMER: 2 * TOKEN,
    TokenAmount.ENERGY_PROSUMER: 3 * TOKEN,
    TokenAmount.ENERGY_PROSTORMER: 4 * TOKEN,
    TokenAmount.YEARLY_FEE: YEARLY_FEE_UE,
    TokenAmount.TOKEN_PRICE: TOKEN_PRICE_UE,
}


@dataclass(frozen=True)
class Stage:
    """The founded community, and who does what in it."""

    reader: CommunityReader
    founders: Founders
    second_admin: Signer
    operators: tuple[Signer, ...]
    people: People

    @property
    def chain(self) -> Chain:
        """Its chain."""
        return self.reader.chain

    @property
    def contracts(self) -> Contracts:
        """Its contracts."""
        return self.reader.contracts


def found(chain: Chain, people: People) -> Stage:
    """Found the community and bring everybody in."""
    founders, second = Founders.embedded(), known_signer(SECOND_ADMIN)
    operators = tuple(known_signer(name) for name in OPERATORS)
    deployment = deploy.deploy(
        chain, deploy.plan(chain, NETWORK, anew=True), founders.platform_admin, founders.issuer.address
    )
    parameters = _parameters(deployment, founders.admin.address, [one.address for one in operators])
    community, deployment = joining.create_community(chain, founders.platform_admin, deployment, parameters)
    contracts = Contracts.bind(community.contracts, deployment.euro)
    reader = CommunityReader(chain, contracts, community.created_block)
    stage = Stage(reader, founders, second, operators, people)
    chain.send_all([(founders.admin, call) for call in _settings(stage)])
    _bond(stage)
    _admit(stage)
    return stage


def _parameters(deployment: Deployment, admin: Address, operators: list[Address]) -> CommunityParameters:
    return CommunityParameters(
        name=NAME,
        token_symbol=SYMBOL,
        admin=admin,
        settlement_token=deployment.euro,
        replacement_delay=30 * DAY_S,
        notice_period=NOTICE_S,
        emission_cap=20_000 * TOKEN,
        evidence_from=EVIDENCE_OPEN,
        leaver_period=365 * DAY_S,
        window_limits=LIMITS,
        operator_terms=OperatorTerms(2, MoneyUe(100 * UE_PER_EURO), BasisPoints(1000)),
        operators=tuple(operators),
    )


def _settings(stage: Stage) -> list[Call]:
    """Terms and amounts, in force at once while there is no token; then the tokens, and a second person."""
    contracts = stage.contracts
    calls = [tokens.schedule_call(contracts, category, terms) for category, terms in TERMS.items()]
    calls += [tokens.schedule_amount_call(contracts, which, value) for which, value in AMOUNTS.items()]
    calls.append(tokens.issue_call(contracts, ISSUED))
    calls.append(joining.grant_call(contracts, "COMMUNITY_ADMIN", stage.second_admin.address))
    return calls


def _bond(stage: Stage) -> None:
    euro, issuer = stage.contracts.euro, stage.founders.issuer
    rich = [(one.address, BOND) for one in stage.operators]
    rich += [(person.address, POCKET) for person in stage.people.stakeholders]
    stage.chain.send_all([(issuer, funds.mint_call(euro, at, amount)) for at, amount in rich])
    calls = [(one, call) for one in stage.operators for call in funds.bond_calls(stage.contracts, BOND)]
    stage.chain.send_all(calls)


def _admit(stage: Stage) -> None:
    """Everybody applies with its own signature, relayed; the admin approves, and welcome bonuses are paid."""
    reader, everybody = stage.reader, stage.people.everybody
    signed = joining.applications_for(reader, [(one.signer, one.kind, one.profile) for one in everybody])
    relayer, admin = stage.founders.relayer, stage.founders.admin
    stage.chain.send_all([(relayer, joining.register_call(reader.contracts, one)) for one in signed])
    approvals = [
        joining.approve_call(
            reader.contracts, one.application.applicant, joining.new_member_id(), one.application.adhesion_hash
        )
        for one in signed
    ]
    stage.chain.send_all([(admin, call) for call in approvals])


def raised(terms: CategoryTerms, fee_bps: int) -> CategoryTerms:
    """Terms with another fee."""
    return replace(terms, fee_bps=BasisPoints(fee_bps))
