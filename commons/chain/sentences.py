"""Every way in which a contract of ours refuses, in plain words with what to do about it.

A sentence names the error's values in braces, by Solidity's names, with a format: `time`, `eur`, `price`, `kwh`,
`tokens`, `text` (bytes32 that spell a word), `order` (a place counted from 0), `role`; none shows the value as it is. A
test checks that every error of every interface has its sentence, and that it names no value which the error lacks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from string import Formatter
from typing import Any

from commons.addresses import Address, checksummed
from commons.chain.exchange_sentences import EXCHANGE
from commons.keccak import keccak256
from commons.slots import LOCAL_ZONE
from commons.units import EnergyWh, MoneyUe, PriceUekwh, show_eur, show_eur_kwh, show_kwh, show_tokens

ADDRESS_LENGTH = 42
_ASK_ADMIN = "Ask the community's admin."
_BUG = "This should not happen: report it with the transaction."

SENTENCES: Mapping[str, tuple[str, str]] = {
    # joining, staying, leaving
    "SignatureExpired": ("the signature was good until {deadline:time}, and it is {timestamp:time}", "Sign again."),
    "InvalidSignature": ("the signature is not one by {signer} over these values", "Sign again with that wallet."),
    "InvalidNonce": ("the application carries nonce {nonce}, and {account}'s next one is {expected}", "Sign again."),
    "KindMissing": ("the application of {applicant} says no kind of member", "Choose citizen or stakeholder."),
    "EmptyHash": ("a hash that must not be empty is zero", "Give the hash or id that is missing."),
    "EmptyAddress": ("an address that must not be empty is zero", "Give the address."),
    "WrongStatus": (
        "the wallet {wallet} is {status}, which does not allow this step",
        "Look at it with `commonwatt member list`.",
    ),
    "AdhesionMismatch": (
        "{applicant} has applied with another adhesion since it was read",
        "Read the new one, and approve that.",
    ),
    "MemberIdTaken": ("this member id belongs to {wallet}", "Use the person's own id; replace a lost wallet instead."),
    "MemberIdChanged": ("{wallet} had another member id before", "Approve under the id of then."),
    "NotEntitledToVeto": (
        "{caller} is neither the wallet {oldWallet} nor its recovery key",
        "Veto with one of these two.",
    ),
    "NothingToVeto": ("no replacement of {oldWallet} can be vetoed any more", "Turn to the community's admin."),
    "ReplacementPending": (
        "the wallet {wallet} has itself just replaced another, which may be vetoed until {settledAt:time}",
        "Wait until then.",
    ),
    "ReplacementDelayOutOfRange": (
        "a replacement delay of {delay} s is outside {least} to {most} s",
        "Choose one within.",
    ),
    # points and meters
    "PointKindMissing": ("the binding of point {pointId} says no kind", "Choose exchange or production."),
    "UnknownMemberId": ("no member has the id {memberId}", "Look it up with `commonwatt member list`."),
    "WrongBindingNumber": (
        "the binding of point {pointId} is signed as its number {number}, and the next is {expected}",
        "Sign again.",
    ),
    "PointTaken": (
        "point {pointId} is bound to member {memberId} until {validUntil:time}",
        "Have it released first: `commonwatt point end`.",
    ),
    "BindingNeverHolds": (
        "a binding from {validFrom:time} until {validUntil:time} never holds",
        "Let it end after it begins.",
    ),
    "TooManyPoints": ("member {memberId} has {most} points, the most there may be", "Release one of them first."),
    "PointNotBound": ("point {pointId} is bound to nobody", "See those that are with `commonwatt point list`."),
    "NotEntitledToRelease": (
        "{caller} is neither the member whose point {pointId} is nor a community admin",
        "Sign as one of the two.",
    ),
    "ReleaseTooLate": (
        "point {pointId} would be released at {at:time}, and its binding ends at {validUntil:time}",
        "Nothing needs doing.",
    ),
    "IncompleteMeterKey": ("a meter's key lacks its point or its address", "Give both."),
    "MeterKeyKnown": ("the key {key} was registered before, for point {pointId}", "Make a new key for the meter."),
    "MeterKeyNotGood": ("the key {key} is not in use any more, or never was", "Nothing needs doing."),
    # datasets
    "IncompleteDataset": (
        "version {version} of day {day} has no root, no points or too few leaves",
        "Build the dataset again.",
    ),
    "DayNotOver": ("day {day} lasts until {endsAt:time}, and it is {timestamp:time}", "Wait until it is over."),
    "WrongVersion": ("the next version of day {day} is {expected}, not {version}", "Post that one."),
    "PriorVersionOpen": (
        "version {priorVersion} of day {day} is not final, and may still be",
        "Wait until its window or its time is over.",
    ),
    "EvidenceMissing": (
        "the settlement names no datasets, and from day {evidenceFrom} on it must; its delivery lasts into day {day}",
        "Notarise the days of the delivery, and name their versions.",
    ),
    "WrongDays": (
        "the settlement names day {day} where day {expected} is due",
        "Name every day of the delivery, one after the other.",
    ),
    "NotNotarised": (
        "version {version} of day {day} is not notarised, or not final yet",
        "Notarise it, and wait for its window.",
    ),
    "EvidenceDayOutOfRange": (
        "evidence can be required from day {earliest} on, before day {latest}, not from day {day}",
        "Choose a day in between.",
    ),
    # rewards
    "ModelMissing": ("the parameters name no reward model", "Choose one of the three."),
    "DayHasBegun": (
        "the parameters would apply from day {fromDay}, and days before {earliest} have begun",
        "Let them apply from a later day.",
    ),
    "NoParameters": ("no reward parameters are in force on day {day}", "Set them with `commonwatt rewards set`."),
    "UnknownParameters": ("there are no reward parameters number {number}; there are {count}", "Count from 1."),
    "IncompleteBatch": (
        "the rewards of day {day}, round {round}, have no root, total or claims",
        "Compute them again.",
    ),
    "DatasetNotFinal": (
        "version {version} of the dataset of day {day} is not notarised, or not final yet",
        "Wait for it, or name the version that is.",
    ),
    "WrongRound": ("day {day} is in round {expected} of its rewards, not {round}", "Post for that round."),
    "DayRewarded": ("the rewards of day {day} were agreed on in round {round}", "Claim from that batch."),
    "BatchNotFinal": ("the batch {batchId} is not accepted, or not final yet", "Wait until its window is over."),
    "NotInBatch": (
        "no claim of {member} to {amount} is in the batch {batchId}",
        "Take amount and proof from the published batch.",
    ),
    "AlreadyClaimed": ("{member}'s claim in the batch {batchId} was paid", "Nothing needs doing."),
    "BatchExhausted": (
        "{amount} is more than the {left} that are left of the batch {batchId}",
        "The operators posted a wrong total: tell them.",
    ),
    "NeverAMember": ("the wallet {wallet} never was a member's", "The operators posted a wrong batch: tell them."),
    "NotTheRewards": ("{account} is not the contract of the rewards", _BUG),
    # refuting an outcome
    "NotTheRefuter": ("{account} is not the contract that judges refutations", _BUG),
    "NotTreeDemands": ("{account} is not the contract that keeps the demands", _BUG),
    "NothingToVoid": ("nothing is accepted that could still be refuted", "Look at the session's outcome again."),
    "BondForfeited": (
        "the bond of {operator} is lost, because it backed an answer that was refuted, and waits to be collected",
        "Collect lost bonds first, as anybody may; `commonwatt oracle bond` does it before it pays in.",
    ),
    "NothingToCollect": ("no lost bond waits to be collected", "Nothing needs doing."),
    "NoBounty": ("no bounty is due to {challenger}", "Lost bonds are collected first; or it was paid already."),
    "NothingAccepted": ("no outcome of session {sessionId} is accepted in this round", "Wait for the operators."),
    "WindowClosed": (
        "the outcome of session {sessionId} could be challenged until {deadline:time}, and it is {timestamp:time}",
        "Nothing can be done: it is final.",
    ),
    "NotCommitted": (
        "this very call was committed to in block {committedInBlock} (0: never), and this is block {blockNumber}",
        "Commit to it first, and send it in a later block.",
    ),
    "NotTheAcceptedOutcome": (
        "this is not the outcome of session {sessionId} that the operators accepted",
        "Read the accepted outcome from the chain again.",
    ),
    "NotTheSlotsResult": (
        "this is not the result of slot {slot:order} of {slots} in that outcome",
        "Read the accepted outcome from the chain again.",
    ),
    "WrongPlaceCount": ("the proof opens {given} places of the tree and needs {required}", _BUG),
    "WrongContent": ("a place of the tree is opened by {length} bytes and needs {required}", _BUG),
    "NoSuchPlace": ("a tree {depth} levels high has no position {position} on level {level}", _BUG),
    "WrongPathLength": ("the path has {length} bytes and needs {required}", _BUG),
    "PathLeadsElsewhere": ("the path leads to {reached}, and the posted root is {root}", "Check the tree's data."),
    "PaddingBelongsHere": (
        "padding belongs at place {position}, after {orderCount} orders",
        "The tree is right there.",
    ),
    "OrderBelongsHere": (
        "an order belongs at place {position}, before the end of {orderCount}",
        "The tree is right there.",
    ),
    "IsPadding": ("place {position} is empty, as it should be", "The tree is right there."),
    "WrongOrderOfPlaces": ("place {first} is not left of place {second}", _BUG),
    "IndicesAscend": ("the indices {first} and {second} ascend", "The tree is right there."),
    "NotTheRevealedOrders": ("these are not the orders that {trader} revealed", "Read the reveals again."),
    "NotRevealed": ("{trader} revealed {count} orders, and none numbered {number}", "Read the reveals again."),
    "AsRevealed": ("order {index} is what {trader} revealed", "The tree is right there."),
    "OtherSlot": ("the order is for slot {orderSlot:order}, not {slot:order}", "Nothing is missing there."),
    "IndexNotExcluded": ("the places opened do not show that order {index} is missing", "Open its neighbours."),
    "SumsAreRight": ("the sums at level {level}, position {position} are right", "The tree is right there."),
    "NotOverfilled": ("order {index} got {filledWh:kwh} of {quantityWh:kwh}", "The tree is right there."),
    "NotBetter": ("order {index} at {limitPrice:price} is not better than {price:price}", "Prove something else."),
    "IsFull": ("order {index} is full", "The tree is right there."),
    "NotWorse": ("order {index} at {limitPrice:price} is not worse than {price:price}", "Prove something else."),
    "NothingFilled": ("order {index} got nothing", "The tree is right there."),
    "NotAtMargin": ("order {index} at {limitPrice:price} is not at {price:price}", "Prove something else."),
    "NoMargin": (
        "order {index} is at the price, and no quantity at the price is posted",
        "Prove that the sums are wrong.",
    ),
    "ShareIsRight": ("order {index} got {filledWh} Wh, and its share is {share} Wh or one more", "It is right there."),
    "NotAhead": ("order {passedOver} does not come before order {taker} on its side", "Prove something else."),
    "UnitIsRight": ("order {taker} took nothing that order {passedOver} should have got", "It is right there."),
    "WithinBounds": ("order {index} lies within both ends of the price's interval", "It is right there."),
    "DoesNotPrecede": ("order {index} does not set a bound before its witness", "It is right there."),
    "WitnessStands": ("order {index} is no witness, or sets its bound", "It is right there."),
    "NoTrade": ("nothing trades in slot {slot:order}", "Prove something else."),
    "Trade": ("energy trades in slot {slot:order}", "Prove something else."),
    "DoNotCross": ("orders {first} and {second} are no buy and sell that cross", "It is right there."),
    # demanding a tree
    "NoSuchNode": ("a tree {depth} levels high has no position {position} on level {level}", "Name another node."),
    "NotYourPath": (
        "the time to begin is over, and demand {demandId} is not one whose answer showed {account} this node",
        "Continue a demand of your own.",
    ),
    "NotEnoughTime": (
        "an answer and what follows need until {required:time}, and the outcome is final at {finalAt:time}",
        "Nothing can be done: demand earlier.",
    ),
    "UnknownDemand": ("there is no demand {demandId}", "Look at the demands of the session."),
    "BondNotPaid": ("{arrived:eur} of the demand's bond of {required:eur} arrived", "Use a token that moves whole."),
    "NotASessionOperator": ("{account} is no operator of set {setId}", "Answer with the key of an operator."),
    "AlreadyAnswered": ("demand {demandId} was answered", "Read the answer."),
    "AnswerTooLate": (
        "demand {demandId} was to be answered before {answerBy:time}, and it is {timestamp:time}",
        "Nothing can be done: the outcome is void as soon as somebody says so.",
    ),
    "WrongAnswerLength": (
        "the answer has {sums} bytes of sums and {bottom} of leaves, and needs {requiredSums} and {requiredBottom}",
        _BUG,
    ),
    "AnswerLeadsElsewhere": ("the answer leads to {reached}, and {hash} was asked for", "Check the tree's data."),
    "AnswerMayCome": (
        "demand {demandId} may be answered until {answerBy:time}, and it is {timestamp:time}",
        "Wait until then.",
    ),
    "OutcomeSettled": ("the outcome that demand {demandId} is about is void or final", "There is nothing to do."),
    "BondStays": ("the bond of demand {demandId} is still at stake, or paid", "Wait until the outcome is final."),
    # creating a community
    "NotAContract": ("there is no contract at {account}", "Check the address, or deploy first."),
    "WrongDecimals": (
        "the settlement token {token} has {decimals} decimals, not {required}",
        "Use one that counts in millionths.",
    ),
    "EmptyName": ("a community needs a name and a symbol for its token", "Give both."),
    "UnknownCommunity": ("there is no community number {index}; there are {count}", "Count from 0."),
    # the community's token
    "NotEntitled": ("{account} is no active member", "Tokens move among active members only."),
    "MissingRole": ("{account} lacks the role {role:role}", "Sign as somebody who has it, or have it granted."),
    "AboveLimit": ("{value} is above the {most} that the code allows", "Set at most that."),
    "CategoryOff": ("the category {category} is switched off", "Use another category, or ask the token admin."),
    "LeaverKeeps": (
        "what the leaver {wallet} has left is kept {until:end}",
        "The community's rule says so, and nobody can change it.",
    ),
    "LeaverPeriodOutOfRange": (
        "a leaver's period of {period} s is outside {least} to {most} s",
        "Choose one within, or 0.",
    ),
    "NoIncentiveForTransfers": ("plain transfers have no incentives", "Set incentives for the other categories."),
    "NothingToPay": ("the amount is zero", "Give an amount above zero."),
    "SelfPayment": ("{account} would pay itself", "Pay somebody else."),
    "TreasuryTooShort": (
        "the treasury holds {available:tokens}, and {amount:tokens} are asked for",
        "Ask for fewer, or have the token admin issue more.",
    ),
    "WrongCategory": (
        "the category {category} is not for a payment from a {payer} to a {payee}",
        "Choose the category of these two.",
    ),
    "FeeNotCovered": ("{arrived:eur} arrived of a fee of {required:eur}", "Pay in a token that keeps no part."),
    "InArrears": ("the yearly fee of {memberId} is paid until {paidUntil:time}", "Pay the yearly fee first."),
    "NoFeeDue": (
        "no yearly fee of {memberId} is due: it is paid until {paidUntil:time}",
        "Pay within 60 days before the paid time ends.",
    ),
    "NotAStakeholder": ("{wallet} is no active stakeholder", "Name an active stakeholder."),
    "NotForSale": ("the community sells no tokens: no price is set", "Ask the token admin."),
    "TooFewTokens": (
        "the money buys {tokens:tokens}, and at least {least:tokens} are asked for",
        "Give more, or ask for less.",
    ),
    "EmissionCapExceeded": (
        "issuing {amount:tokens} passes the period's cap; {left:tokens} may still be issued",
        "Issue less, or wait.",
    ),
    **EXCHANGE,
    "NoSuccessor": (
        "what {oldWallet} holds may not move to another wallet (yet)",
        "Wait until the replacement's delay is over.",
    ),
    # escrow and orders
    "NotActive": ("{account} is no active member of the community", "Apply, or ask the community's admin."),
    "EmptyAmount": ("there is nothing to move: the amount is zero", "Give an amount above zero."),
    "InsufficientEscrow": (
        "{account} has {free:eur} free in escrow, and {required:eur} are needed",
        "Deposit more, or order less.",
    ),
    "TooLate": ("this was possible until {deadline:time}, and the chain's time is {timestamp:time}", "It is too late."),
    "TooEarly": ("this is possible from {opensAt:time}, and the chain's time is {timestamp:time}", "Wait until then."),
    "EmptyCommitment": ("the commitment is empty", "Commit to orders."),
    "WrongPosition": (
        "{trader} is {state} in session {sessionId}, which does not allow this step",
        "Look at it with `commonwatt order show`.",
    ),
    "RevealMismatch": (
        "these orders and this salt are not what {trader} committed to in session {sessionId}",
        "Reveal the very orders and salt of the commitment; the wallet that made it reopens them from the chain.",
    ),
    "WrongOrderCount": ("there are {count} orders, and the session takes 1 to {most}", "Merge or leave out some."),
    "WrongSlot": ("order {position:order}: slot {slot} is not in the session, or out of turn", "Sort them by slot."),
    "BothSides": ("order {position:order}: slot {slot} has orders on both sides", "Either buy or sell in a slot."),
    "WrongQuantity": (
        "order {position:order}: {quantityWh:kwh} is below the smallest order of {smallest:kwh}, or too large",
        "Quantities are in Wh: 1 kWh is 1000.",
    ),
    "WrongLimit": (
        "order {position:order}: the limit of {limitPrice:price} is outside {floorPrice:price} to {capPrice:price}",
        "Prices are in µ€/kWh: 0.15 €/kWh is 150000.",
    ),
    "LockTooSmall": (
        "the orders may need {required:eur}, and {maxLock:eur} were locked for them",
        "The commitment cannot be revealed; its lock is freed, and its deposit lost, at the reveal deadline.",
    ),
    # outcome, settlement, execution
    "NothingRevealed": ("nobody revealed orders in session {sessionId}", "There is nothing to do in it."),
    "SessionIsCancelled": ("session {sessionId} was cancelled", "Free the lock with `commonwatt release`."),
    "WrongResultCount": ("the outcome has {count} slots, and the session {required}", "Clear the session again."),
    "ImpossibleResult": ("the result of slot {slot} contradicts itself: {check:text}", "Clear the session again."),
    "WrongOrderTotal": (
        "the outcome counts {counted} orders, and {revealed} were revealed",
        "Read all reveals, and clear again.",
    ),
    "EmptyDataCid": ("no published dataset is named", "Publish the data, and give its CID."),
    "NotTheFinalOutcome": ("this is not the final outcome of session {sessionId}", "Use the one that was accepted."),
    "OutcomeNotFinal": ("session {sessionId} has no final outcome", "Wait until its challenge window is over."),
    "ImpossibleTotals": (
        "the settlement debits {debit:eur}, credits {credit:eur} and fines {penalty:eur} against locks of {locks:eur}",
        "Settle the session again.",
    ),
    "SettlementNotFinal": ("session {sessionId} has no final settlement", "Wait until its objection window is over."),
    "NotSessionHandler": ("{account} is not the community's session handler", "Use `setPriorSessionValidation`."),
    "InvalidProof": ("the proof does not lead to the root on the chain", "Take leaf and proof from the dataset."),
    "BeyondBounds": (
        "{trader}'s leaf goes beyond what its orders allow: debit {debitBound:eur}, credit {creditBound:eur}, "
        "penalty {penaltyBound:eur} at most",
        "The operators settled wrongly: do not execute; the lock goes back at the execution timeout.",
    ),
    "PotTooSmall": (
        "the pot of session {sessionId} lacks {missing:eur} for {trader}'s credit",
        "Execute the leaves of those who owe first, or all in one batch.",
    ),
    "LengthMismatch": ("{leaves} leaves come with {proofs} proofs", "Give one proof for each."),
    "NothingUnfilled": ("order {index} of session {sessionId} has nothing left to free", "Nothing needs doing."),
    "SettlementStands": ("session {sessionId} has a settlement that was accepted in time", "Execute it instead."),
    "LockHolds": ("{trader}'s lock in session {sessionId} has no reason to end yet", "Wait for the session's course."),
    "ExecutionRunning": (
        "{executed} of {traders} leaves of session {sessionId} are executed",
        "Execute the others, or wait for the execution timeout.",
    ),
    # operators
    "NotAClient": ("{account} is none of the contracts that put questions to the operators", "Use the market."),
    "NotOwnContract": (
        "{account} is none of the community's own contracts",
        "Use the community's market, desk or services.",
    ),
    "InvalidOperators": ("{count} operators are too few, too many (over {most}) or not all different", "List others."),
    "InvalidThreshold": ("{threshold} of {operators} operators is no majority of them", "Ask for more than half."),
    "InvalidShare": ("a share of {bps} basis points is above the whole", "Give at most 10000."),
    "NotAnOperator": ("{account} is no operator of set {setId}", "Sign as an operator of the session's set."),
    "BondTooSmall": (
        "operator {operator} has a bond of {bond:eur}, and {required:eur} are asked",
        "Deposit more bond.",
    ),
    "AlreadyVoted": ("operator {operator} backs an answer to this question already", "Nothing needs doing."),
    "NoVote": ("operator {operator} has no vote to take back here", "Nothing needs doing."),
    "UnknownAnswer": ("nobody posted this answer", "Post it before attesting it."),
    "OtherAnswerAccepted": (
        "another answer was accepted already",
        "Compare it with your own, and object if it is wrong.",
    ),
    "QuestionClosed": ("the question took no votes any more at {timestamp:time}", "It is too late."),
    "NotRetractable": ("this vote may not be withdrawn any more", "It stands."),
    "StakeHeld": ("the stake may still be lost", "Wait until the question's window is over."),
    "BondHeld": ("the bond of {operator} is held by {stakes} open stakes", "Release them when their windows are over."),
    "InvalidAmount": ("an amount of {amount:eur} is zero, or more than the {available:eur} there are", "Give another."),
    # sessions
    "UnknownSession": ("there is no session {sessionId}", "List them with `commonwatt session list`."),
    "WrongTimes": (
        "the times do not follow one another: now {timestamp:time}, commit until {commitDeadline:time}, reveal until "
        "{revealDeadline:time}, delivery from {deliveryStart:time}",
        "Each must come after the one before; delivery may start with the reveal deadline.",
    ),
    "WindowTooShort": (
        "the {window:text} window of {length} s is shorter than the community's least of {least} s, or empty",
        "Lengthen it.",
    ),
    "WindowTooLong": (
        "the {window:text} window of {length} s is longer than the {most} s that the contract allows",
        "Shorten it: what members lock would be locked for too long.",
    ),
    "OffGrid": (
        "a delivery from {deliveryStart:time} in slots of {slotSeconds} s is off the grid",
        "Slots are 900 or 3600 s long, and delivery starts with one.",
    ),
    "WrongSlotCount": ("a session of {slotCount} slots is empty or above {most}", "Choose 1 to 100 slots."),
    "SlotTaken": ("the slot from {start:time} belongs to another session", "Choose another delivery."),
    "WrongPrices": (
        "floor {floorPrice:price}, cap {capPrice:price} and penalty {penaltyPrice:price} do not fit",
        "The floor is at most the cap, and cap and penalty are above zero.",
    ),
    "WrongOrderLimits": (
        "a smallest order of {smallestOrder} Wh or {mostOrders} orders a member is too little",
        "Both must be above zero.",
    ),
    "ShareTooLarge": ("a share of {bps} basis points is above the whole", "Give at most 10000."),
    "AlreadyValidated": ("session {sessionId} is validated already", "Nothing needs doing."),
    # settlement euro
    "ReferenceUsed": ("this bank payment's reference was used before", "A payment is minted once: check which it is."),
    "EmptyReference": ("a bank reference must not be empty", "Give the payment's reference."),
    # treasury
    "UnknownAsset": ("{asset} is neither the community's token nor its settlement token", "Choose one of the two."),
    "IncompletePayment": ("a payment needs a payee, an amount and a purpose", "Give all three."),
    "UnknownPayment": ("there is no payment {paymentId}", "Count from 1."),
    "PaymentClosed": ("payment {paymentId} was approved, made or withdrawn already", "Propose a new one."),
    "SecondPersonNeeded": ("{proposer} proposed the payment and may not approve it", "Have somebody else approve it."),
    "NotApproved": ("payment {paymentId} is not approved", _ASK_ADMIN),
    "NoticeRunning": ("the notice of payment {paymentId} runs until {dueAt:time}", "Wait until then."),
    # OpenZeppelin's
    "AccessControlUnauthorizedAccount": (
        "{account} lacks the role {neededRole:role}",
        "Sign as somebody who has it, or have it granted.",
    ),
    "AccessControlBadConfirmation": ("a role can be renounced only by its holder", "Sign as that account."),
    "ECDSAInvalidSignature": ("the signature is none", "Sign again."),
    "ECDSAInvalidSignatureLength": ("a signature of {length} bytes is none", "Sign again."),
    "ECDSAInvalidSignatureS": ("the signature is in a form that is not taken", "Sign again."),
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance:eur} of this account, and {needed:eur} are needed",
        "Approve the amount first.",
    ),
    "ERC20InsufficientBalance": ("{sender} holds {balance:eur}, and {needed:eur} are needed", "Pay less, or get more."),
    "ERC20InvalidApprover": ("{approver} cannot approve", _BUG),
    "ERC20InvalidReceiver": ("{receiver} cannot receive", "Give another address."),
    "ERC20InvalidSender": ("{sender} cannot send", _BUG),
    "ERC20InvalidSpender": ("{spender} cannot spend", _BUG),
    "ERC2612ExpiredSignature": ("the permit was good until {deadline:time}", "Sign again."),
    "ERC2612InvalidSigner": ("the permit is signed by {signer}, not by {owner}", "Sign again with that wallet."),
    "CloneArgumentsTooLong": ("a community's contract would be given too much at its birth", _BUG),
    "FailedDeployment": ("a contract could not be created", _BUG),
    "InsufficientBalance": ("{balance} are there, and {needed} are needed", _BUG),
    "InvalidAccountNonce": ("{account}'s next nonce is {currentNonce}", "Sign again."),
    "InvalidInitialization": ("the contract was set up already", "Create a community through the factory."),
    "NotInitializing": ("the contract is not being set up", _BUG),
    "InvalidShortString": ("a text is not what it says", _BUG),
    "StringTooLong": ("the text {str!r} is too long", "Shorten it."),
    "ReentrancyGuardReentrantCall": ("a token called back into the contract", "Do not use that token."),
    "SafeCastOverflowedUintDowncast": ("{value} does not fit {bits} bits", "Use a smaller figure."),
    "SafeERC20FailedOperation": (
        "the settlement token {token} did not move the amount",
        "Look at balance and allowance.",
    ),
}

ROLES = {
    bytes(32): "default admin",
    **{
        keccak256(f"{name}_ROLE".encode()): name.lower().replace("_", " ")
        for name in (
            "COMMUNITY_ADMIN",
            "TOKEN_ADMIN",
            "ORACLE_ADMIN",
            "MARKET_OPERATOR",
            "PLATFORM_ADMIN",
            "ISSUER",
        )
    },
}
"""Digest of a role → its name."""


TOKEN_CONTRACTS = ("CommunityToken", "ServiceExchange", "GroupPurchases", "GoodsLoans", "CommunityWorks")
"""Contracts that move the community's token, and no settlement euro."""
OF_TOKENS: Mapping[str, tuple[str, str]] = {
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance:tokens} of this account, and {needed:tokens} are needed",
        "Approve the amount first.",
    ),
    "ERC20InsufficientBalance": (
        "{sender} holds {balance:tokens}, and {needed:tokens} are needed",
        "Pay less, or earn some first.",
    ),
}
"""The sentences of these errors where the community's token refuses."""


def sentence(name: str, values: Mapping[str, Any], contract: str = "") -> tuple[str, str]:
    """What happened, without its full stop, and the remedy, for an error by its name and values.

    `contract` is the one that was called: it says what an ERC-20's amounts are of.
    """
    if name in OF_TOKENS and contract in TOKEN_CONTRACTS:
        return _Sentence().vformat(OF_TOKENS[name][0], (), values), OF_TOKENS[name][1]
    if name not in SENTENCES:
        said = ", ".join(f"{key} {_shown(value)}" for key, value in values.items())
        return f"the contract refused with {name}" + (f" ({said})" if said else ""), "Look it up in the contract."
    what, remedy = SENTENCES[name]
    return _Sentence().vformat(what, (), values), remedy


_NEVER = 2**256 - 1


def show_moment(epoch: int) -> str:
    """A chain's time for people: local, to the second, whatever figure a contract names."""
    try:
        return datetime.fromtimestamp(epoch, LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z")
    except (OverflowError, ValueError, OSError):
        return f"second {epoch} since 1970"


def _show_end(epoch: int) -> str:
    """When something ends that may never end."""
    return "for ever" if epoch == _NEVER else f"until {show_moment(epoch)}"


class _Sentence(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return str(_FORMATS[format_spec](value)) if format_spec in _FORMATS else _shown(value)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return value if conversion is None else repr(value)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, str) and value.startswith("0x") and len(value) == ADDRESS_LENGTH:
        return checksummed(Address(value))
    return value.name.lower() if hasattr(value, "name") else str(value)


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("ascii", "replace")


_FORMATS: Mapping[str, Callable[[Any], object]] = {
    "time": show_moment,
    "end": _show_end,
    "eur": lambda value: show_eur(MoneyUe(value)),
    "price": lambda value: show_eur_kwh(PriceUekwh(value)),
    "kwh": lambda value: show_kwh(EnergyWh(value)),
    "tokens": show_tokens,
    "text": _text,
    "order": lambda value: value + 1,
    "role": lambda value: f"“{ROLES.get(value, '0x' + value.hex())}”",
}
