"""How the community's token and its rules refuse: a part of `commons.chain.sentences`."""

from collections.abc import Mapping

TOKEN: Mapping[str, tuple[str, str]] = {
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
    "NoSuccessor": (
        "what {oldWallet} holds may not move to another wallet (yet)",
        "Wait until the replacement's delay is over.",
    ),
}
