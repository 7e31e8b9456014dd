"""How the contracts of deals, loans, works and incentives refuse: a part of `commons.chain.sentences`."""

from collections.abc import Mapping

EXCHANGE: Mapping[str, tuple[str, str]] = {
    "NotYourDeal": ("{account} is not the party of deal {dealId} that takes this step", "Sign as that party."),
    "OwnDeal": (
        "{account} is a party of deal {dealId}, or opened its dispute",
        "Have another community admin judge it.",
    ),
    "WrongDealState": ("deal {dealId} is {state}, which does not allow this step", "Look at the deal."),
    "DoneBefore": ("deal {dealId} was checked, or reviewed by this party, before", "Nothing needs doing."),
    "IncompleteListing": (
        "the listing lacks its content, a place or time to deliver, or gives more than a year",
        "Fill it in.",
    ),
    "WrongStructure": (
        "{structure} cannot be the structure of this listing",
        "Name an active stakeholder in a category with a structure, and nobody elsewhere.",
    ),
    "ListingClosed": (
        "listing {listingId} does not exist, is closed, or all its places are taken",
        "Look for another one.",
    ),
    "NotYourListing": ("{account} is not who made listing {listingId}", "Wait until its time is over."),
    "BudgetTooSmall": (
        "the budget is {budget:tokens}, and {amount:tokens} are asked for",
        "Have the treasury pay more to the community's works.",
    ),
    "WrongBonusState": (
        "the bonus of incentive {incentiveId} is not to be confirmed again, or not confirmed yet",
        "Look at the incentive.",
    ),
    "NoShareInIncentive": ("{wallet} was paid no share of incentive {incentiveId}", "Claim the share in euro first."),
    "BonusTaken": ("member {memberId} got the bonus of incentive {incentiveId} before", "Nothing needs doing."),
    "IncompletePurchase": (
        "the purchase lacks its content, units or time, or gives more than a year",
        "Fill it in; the least units are at most the most.",
    ),
    "PurchaseClosed": ("purchase {purchaseId} does not exist, or was cancelled", "Look for another one."),
    "TooManyUnits": ("{units} units are asked for, and {left} are left", "Ask for fewer."),
    "NotYourPurchase": ("{account} is not the supplier of purchase {purchaseId}", "Sign as its supplier."),
    "IncompleteGood": (
        "the good lacks its content, a price or deposit, or time, or gives more than a year",
        "Fill it in.",
    ),
    "GoodNotThere": (
        "good {goodId} does not exist, was withdrawn, or is out for loan {loanId}",
        "Look for another one, or wait until it is back.",
    ),
    "NotYourGood": ("{account} is not the lender of good {goodId}", "Sign as its lender."),
    "LoanTooLong": ("a loan of {duration} s is not within {longest} s", "Borrow it for a shorter time, above zero."),
    "NotYourLoan": ("{account} is not the party of loan {loanId} that takes this step", "Sign as that party."),
    "OwnLoan": ("{account} is a party of loan {loanId}", "Have another community admin judge it."),
    "WrongLoanState": ("loan {loanId} is {state}, which does not allow this step", "Look at the loan."),
    "IncompleteIncentive": ("the incentive lacks its reference, rule or period, or nothing arrived", "Give all of it."),
    "IncentiveRecorded": (
        "the bank's payment {bankReference} was recorded before",
        "A payment is recorded once: check which it is.",
    ),
    "IncentiveOver": (
        "incentive {incentiveId} does not exist, or was closed",
        "Nothing can be done: what was left is the treasury's.",
    ),
    "WrongSplit": (
        "a split of {total:eur} of incentive {incentiveId} ({amount:eur}) is incomplete, or more than arrived",
        "Compute it again.",
    ),
    "NotASplitOperator": (
        "{account} is no operator of the set {setId}",
        "The operators of the time of the record post.",
    ),
    "SplitNotFinal": ("no split of incentive {incentiveId} is final", "Wait until its window is over."),
    "NotInSplit": ("{member} has no share of {amount:eur} in incentive {incentiveId}", "Read the split's data again."),
    "ShareClaimed": ("the share of {member} in incentive {incentiveId} was paid before", "Nothing needs doing."),
    "SplitExhausted": (
        "{amount:eur} pass the {left:eur} that are left of incentive {incentiveId}",
        "The operators divided wrongly: ask them.",
    ),
    "Reserved": (
        "{amount:eur} pass the {free:eur} that are not reserved for members",
        "Pay less, or wait until an incentive is closed.",
    ),
}
