"""The distributed engine: the same Ibis expressions on Apache Spark.

Needs the `spark` extra and a Java runtime. The session is the caller's: a cluster's, or the local one made here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis

from limen.decide.columns.relational import law_columns
from limen.law.edition import Edition

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What the expressions rely on; no web page nobody asked for, and no bar among the lines of the caller."""


def local_session(workers: int = 2, shuffles: int = 4, **settings: str) -> Any:
    """A Spark session in this machine with `workers` threads."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{workers}]").appName("limen")
    for name, value in {**SETTINGS, "spark.sql.shuffle.partitions": str(shuffles), **settings}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def connect(session: Any) -> Any:
    """Ibis over a Spark session; its ANSI mode and UTC are set."""
    for name in ("spark.sql.ansi.enabled", "spark.sql.session.timeZone"):
        session.conf.set(name, SETTINGS[name])
    return ibis.pyspark.connect(session)


def evaluate_parquet(edition: Edition, connection: Any, source: Path | str, target: Path | str, **wanted: bool) -> None:
    """What `edition` says of the facts in the Parquet files `source`, written as Parquet to the folder `target`."""
    found = law_columns(edition, connection.read_parquet(str(source)), **wanted)
    connection.to_parquet(found, str(target))
