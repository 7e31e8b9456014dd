"""The genesis file: `extraData` byte by byte against an encoding written here, and the figures Besu needs."""

import json

from commons.addresses import Address
from scripts.network.genesis import document, extra_data
from scripts.network.inventory import Network, Node, Ports, Role


def a_node(number: int, role: Role = Role.VALIDATOR) -> Node:
    """A node with a made-up key."""
    at = Address("0x" + f"{number:02x}" * 20)
    return Node(f"node-{number}", role, "127.0.0.1", Ports().shifted(number), f"{number:02x}" * 64, at)


def length_prefix(length: int, short: int) -> bytes:
    """RLP's head of a string (from 0x80) or list (from 0xc0), by appendix B of Ethereum's yellow paper."""
    if length < 56:
        return bytes([short + length])
    size = (length.bit_length() + 7) // 8
    return bytes([short + 55 + size]) + length.to_bytes(size, "big")


def expected(addresses: list[bytes]) -> bytes:
    """Vanity, validators, no vote, round 0, no seals, put together by hand."""
    vanity = bytes([0x80 + 32]) + bytes(32)
    validators = b"".join(bytes([0x80 + 20]) + one for one in addresses)
    body = vanity + length_prefix(len(validators), 0xC0) + validators + b"\xc0" + b"\x80" + b"\xc0"
    return length_prefix(len(body), 0xC0) + body


def test_extra_data__of_one_validator__is_as_written_out() -> None:
    written = "f83aa0" + "00" * 32 + "d594" + "07" * 20 + "c080c0"
    assert extra_data([Address("0x" + "07" * 20)]).hex() == written


def test_extra_data__of_validators_in_any_order__is_that_of_ascending_addresses() -> None:
    for count in (1, 2, 4, 7, 30):
        addresses = [Address("0x" + bytes([255 - 3 * n] * 20).hex()) for n in range(count)]
        in_order = sorted(bytes.fromhex(one[2:]) for one in addresses)
        assert extra_data(addresses) == extra_data(reversed(addresses)) == expected(in_order)


def test_genesis__holds_what_a_chain_free_of_gas_needs() -> None:
    network = Network(4711, (a_node(2), a_node(1), a_node(3, Role.RPC)))
    found = json.loads(document(network))
    config = found["config"]
    assert [config[fork] for fork in ("berlinBlock", "londonBlock", "shanghaiTime", "cancunTime")] == [0, 0, 0, 0]
    assert config["zeroBaseFee"] is True
    assert config["qbft"] == {"blockperiodseconds": 2, "requesttimeoutseconds": 10, "epochlength": 30000}
    assert (found["baseFeePerGas"], found["difficulty"], found["alloc"]) == ("0x0", "0x1", {})
    assert found["mixHash"] == "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
    assert int(found["gasLimit"], 16) == 60_000_000
    assert found["extraData"] == "0x" + expected([b"\x01" * 20, b"\x02" * 20]).hex()  # the RPC node makes no blocks
