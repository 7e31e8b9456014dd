"""CIDs are those that IPFS gives raw blocks, and content is checked against them."""

import pytest

from commons.cid import cid_of, cid_of_digest, digest_of, parse_cid, verify
from commons.errors import CidMismatch, MalformedInput

HELLO = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"  # `hello world`, as Kubo names it


FOREIGN = ["", "../secret", HELLO.upper(), HELLO[:-1], HELLO + "a", "Qm" + HELLO[2:], "bafybei" + HELLO[7:]]


@pytest.mark.parametrize("text", FOREIGN)
def test_parse_cid__anything_but_raw_sha256_base32__is_refused(text: str) -> None:
    with pytest.raises(MalformedInput, match="not a CID"):
        parse_cid(text)


def test_verify__content_altered__is_refused_with_both_names() -> None:
    with pytest.raises(CidMismatch, match=f"chunk 3 was altered.*not {HELLO}"):
        verify(cid_of(b"hello world"), b"hello worle", "chunk 3")


def test_cid_of__hello_world__is_what_ipfs_says() -> None:
    assert cid_of(b"hello world") == HELLO
    assert parse_cid(HELLO) == HELLO
    assert cid_of_digest(digest_of(parse_cid(HELLO))) == HELLO
