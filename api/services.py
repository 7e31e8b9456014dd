"""What the routers ask: one port for each part, filled in by `scripts/`, since the API knows neither oracle nor files.

Routes are there whatever parts are: one whose part is missing answers `not_offered`.
"""

from dataclasses import dataclass

from api.accounts import Accounts
from api.adhesion.desk import AdhesionDesk
from api.auth.desk import SignInDesk
from api.auth.roles import Roles
from api.exchange import Exchange
from api.explorer import Explorer
from api.network import NetworkFacts
from api.ports import Energy, OperatorRecords, Rewards, TakeOut
from api.read_model.model import ReadModel
from api.receipts import Receipts
from api.relay import Relay
from api.web.page import PageFiles
from api.web.pulse import Pulse
from commons.intake.port import Intake
from commons.store import Reader


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the API."""

    read_model: ReadModel | None = None
    explorer: Explorer | None = None
    network: NetworkFacts | None = None
    published: Reader | None = None
    sign_in: SignInDesk | None = None
    roles: Roles | None = None
    adhesion: AdhesionDesk | None = None
    relay: Relay | None = None
    receipts: Receipts | None = None
    energy: Energy | None = None
    take_out: TakeOut | None = None
    rewards: Rewards | None = None
    operator_records: OperatorRecords | None = None
    accounts: Accounts | None = None
    exchange: Exchange | None = None
    pulse: Pulse | None = None
    page: PageFiles | None = None
    intake: Intake | None = None
