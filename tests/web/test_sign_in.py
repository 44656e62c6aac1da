"""Signing in: who comes in, who does not, and what is kept of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visits import PASSWORD, sign_in, token

from limen.web.accounts import (
    FAILURES,
    IDLE_SECONDS,
    LONGEST_PASSWORD,
    WINDOW_SECONDS,
    Accounts,
    AccountsError,
    SignInRefused,
)
from limen.web.settings import Settings
from limen.web.signin import way_back


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 1_000_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "web.sqlite", clock)
    yield opened
    opened.close()


def test_who_has_an_account_comes_in_and_goes_where_they_wanted(visitor: TestClient) -> None:
    asked = visitor.get("/problems/../", headers={"accept": "text/html"})
    assert asked.status_code == 303 and asked.headers["location"] == "/sign-in"
    done = sign_in(visitor, "analyst", next="/problems")
    assert (done.status_code, done.headers["location"]) == (303, "/problems")
    assert "Sign out" in visitor.get("/", headers={"accept": "text/html"}).text


def test_whoever_does_not_is_told_the_same_whatever_was_wrong(visitor: TestClient) -> None:
    wrong_password = sign_in(visitor, "admin", "not the password at all")
    no_such_name = sign_in(visitor, "nobody-of-that-name", "not the password at all")
    assert wrong_password.status_code == no_such_name.status_code == 401
    strip = lambda text: text.replace(token(visitor), "")  # noqa: E731
    assert strip(wrong_password.text) == strip(no_such_name.text)


def test_signing_in_gives_a_session_that_nobody_could_have_planted(visitor: TestClient) -> None:
    visitor.cookies.set("limen", "planted-by-somebody-else", domain="localhost.local")
    planted = {"Cookie": "limen=planted-by-somebody-else"}
    assert visitor.get("/", headers=planted).status_code == 401
    visitor.cookies.clear()
    done = sign_in(visitor, "analyst")
    cookie = done.headers["set-cookie"]
    assert "limen=" in cookie and "planted" not in cookie
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_signing_out_ends_the_session_and_not_only_the_cookie(visitor: TestClient) -> None:
    sign_in(visitor, "analyst")
    kept = visitor.cookies["limen"]
    assert visitor.post("/sign-out", data={"csrf": token(visitor, "/")}).status_code == 303
    assert visitor.get("/", headers={"Cookie": f"limen={kept}"}).status_code == 401


def test_over_tls_the_cookie_goes_over_tls_only_and_to_this_host_only(shared_settings: Settings) -> None:
    from limen.web.app import make_app

    app = make_app(shared_settings.with_(tls=True))
    with TestClient(app, base_url="https://localhost:8787", follow_redirects=False) as visitor:
        done = sign_in(visitor, "analyst")
        session = next(one for one in done.headers.get_list("set-cookie") if one.startswith("__Host-limen="))
        assert "Secure" in session and "Path=/" in session and "Domain" not in session
        assert "strict-transport-security" in done.headers


def test_after_a_few_failures_a_name_is_locked_for_a_while(accounts: Accounts, clock: Clock) -> None:
    accounts.add("maria", ["trainer"], PASSWORD)
    for _ in range(FAILURES):
        with pytest.raises(SignInRefused):
            accounts.sign_in("maria", "a wrong password", "10.0.0.1")
    with pytest.raises(SignInRefused):
        accounts.sign_in("Maria", PASSWORD, "10.0.0.2")
    clock.seconds += WINDOW_SECONDS + 1
    assert accounts.sign_in("Maria", PASSWORD, "10.0.0.2").name == "maria"


def test_one_address_cannot_try_many_names(accounts: Accounts) -> None:
    accounts.add("maria", ["trainer"], PASSWORD)
    from limen.web.accounts import FAILURES_OF_ADDRESS

    for number in range(FAILURES_OF_ADDRESS):
        with pytest.raises(SignInRefused):
            accounts.redeem("AAAA-AAAA-AAAA", f"name {number}", None, "10.0.0.9")
    with pytest.raises(SignInRefused):
        accounts.sign_in("maria", PASSWORD, "10.0.0.9")
    assert accounts.sign_in("maria", PASSWORD, "10.0.0.8").has("trainer")


def test_failures_without_a_name_lock_no_course_code(accounts: Accounts) -> None:
    (code,) = accounts.make_codes("spring", 1, "maria")
    for _ in range(FAILURES):
        with pytest.raises(SignInRefused):
            accounts.sign_in("", "a wrong password", "10.0.0.1")
    assert accounts.redeem(code, "Kim", None, "10.0.0.2").course == "spring"


def test_a_password_hashed_anew_is_the_one_that_let_somebody_in(
    accounts: Accounts, honest_hasher: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(Accounts, "_hasher", honest_hasher)
    longest = "x" * LONGEST_PASSWORD
    accounts.__dict__["_hasher"] = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts.add("maria", ["trainer"], longest)
    del accounts.__dict__["_hasher"]
    for typed in (longest + " and more", longest):
        assert accounts.sign_in("maria", typed).name == "maria"
    with sqlite3.connect(accounts.path) as db:
        ((held,),) = db.execute("SELECT password FROM users").fetchall()
    assert not PasswordHasher().check_needs_rehash(held)


def test_a_course_code_works_once(accounts: Accounts) -> None:
    (code,) = accounts.make_codes("spring", 1, "maria")
    with pytest.raises(AccountsError, match="12 to 200"):
        accounts.redeem(code, "Kim", "short")
    assert accounts.codes_left("spring") == 1
    trainee = accounts.redeem(code.lower().replace("-", " "), "Kim")
    assert (trainee.roles, trainee.course) == (frozenset({"trainee"}), "spring")
    with pytest.raises(SignInRefused):
        accounts.redeem(code, "Robin")
    assert accounts.codes_left("spring") == 0


def test_two_at_once_with_one_code_and_one_comes_in(accounts: Accounts) -> None:
    from concurrent.futures import ThreadPoolExecutor

    (code,) = accounts.make_codes("spring", 1, "maria")

    def come_in(number: int) -> bool:
        try:
            accounts.redeem(code, f"trainee {number}")
        except SignInRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come_in, range(8))) == 1
    assert len(accounts.users()) == 1


def test_a_session_ends_when_it_is_not_used_and_with_its_account(accounts: Accounts, clock: Clock) -> None:
    user = accounts.add("maria", ["trainer"], PASSWORD)
    idle, used, closed = (accounts.open_session(user) for _ in range(3))
    clock.seconds += IDLE_SECONDS - 10
    assert accounts.session(used) == user
    clock.seconds += 20
    assert accounts.session(idle) is None and accounts.session(used) == user
    accounts.set_open("maria", False)
    assert accounts.session(used) is None and accounts.session(closed) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("maria", PASSWORD)


def test_another_password_or_role_ends_the_sessions(accounts: Accounts) -> None:
    user = accounts.add("maria", ["trainer"], PASSWORD)
    secret = accounts.open_session(user)
    accounts.set_roles("maria", ["analyst"])
    assert accounts.session(secret) is None
    secret = accounts.open_session(user)
    accounts.set_password("maria", "quite another password")
    assert accounts.session(secret) is None


def test_the_file_of_accounts_lets_nobody_in(accounts: Accounts) -> None:
    user = accounts.add("maria", ["trainer"], PASSWORD)
    secrets = [accounts.open_session(user), *accounts.make_codes("spring", 2, "maria"), accounts.make_token("maria")]
    with sqlite3.connect(accounts.path) as db:
        kept = "\n".join(db.iterdump())
    assert PASSWORD not in kept and "$argon2id$" in kept
    assert not [secret for secret in secrets if secret in kept or secret.replace("-", "") in kept]
    assert accounts.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 65, "\x00"])
def test_a_name_that_will_not_do(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountsError, match="1 to 64"):
        accounts.add(name, ["trainer"], PASSWORD)


def test_names_that_differ_in_case_only_are_one(accounts: Accounts) -> None:
    accounts.add("maria", ["trainer"], PASSWORD)
    with pytest.raises(AccountsError, match="already"):
        accounts.add("Maria", ["trainer"], PASSWORD)


def test_a_token_acts_for_its_account_in_the_api(shared_app: FastAPI, visitor: TestClient) -> None:
    token = shared_app.state.accounts.make_token("analyst")
    assert visitor.get("/v1/ledger").status_code == 401
    assert visitor.get("/v1/ledger", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert visitor.get("/v1/ledger", headers={"Authorization": f"Bearer {token}x"}).status_code == 401
    assert visitor.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/a\nb", "javascript:alert(1)",
     "", "/sign-out", "evil.example", "/\t/evil.example"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_server(wanted: str) -> None:
    assert way_back(wanted) == "/"


def test_signing_in_leads_back_to_a_page_of_ours() -> None:
    assert way_back("/case?profile=irs-2025-08") == "/case?profile=irs-2025-08"


def test_codes_are_listed_by_who_made_them_and_taken_back_while_nobody_has_used_them(
    accounts: Accounts, clock: Clock
) -> None:
    first, second = accounts.make_codes("spring/practice", 2, "maria")
    clock.seconds += 10
    (other,) = accounts.make_codes("spring/assessment", 1, "omar")
    accounts.redeem(first, "Ines")
    (given,) = accounts.codes_of("spring/practice")
    assert (given.made_by, given.count, given.used, given.left) == ("maria", 2, 1, 1)
    assert accounts.revoke_codes("spring/practice") == 1
    with pytest.raises(SignInRefused):
        accounts.redeem(second, "Olga")
    assert accounts.user("Ines") is not None, "who is in stays in"
    assert accounts.codes_of("spring/practice")[0].left == 0
    assert accounts.redeem(other, "Olga").course == "spring/assessment", "codes of another sort are still good"
    clock.seconds += 61 * 24 * 3600
    assert [one.left for one in accounts.codes_of("spring/assessment")] == [0]
