"""The key that signs access tokens: made once on this machine, in a file that its user alone can read."""

import os
import secrets
from pathlib import Path

from commons.errors import SettingsError

KEY_BYTES = 32
PRIVATE = 0o600


def token_key(file: Path) -> bytes:
    """The key in the file, made where there is none; two processes that begin together end with the same.

    Raises:
        SettingsError: others can read the file, or it holds no such key.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        return _read(file)
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    return _read(file)


def _read(file: Path) -> bytes:
    if file.stat().st_mode & 0o077:
        raise SettingsError(f"the key file {file} can be read by others", remedy=f"Run `chmod 600 {file}`.")
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"the key file {file} holds no key", remedy="Delete it: a new one is made, and everybody signs in again."
        )
    return key
