"""Every error that a contract of ours can throw is provoked by a test, and every rule of a posted outcome, too."""

import ast
import re
from pathlib import Path

from commons.settings import PROJECT_DIR
from tests.contracts.chain import artefacts
from tests.contracts.test_outcome_verifier import BROKEN

INTERFACES = PROJECT_DIR / "contracts" / "interfaces"
ELSEWHERE = {"IRefutationVerifier"}
"""Its errors are compared with the Python judge's verdicts, all of them, in test_refutation_verifier."""


def own_errors() -> set[str]:
    """The names of the errors that our interfaces declare; what they inherit is others' to test."""
    files = [file for file in INTERFACES.glob("*.sol") if file.stem not in ELSEWHERE]
    return {name for file in files for name in re.findall(r"^ *error (\w+)\(", file.read_text(), re.M)}


def provoked_errors() -> set[str]:
    """The errors that the suite asserts by name: the first argument of `refused`, or the name in a table of cases."""
    names = set()
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        tree = ast.parse(file.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        asserted = [call.args[0] for call in calls if getattr(call.func, "id", "") == "refused"]
        tables = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)]
        listed = [part for table in tables if _is_constant(table) for part in ast.walk(table)]
        names |= {str(node.value) for node in (*asserted, *listed) if isinstance(node, ast.Constant)}
    return names


def _is_constant(table: ast.Assign | ast.AnnAssign) -> bool:
    target = table.targets[0] if isinstance(table, ast.Assign) else table.target
    return isinstance(target, ast.Name) and target.id.isupper()


def test_errors__of_every_interface__are_provoked() -> None:
    assert own_errors() - provoked_errors() == set()


def test_errors__that_tests_name__are_known_to_a_contract() -> None:
    known = {item["name"] for build in artefacts() for item in build["abi"] if item["type"] == "error"} | {"Panic"}
    asserted = {name for name in provoked_errors() if re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}", name)}
    assert asserted - known == set()


def test_rules__of_a_posted_outcome__are_each_broken_alone() -> None:
    source = (PROJECT_DIR / "contracts" / "libraries" / "ResultChecks.sol").read_text()
    rules = set(re.findall(r'ImpossibleResult\(slot, "([^"]+)"\)', source))
    assert rules == {rule for rule, _ in BROKEN}
