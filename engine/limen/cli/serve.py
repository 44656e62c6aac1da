"""`limen serve`: the workbench, on this machine or shared."""

from __future__ import annotations

import click

from limen.cli.group import Lazy, LazyGroup
from limen.cli.options import ledger_option, rules_option
from limen.home import default_ledger, home

EPILOG = """\b
Examples:
  limen serve
  limen serve --port 8080 --ledger ledger.sqlite
  limen serve user add maria --role trainer
  limen serve --host 0.0.0.0 --sign-in --allow-host limen.example --tls-by-proxy

Without --sign-in it answers this machine only, and whoever sits at it may do
everything. Ctrl-C stops it, once the answers under way are given."""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog=EPILOG,
    members={"user": Lazy("limen.cli.serve_user:user", "Accounts, roles and tokens of a shared server.")},
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0 takes a free one.")
@ledger_option
@rules_option
@click.option("--registry", "registry_at", metavar="PATH", help="Another registry than the shipped one.")
@click.option("--store", "store_at", metavar="FILE", help="Accounts and courses; by default web.sqlite in LIMEN_HOME.")
@click.option("--sign-in", is_flag=True, help="Only those with an account or a course code come in.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A name the server may be called by.")
@click.option("--tls-certificate", metavar="FILE", type=click.Path(), help="Serve over TLS with this certificate.")
@click.option("--tls-key", metavar="FILE", type=click.Path(), help="The key of the certificate.")
@click.option("--tls-by-proxy", is_flag=True, help="TLS ends at a proxy in front: cookies go over TLS only.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes with one ledger.")
@click.option("--no-second-key", is_flag=True, help="Skip the independent check by durable-rules.")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    ledger_at: str | None,
    rules: str | None,
    registry_at: str | None,
    store_at: str | None,
    sign_in: bool,
    hosts: tuple[str, ...],
    tls_certificate: str | None,
    tls_key: str | None,
    tls_by_proxy: bool,
    workers: int,
    no_second_key: bool,
) -> int:
    """Serve the workbench: pages for analysts, trainers and trainees, and the API.

    The same desk as `limen decide`: each decision is made with two keys and logged before anybody sees it.
    """
    from pathlib import Path

    store = str(Path(store_at).expanduser() if store_at else home() / "web.sqlite")
    ctx.obj = store
    if ctx.invoked_subcommand is not None:
        return 0
    needs_web()
    from limen.web.serving import Listening, listen
    from limen.web.settings import LOOPBACK, Settings

    settings = Settings(
        ledger=ledger_at or default_ledger(),
        store=store,
        rules=rules,
        registry=registry_at,
        second_key=not no_second_key,
        sign_in=sign_in,
        tls=bool(tls_certificate) or tls_by_proxy,
        hosts=(*LOOPBACK, *hosts),
    )
    return listen(settings, Listening(host, port, workers, tls_certificate, tls_key, tls_by_proxy), click.echo)


def needs_web() -> None:
    """A plain sentence where what the extra `web` brings is not installed. Nothing is imported to find out."""
    from importlib.util import find_spec

    for name in ("fastapi", "uvicorn", "jinja2", "argon2", "python_multipart", "prometheus_client", "z3"):
        if find_spec(name) is None:
            raise click.ClickException(f"`{name}` is not installed; `pip install limen[web]` brings it")
