"""How the market refuses, from escrow to the settlement euro: a part of `commons.chain.sentences`."""

from collections.abc import Mapping

MARKET: Mapping[str, tuple[str, str]] = {
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
}
