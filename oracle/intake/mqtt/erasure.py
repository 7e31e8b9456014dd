"""Erase people at the broker: their flows may not sign in any more, and nothing of theirs waits there.

What waits is deleted whole: of its own file the broker alone knows which message is whose. Nobody loses a reading by
that, because a meter keeps one until the feedback says that it is stored, and no feedback has said so of what waits.
"""

import socket
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Engine

from commons.errors import SettingsError
from oracle.intake.mqtt.broker_files import DATA, listening_at, senders, write_rights

_PATIENCE_S = 5


def require_stopped(folder: Path) -> None:
    """Refuse while the folder's broker runs, which would write down again what it has in mind.

    Raises:
        NotFound: it is no broker's folder. SettingsError: the broker answers.
    """
    host, port = listening_at(folder)
    try:
        socket.create_connection((host, port), _PATIENCE_S).close()
    except OSError:
        return
    raise SettingsError(
        f"the broker of {folder} is at work at {host}:{port}", remedy="Stop it, erase, then start it again."
    )


def erase_at_broker(folder: Path, engine: Engine, flows: Collection[int]) -> None:
    """Take rights and passwords away from these flows, and delete what waits for anybody. Can be repeated.

    Raises:
        NotFound, SettingsError: as `require_stopped`.
    """
    require_stopped(folder)
    with engine.connect() as connection:
        write_rights(folder.resolve(), [one for one in senders(connection) if one.topics.flow not in flows])
    for path in sorted((folder / DATA).iterdir()):
        path.unlink()
