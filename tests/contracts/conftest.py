"""Contract tests: brownie's chain, and the actors and contracts that every test of this folder meets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.toolchain import SOLC_VERSION
from tests.contracts import brownie_chain


def pytest_configure(config: pytest.Config) -> None:
    """Bring up brownie once this folder is collected."""
    brownie_chain.start(config)


import brownie  # noqa: E402

from tests.contracts import chain, market  # noqa: E402
from tests.contracts.community import (  # noqa: E402
    FUNDS_UE,
    Contracts,
    Implementations,
    Person,
    bond,
    create_community,
    deploy_platform,
    fund,
    join,
    parameters,
    person,
)


@pytest.fixture(scope="session")
def project() -> Any:
    """brownie's project: a container per contract."""
    return brownie.project.get_loaded_projects()[0]


@pytest.fixture(scope="session")
def platform_admin() -> Person:
    """Creates communities."""
    return person("platform admin", 0)


@pytest.fixture(scope="session")
def admin() -> Person:
    """Holds every role of the community at first."""
    return person("admin", 1)


@pytest.fixture(scope="session")
def second_admin() -> Person:
    """A person without a role until a test gives one."""
    return person("second admin", 2)


@pytest.fixture(scope="session")
def issuer() -> Person:
    """Mints settlement euro."""
    return person("issuer", 3)


@pytest.fixture(scope="session")
def operators() -> list[Person]:
    """Three oracle operators of whom two must agree."""
    return [person(f"operator {number}", 3 + number) for number in (1, 2, 3)]


@pytest.fixture(scope="session")
def alice() -> Person:
    return person("alice", 7)


@pytest.fixture(scope="session")
def bob() -> Person:
    return person("bob", 8)


@pytest.fixture(scope="session")
def carol() -> Person:
    return person("carol", 9)


@pytest.fixture(scope="session")
def stranger() -> Person:
    """Somebody who is nothing here."""
    return person("stranger", 10)


@pytest.fixture(scope="session")
def relayer() -> Person:
    """Somebody who sends what others signed."""
    return person("relayer", 11)


@pytest.fixture(scope="session")
def new_wallet() -> Person:
    """A wallet nobody has used yet."""
    return person("new wallet", 12)


@pytest.fixture(scope="session")
def recovery() -> Person:
    """A recovery key."""
    return person("recovery", 13)


@pytest.fixture(scope="session")
def odd_tokens() -> Any:
    """Containers of the tokens in mocks/, compiled here: the project's own contracts do not know them."""
    source = (Path(__file__).parent / "mocks" / "OddTokens.sol").read_text()
    return brownie.compile_source(source, solc_version=SOLC_VERSION, evm_version="cancun")


@pytest.fixture(scope="session")
def platform(project: Any, platform_admin: Person) -> Implementations:
    """The implementations and the factory."""
    chain.keep_time()
    return deploy_platform(project, platform_admin)


@pytest.fixture(scope="session")
def euro(project: Any, issuer: Person) -> Any:
    """The settlement euro."""
    return chain.deploy(project.SettlementEuro, issuer.address, by=issuer)


@pytest.fixture(scope="session")
def fontana(
    project: Any,
    platform: Implementations,
    euro: Any,
    platform_admin: Person,
    admin: Person,
    issuer: Person,
    operators: list[Person],
    alice: Person,
    bob: Person,
    carol: Person,
) -> Contracts:
    """A community of three active members with escrow, and three bonded operators."""
    values = parameters(admin, euro, operators)
    contracts = create_community(project, platform.factory, platform_admin, euro, values)
    for member in (alice, bob, carol):
        join(contracts, admin, member)
        fund(contracts, issuer, member, FUNDS_UE)
    for operator in operators:
        bond(contracts, issuer, operator)
    return contracts


@pytest.fixture(autouse=True)
def isolation(fontana: Contracts) -> Iterator[None]:
    """Each test finds the community as it was made."""
    with chain.undone():
        yield


@pytest.fixture
def session(fontana: Contracts, admin: Person) -> market.Session:
    """An open session."""
    return market.open_session(fontana, admin)
