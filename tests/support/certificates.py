"""Certificates of the tests' own making: an authority, and a broker's in its name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Certified:
    """Files of an authority's certificate, and of a server's with its key."""

    authority: Path
    certificate: Path
    key: Path


def certify(folder: Path, address: str) -> Certified:
    """Make an authority, and have it certify the server at an address."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Certified(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    own, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, server = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", address))
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    root = _builder(authority, own, authority).add_extension(x509.BasicConstraints(True, 0), True)
    root = root.add_extension(usage, True)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    leaf = _builder(server, key, authority).add_extension(names, False)
    pem = serialization.Encoding.PEM
    found.authority.write_bytes(root.sign(own, hashes.SHA256()).public_bytes(pem))
    found.certificate.write_bytes(leaf.sign(own, hashes.SHA256()).public_bytes(pem))
    form, secrecy = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    found.key.write_bytes(key.private_bytes(pem, form, secrecy))
    return found


def _builder(of: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: x509.Name) -> x509.CertificateBuilder:
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(of).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(today - _DAY).not_valid_after(today + _DAY)
