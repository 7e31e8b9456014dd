"""The built page is served as it must be: its language, its own addresses, what is kept, and what it may do."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.services import Services
from api.web.page import PageFiles, preferred
from commons.settings import Settings

INDEX = "<!doctype html><title>Commonwatt</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    for language in ("en", "it"):
        (dist / language).mkdir(parents=True)
        (dist / language / "index.html").write_text(INDEX + language)
        (dist / language / "main-ABCDEF12.js").write_text("console.log(1)")
    (tmp_path / "secret.txt").write_text("secret")
    return dist


@pytest.fixture
def client(folder: Path) -> TestClient:
    app = create_app(Settings(), Services(page=PageFiles(folder)))
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def test_page__not_built__is_a_problem_that_says_so(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(), Services(page=PageFiles(tmp_path))))
    answer = client.get("/en/")
    assert (answer.status_code, answer.json()["code"]) == (404, "page_not_built")


@pytest.mark.parametrize("path", ["/en/..%2f..%2fsecret.txt", "/en/%2e%2e/%2e%2e/secret.txt", "/en/main-00000000.js"])
def test_page__file_outside_or_absent__is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (302, 307, 404)
    assert "secret" not in answer.text


def test_page__unknown_address_of_the_api__is_a_problem_not_the_page(client: TestClient) -> None:
    assert client.get("/v1/nonsense").json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("de, en;q=0.5, it;q=0.7", "it"),
        ("en;q=0.3, it;q=0", "en"),
        ("fr", "en"),
        ("", "en"),
        ("it;q=nonsense", "en"),
    ],
)
def test_preferred__header__names_the_language(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_page__no_language__is_sent_on_with_its_query(client: TestClient) -> None:
    answer = client.get("/market?session=3", headers={"Accept-Language": "it"})
    assert (answer.status_code, answer.headers["Location"]) == (307, "/it/market?session=3")


def test_page__its_own_address__is_the_index_and_never_kept(client: TestClient) -> None:
    answer = client.get("/it/market/3/receipt")
    assert (answer.status_code, answer.text) == (200, INDEX + "it")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_page__hashed_file__is_kept_for_good_and_sent_compressed(client: TestClient) -> None:
    answer = client.get("/en/main-ABCDEF12.js", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.text == "console.log(1)"


def test_page__changed_on_disk__is_served_anew(client: TestClient, folder: Path) -> None:
    tag = client.get("/en/").headers["ETag"]
    assert client.get("/en/", headers={"If-None-Match": tag}).status_code == 304
    (folder / "en" / "index.html").write_text(INDEX + "new")
    assert client.get("/en/", headers={"If-None-Match": tag}).text == INDEX + "new"


def test_page__policy__runs_own_scripts_only_and_asks_any_https_rpc(client: TestClient) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in client.get("/en/").headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"].split() == ["'self'", "https:", "http://127.0.0.1:*", "http://localhost:*"]
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"


def test_answers__of_the_api__may_do_nothing_in_a_browser(client: TestClient) -> None:
    headers = client.get("/health").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


def test_cors__by_default__lets_nobody_in() -> None:
    client = TestClient(create_app(Settings()))
    answer = client.get("/health", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_cors__origin_named_in_the_settings__is_let_in_without_cookies() -> None:
    client = TestClient(create_app(Settings(api_cors=("https://page.example",))))
    assert client.get("/health", headers={"Origin": "https://page.example"}).headers["Access-Control-Allow-Origin"] == (
        "https://page.example"
    )
    other = client.get("/health", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    assert "Access-Control-Allow-Credentials" not in other.headers


def test_headers__served_by_https__insist_on_it() -> None:
    client = TestClient(create_app(Settings(api_origin="https://energy.example")))
    assert "max-age" in client.get("/health").headers["Strict-Transport-Security"]


def test_metrics__after_requests__count_them_by_route_and_name_nobody(client: TestClient) -> None:
    wallet = "0x" + "12" * 20
    client.get(f"/v1/communities/{wallet}")
    text = client.get("/metrics").text
    assert 'commonwatt_requests_total{method="GET",route="/v1/communities/{community}",status="501"} 1.0' in text
    assert wallet not in text


def test_page__not_modified__keeps_its_policy(client: TestClient) -> None:
    """A browser takes the headers of a 304 for those of the page it kept: another policy would shut the page out."""
    first = client.get("/en/")
    again = client.get("/en/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
