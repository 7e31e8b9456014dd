"""What an adapter of a file format is, and what came of taking a file in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from commons.intake.message import Message
from commons.intake.port import Flow
from oracle.quality.types import Anomalies, Fates, FlowRules, RawReadings

Places = Mapping[str, str]
"""How a partner's file names points: its label to the point's id."""

Format = Callable[[Path, Places, FlowRules], RawReadings]
"""Reads a file as it is, in the order of its lines; whether the readings can be right is for `oracle.quality`.

It raises `MalformedInput` or `UnitError` for a file that is not of the format, naming the line, and `UnknownPoint` for
a label that no point has. Nothing of a file is taken unless all of it can be read.
"""


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a file: readings it held, how many were new, and everything that was wrong."""

    read: int
    added: int
    anomalies: Anomalies


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What became of a delivery in the store: why each reading was not accepted, and which were new."""

    fates: Fates
    is_new: npt.NDArray[np.bool_]
    anomalies: Anomalies


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with the flow that sent it."""

    flow: Flow
    message: Message
