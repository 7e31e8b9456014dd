"""The public name of a connection point, which tells nobody whose it is."""

from commons.keccak import keccak256

_SALT_BYTES = 32


def point_id(salt: bytes, pod: str) -> str:
    """`keccak256(salt ‖ pod name)` as 0x-hex; the salt is 32 secret bytes, one per point, kept off chain."""
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"the salt of a point is {_SALT_BYTES} bytes, not {len(salt)}")
    return "0x" + keccak256(salt + pod.encode()).hex()
