"""`commonwatt network backup DIR NODE --out FILE`, `restore FILE --out DIR`: a node's folder, encrypted.

The backup holds key, configuration, lists and the network's secrets, not chain data, which peers give again. The
password is asked for, or read from a file or descriptor. **Never run two nodes with one key**: a validator that signs
twice can split the chain. Restoring overwrites nothing.
"""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from commons.errors import InputError, MalformedInput
from scripts.network.vault import opened, restore, sealed, write_backup
from scripts.surroundings import Json, PasswordFile, show


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")],
    node: Annotated[str, typer.Argument(metavar="NODE", help="The node.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it; nothing is overwritten.")],
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Write an encrypted backup of a node."""
    if out.exists():
        raise InputError(f"{out} exists", remedy="Name a new file: backups are not overwritten.")
    content = sealed(folder, node, _password(password_file, twice=True))
    write_backup(out, content)
    report = {"node": node, "file": str(out), "bytes": len(content)}
    show(as_json, report, lambda: [f"{node} is in {out} ({len(content)} bytes). Keep the password elsewhere."])


def run_restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The network's folder, new or old.")],
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Bring a node's folder back; start it only when the old one is gone for good."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
    written = restore(out, opened(content, _password(password_file)))
    show(as_json, {"folder": str(out), "written": written}, lambda: [f"{len(written)} files are back in {out}."])


def _password(file: Path | None, twice: bool = False) -> str:
    if file is None:
        password = getpass.getpass("Password of the backup: ")
        if twice and getpass.getpass("Again: ") != password:
            raise InputError("the two passwords differ", remedy="Try again.")
        return password
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
