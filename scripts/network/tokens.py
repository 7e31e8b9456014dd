"""Tokens for the RPC of nodes: JWTs signed with the network's key (RS256), which nodes know the public half of."""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from commons.errors import SettingsError
from commons.units import EpochSeconds
from scripts.network.keys import JWT_KEY, require_private

OPERATOR = ("eth:*", "net:*", "web3:*", "txpool:*")
"""What an oracle operator's token is good for."""
ADMINISTRATOR = ("*:*",)
"""What the network's own commands need: votes and lists."""


def signed(key_pem: bytes, permissions: tuple[str, ...], issued_at: EpochSeconds, seconds: int) -> str:
    """A token that is good for `permissions` (Besu's names, `api:method`) until `seconds` after `issued_at`."""
    key = serialization.load_pem_private_key(key_pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    claims = {"permissions": list(permissions), "iat": issued_at, "exp": issued_at + seconds}
    body = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{body}.{_base64(key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def administrators_key(folder: Path) -> bytes:
    """The key that signs tokens for the nodes of this folder.

    Raises:
        SettingsError: it is not here, or others may read it.
    """
    file = folder / JWT_KEY
    require_private(file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror})", remedy="Check who owns it.") from error


def _part(content: dict[str, object]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
