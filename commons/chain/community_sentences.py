"""How membership, points, the making of communities and the treasury refuse: part of `commons.chain.sentences`."""

from collections.abc import Mapping

from commons.chain.remedies import ASK_ADMIN

COMMUNITY: Mapping[str, tuple[str, str]] = {
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
    # creating a community
    "NoticePeriodOutOfRange": (
        "a notice of {period} s is outside {least} to {most} s",
        "Choose one within: members must see a change of fees, operators or payments coming.",
    ),
    "NotAContract": ("there is no contract at {account}", "Check the address, or deploy first."),
    "WrongDecimals": (
        "the settlement token {token} has {decimals} decimals, not {required}",
        "Use one that counts in millionths.",
    ),
    "EmptyName": ("a community needs a name and a symbol for its token", "Give both."),
    "UnknownCommunity": ("there is no community number {index}; there are {count}", "Count from 0."),
    # treasury
    "UnknownAsset": ("{asset} is neither the community's token nor its settlement token", "Choose one of the two."),
    "IncompletePayment": ("a payment needs a payee, an amount and a purpose", "Give all three."),
    "UnknownPayment": ("there is no payment {paymentId}", "Count from 1."),
    "PaymentClosed": ("payment {paymentId} was approved, made or withdrawn already", "Propose a new one."),
    "SecondPersonNeeded": ("{proposer} proposed the payment and may not approve it", "Have somebody else approve it."),
    "NotApproved": ("payment {paymentId} is not approved", ASK_ADMIN),
    "NoticeRunning": ("the notice of payment {paymentId} runs until {dueAt:time}", "Wait until then."),
}
