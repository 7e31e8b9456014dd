"""A point's public name depends on its salt and tells nothing else."""

import pytest

from commons.keccak import keccak256
from oracle.measurement.points import point_id

SALT = bytes(range(32))


def test_point_id__short_salt__is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        point_id(SALT[:31], "IT001E00000001")


def test_point_id__same_pod_other_salt__is_another_name() -> None:
    assert point_id(SALT, "IT001E00000001") != point_id(bytes(32), "IT001E00000001")


def test_point_id__salt_and_pod__is_the_hash_of_both_joined() -> None:
    assert point_id(SALT, "IT001E00000001") == "0x" + keccak256(SALT + b"IT001E00000001").hex()
