"""Events as the read model keeps them."""

from sqlmodel import Session

from api.read_model.events import Wanted, page_of_events
from api.read_model.model import require_community, require_session
from api.schemas.events import ChainEvent


def of_session(rows: Session, at: str, number: int, before: int | None, limit: int) -> list[ChainEvent]:
    """What happened to a session, newest first; errors as `require_session`."""
    require_session(rows, at, number)
    return found(rows, Wanted(community=at, session=number), before, limit)


def of_community(rows: Session, wanted: Wanted, before: int | None, limit: int) -> list[ChainEvent]:
    """Events of a community, newest first; errors as `require_community`."""
    require_community(rows, str(wanted.community))
    return found(rows, wanted, before, limit)


def found(rows: Session, wanted: Wanted, before: int | None, limit: int) -> list[ChainEvent]:
    """The events that are wanted, newest first."""
    return [ChainEvent.model_validate(event) for event in page_of_events(rows, wanted, before, limit)]
