"""What the dataset of a community and local day is."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from oracle.measurement.types import ReadingBatch

ByteRows = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DatasetId:
    """Which dataset: of a community (the address of its `Community`), a local day, and a version from 1 on."""

    community: Address
    day: date
    version: int


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A dataset with everything that its root follows from; row n of all columns is one leaf.

    `readings` has a row for every point and slot of the day, the missing ones too: that a reading is missing can be
    proved like any other. `salts` (n, 32) make a leaf unguessable. After those rows the tree has the leaves of members
    that were erased, of which nothing else is left.
    """

    id: DatasetId
    readings: ReadingBatch
    salts: ByteRows
    tree: StandardMerkleTree

    @property
    def leaf_hashes(self) -> ByteRows:
        """(n, 32) the hash of each reading's leaf."""
        found: ByteRows = self.tree.nodes[self.tree.positions[: len(self.readings)]]
        return found

    @property
    def root(self) -> bytes:
        """The 32 bytes to notarise."""
        return self.tree.root
