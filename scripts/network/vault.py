"""Backups of a node: what it needs to run, without chain data, encrypted with a password (scrypt, AES-256-GCM).

Chain data is not in it: a node that comes back fetches it from its peers.
"""

import io
import json
import secrets
import tarfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from commons.errors import InputError, MalformedInput, NotFound
from scripts.network.files import SECRET, Content, write_file
from scripts.network.node_config import DATA_PATH

MAGIC = b"commonwatt-node-1\n"
SALT_BYTES, NONCE_BYTES = 16, 12
LEAST_PASSWORD = 12
SKIPPED = (DATA_PATH, "besu.log")


def sealed(folder: Path, name: str, password: str) -> bytes:
    """A node's folder, the network's own files beside it, and its secrets, encrypted.

    Raises:
        NotFound: the node has no folder here. InputError: the password is short.
    """
    if len(password) < LEAST_PASSWORD:
        raise InputError(f"a password of {len(password)} characters is too short", remedy="Use 12 or more.")
    place = folder / "nodes" / name
    if not (place / "key").is_file():
        raise NotFound(f"there is no node {name!r} in {folder}", which=name, remedy="Name one whose key is here.")
    files = [file for file in sorted(place.rglob("*")) if file.relative_to(place).parts[0] not in SKIPPED]
    files += [*sorted(folder.iterdir()), *sorted((folder / "secrets").glob("*"))]
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for file in files:
            if file.is_file():
                archive.add(file, arcname=str(file.relative_to(folder)), recursive=False)
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    head = MAGIC + json.dumps({"node": name}).encode() + b"\n"
    return head + salt + nonce + AESGCM(_key(password, salt)).encrypt(nonce, stream.getvalue(), head)


def opened(content: bytes, password: str) -> dict[str, Content]:
    """The files of a backup by their paths below the network's folder.

    Raises:
        MalformedInput: it is no backup, or the password is another.
    """
    head_end = content.find(b"\n", len(MAGIC)) + 1
    if not content.startswith(MAGIC) or head_end < len(MAGIC):
        raise MalformedInput(
            "this is no backup of a node", remedy="Name a file that `commonwatt network backup` wrote."
        )
    head, salt = content[:head_end], content[head_end : head_end + SALT_BYTES]
    at = head_end + SALT_BYTES
    try:
        packed = AESGCM(_key(password, salt)).decrypt(content[at : at + NONCE_BYTES], content[at + NONCE_BYTES :], head)
    except (InvalidTag, ValueError) as error:
        raise MalformedInput(
            "the backup does not open", remedy="Check the password, and that the file is whole."
        ) from error
    files: dict[str, Content] = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member)
            if stream is None or member.name.startswith("/") or ".." in Path(member.name).parts:
                raise MalformedInput(f"the backup holds {member.name!r}", remedy="It was not written by this program.")
            files[member.name] = Content(stream.read(), member.mode & 0o777)
    return files


def restore(folder: Path, files: dict[str, Content]) -> list[str]:
    """Write what is not there yet; give the paths written.

    Raises:
        InputError: a file that is there differs.
    """
    for path, content in files.items():
        there = folder / path
        if there.exists() and there.read_bytes() != content.text and path.startswith(("nodes/", "genesis", "secrets/")):
            raise InputError(
                f"{there} is there already and differs", which=path, remedy="Restore into a new folder and compare."
            )
    missing = {path: content for path, content in files.items() if not (folder / path).exists()}
    for path, content in missing.items():
        write_file(folder / path, content)
    return sorted(missing)


def write_backup(file: Path, content: bytes) -> None:
    """Write a backup for its owner alone."""
    write_file(file, Content(content, SECRET))


def _key(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode())
