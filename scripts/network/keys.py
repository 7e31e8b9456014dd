"""A network's secrets: node keys, the key that signs RPC tokens, the proxy's certificate, the explorer's passwords.

Each lies in a file of mode 0600 and is never printed. A secret that a folder holds already is taken from there, so that
the same keys give the same network again.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from coincurve import PrivateKey
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from commons.addresses import Address, address_of
from commons.errors import MalformedInput, SettingsError
from commons.keccak import keccak256
from scripts.network.files import PUBLIC, SECRET, Content

JWT_KEY = "secrets/jwt.pem"
JWT_PUBLIC = "secrets/jwt-public.pem"
TLS_KEY = "secrets/tls-key.pem"
TLS_CERTIFICATE = "secrets/tls-certificate.pem"
EXPLORER = "secrets/explorer.env"
RSA_BITS = 2048
CERTIFICATE_DAYS = 397
EXPLORER_DATABASE = "explorer-database"
"""The service's name, by which the explorer finds it."""


def node_key_file(name: str) -> str:
    """Where the key of a node lies."""
    return f"nodes/{name}/key"


@dataclass(frozen=True)
class NodeKey:
    """The key of a node: secp256k1, 32 bytes."""

    raw: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "NodeKey":
        """A key nobody had before."""
        return cls(PrivateKey().secret)

    @classmethod
    def parsed(cls, text: str, where: str) -> "NodeKey":
        """The key in a key file: 64 hexadecimal digits.

        Raises:
            MalformedInput: it is none.
        """
        try:
            raw = bytes.fromhex(text.strip().removeprefix("0x"))
            PrivateKey(raw)
            if len(raw) != 32:
                raise ValueError
        except ValueError:
            raise MalformedInput(
                f"{where} is no key of a node", remedy="It must hold 64 hexadecimal digits; restore it from a backup."
            ) from None
        return cls(raw)

    @property
    def node_id(self) -> str:
        """The public key, 128 hexadecimal digits."""
        return PrivateKey(self.raw).public_key.format(compressed=False)[1:].hex()

    @property
    def address(self) -> Address:
        """What validators are known by."""
        return address_of(keccak256(bytes.fromhex(self.node_id))[12:])

    @property
    def content(self) -> Content:
        """The key as its file holds it, for Besu."""
        return Content(f"0x{self.raw.hex()}".encode(), SECRET)


def read_node_key(file: Path) -> NodeKey:
    """The key in a file.

    Raises:
        SettingsError: it cannot be read, or others may read it. MalformedInput: it is none.
    """
    require_private(file)
    return NodeKey.parsed(_read(file).decode("ascii", "replace"), str(file))


def require_private(file: Path) -> None:
    """Refuse a file of secrets that others than its owner may open.

    Raises:
        SettingsError: they may, or there is none.
    """
    try:
        mode = file.stat().st_mode & 0o777
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror})", remedy="Check the folder.") from error
    if mode & 0o077:
        raise SettingsError(
            f"{file} has mode {mode:04o}", which=str(file), remedy=f"Its mode must be 0600: chmod 600 {file}"
        )


class KeyRing:
    """Secrets taken from a folder that a network was written to, or made anew where it has none."""

    def __init__(self, source: Path | None) -> None:
        self._source = source

    def node_key(self, name: str) -> NodeKey:
        """The key of a node; errors as `read_node_key`."""
        known = self._known(node_key_file(name))
        return NodeKey.new() if known is None else read_node_key(known)

    def token_keys(self) -> dict[str, Content]:
        """The pair of keys that signs and verifies the tokens of the RPC."""
        private = self._or_new(JWT_KEY, new_rsa_key)
        return {JWT_KEY: Content(private, SECRET), JWT_PUBLIC: Content(public_pem(private), PUBLIC)}

    def certificate(self, hosts: tuple[str, ...]) -> dict[str, Content]:
        """The proxy's key and certificate, signed by itself until a real one takes its place."""
        key = self._or_new(TLS_KEY, new_ec_key)
        certificate = self._or_new(TLS_CERTIFICATE, lambda: self_signed(key, hosts))
        return {TLS_KEY: Content(key, SECRET), TLS_CERTIFICATE: Content(certificate, PUBLIC)}

    def explorer(self) -> dict[str, Content]:
        """The explorer's environment, with its database's password."""
        return {EXPLORER: Content(self._or_new(EXPLORER, new_explorer_environment), SECRET)}

    def _or_new(self, path: str, make: Callable[[], bytes]) -> bytes:
        known = self._known(path)
        return make() if known is None else _read(known)

    def _known(self, path: str) -> Path | None:
        file = None if self._source is None else self._source / path
        return file if file is not None and file.exists() else None


def new_rsa_key() -> bytes:
    """A key to sign tokens with (RS256)."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS))


def new_ec_key() -> bytes:
    """A key for a certificate."""
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def public_pem(private: bytes) -> bytes:
    """The public half of a key."""
    key = serialization.load_pem_private_key(private, None)
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def is_rsa_public(pem: bytes) -> bool:
    """Whether it is the public half of an RSA key, as nodes verify tokens with."""
    try:
        return isinstance(serialization.load_pem_public_key(pem), rsa.RSAPublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def self_signed(key_pem: bytes, hosts: tuple[str, ...]) -> bytes:
    """A certificate for these machines, signed by its own key."""
    key = serialization.load_pem_private_key(key_pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Commonwatt RPC")])
    begin = datetime.now(UTC)
    alternatives = [
        x509.DNSName("localhost"),
        *(x509.IPAddress(ip_address(h)) for h in dict.fromkeys((*hosts, "127.0.0.1"))),
    ]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number()).not_valid_before(begin)
    builder = builder.not_valid_after(begin + timedelta(days=CERTIFICATE_DAYS))
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def new_explorer_environment() -> bytes:
    """What the explorer and its database have to know alone."""
    password = secrets.token_hex(24)
    database = f"postgresql://blockscout:{password}@{EXPLORER_DATABASE}:5432/blockscout"
    lines = [f"POSTGRES_PASSWORD={password}", f"DATABASE_URL={database}", f"SECRET_KEY_BASE={secrets.token_hex(48)}"]
    return ("\n".join(lines) + "\n").encode()


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror})", remedy="Check who owns it.") from error
