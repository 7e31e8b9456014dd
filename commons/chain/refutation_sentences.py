"""How the contracts that judge proofs and keep the demands for trees refuse: a part of `commons.chain.sentences`."""

from collections.abc import Mapping

from commons.chain.remedies import BUG

REFUTATION: Mapping[str, tuple[str, str]] = {
    # refuting an outcome
    "NotTheRefuter": ("{account} is not the contract that judges refutations", BUG),
    "NotTreeDemands": ("{account} is not the contract that keeps the demands", BUG),
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
    "WrongPlaceCount": ("the proof opens {given} places of the tree and needs {required}", BUG),
    "WrongContent": ("a place of the tree is opened by {length} bytes and needs {required}", BUG),
    "NoSuchPlace": ("a tree {depth} levels high has no position {position} on level {level}", BUG),
    "WrongPathLength": ("the path has {length} bytes and needs {required}", BUG),
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
    "WrongOrderOfPlaces": ("place {first} is not left of place {second}", BUG),
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
        BUG,
    ),
    "AnswerLeadsElsewhere": ("the answer leads to {reached}, and {hash} was asked for", "Check the tree's data."),
    "AnswerMayCome": (
        "demand {demandId} may be answered until {answerBy:time}, and it is {timestamp:time}",
        "Wait until then.",
    ),
    "OutcomeSettled": ("the outcome that demand {demandId} is about is void or final", "There is nothing to do."),
    "BondStays": ("the bond of demand {demandId} is still at stake, or paid", "Wait until the outcome is final."),
}
