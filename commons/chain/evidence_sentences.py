"""How the contracts of datasets and rewards refuse: a part of `commons.chain.sentences`."""

from collections.abc import Mapping

from commons.chain.remedies import BUG

EVIDENCE: Mapping[str, tuple[str, str]] = {
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
    "NotTheRewards": ("{account} is not the contract of the rewards", BUG),
}
