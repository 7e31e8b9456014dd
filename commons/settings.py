"""What the environment may change: the only module of the project that reads it.

Every field is also an environment variable with the prefix `COMMONWATT_`, so `COMMONWATT_RPC_URL` sets `rpc_url`.
Fields that carry a secret are `SecretStr`: they print as asterisks and are never logged.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where the parts of one installation are found."""

    model_config = SettingsConfigDict(env_prefix="COMMONWATT_", frozen=True, extra="ignore")

    network: str = "embedded"
    """Name of the chain; the addresses of its contracts are in `deployments/`."""
    rpc_url: str = "http://127.0.0.1:8545"
    """JSON-RPC endpoint of that chain."""
    rpc_timeout_s: float = 30
    """Seconds after which a request to the RPC counts as unanswered."""
    rpc_token_file: Path | None = None
    """File that holds the token (JWT) which the RPC asks for; mode 0600. `commonwatt network token` writes one."""
    legacy_transactions: bool = False
    """Send transactions with one gas price of 0 instead of the two fees of EIP-1559, both 0."""
    deployments_dir: Path = PROJECT_DIR / "deployments"
    """The addresses of the contracts, one file per network."""
    var_dir: Path = PROJECT_DIR / "var"
    """Everything that an installation writes: chain state, databases, published datasets, tools."""
    api_database: str | None = None
    """The API's own database, a file or a postgresql:// URL; a file under `var/api` if none."""
    api_origin: str = "http://127.0.0.1:8000"
    """Where people reach the API and its page; wallets are asked to sign in to this host and no other."""
    api_rpc_url: str | None = None
    """The RPC that wallets and auditors are told of; the API's own if none."""
    relayer_keystore: Path | None = None
    """The encrypted key that carries applications; it owns nothing and has no role. None are carried without one."""
    relayer_password_file: Path | None = None
    """The file that holds its password; mode 0600."""
    api_cors: tuple[str, ...] = ()
    """Other origins whose pages may ask the API, as a JSON list; none by default."""
    data_dir: Path = PROJECT_DIR / "data"
    """Measured readings that come with the project."""
    freeze_s: int = Field(default=12 * 3600, ge=0)
    """Seconds after its end at which a local day's readings freeze; the same with all operators of a community."""
    ipfs_api: str | None = Field(default=None, validation_alias=AliasChoices("COMMONWATT_IPFS_API", "IPFS_API"))
    """RPC of an IPFS node as a multiaddress, such as /ip4/127.0.0.1/tcp/5001/http: published files are pushed there."""
    mqtt_certificates: Path | None = None
    """Certificates to trust at the MQTT broker (PEM): readings then come in over TLS alone."""
    besu_bin: Path | None = Field(default=None, validation_alias=AliasChoices("BESU_BIN", "COMMONWATT_BESU_BIN"))
    """An installed Besu, for the tests that launch one."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
