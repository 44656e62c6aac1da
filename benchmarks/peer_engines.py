"""How each peer is used: what it is handed as a case, its rules loaded, and one case (or all of them) asked.

A peer is imported where it is used, and nothing else here is anybody's but Python's own: this is read by the process of
a peer, in the peers' own environment, and by `peers.py`, in ours.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from typing import Any

Statuses = list[int]
Ask = Callable[[Any], Statuses]

DISTRIBUTION = {"cel": "common-expression-language", "regorus": "celine-regorus"}
"""What a peer is installed as, where that is not its name."""
BATCH = ("polars", "duckdb", "openfisca-core")
"""Peers that take many cases at once: their time is that of all of them, divided."""


class Peer:
    """How one engine is used: `prepare` gives a case in its form; `reasons` and `bare` take the rules and give the
    function that asks one case (or all, for a batch), about every rule or about the whole."""

    def __init__(self, prepare: Callable[[dict[str, Any]], Any], reasons: Callable[..., Any], bare: Callable[..., Any]):
        self.prepare, self.reasons, self.bare = prepare, reasons, bare


def _whole(case: dict[str, Any]) -> dict[str, Any]:
    return case


def _without_nulls(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if value is not None}


def _listed(points: list[list[str]], of: str) -> str:
    return "[" + ", ".join(of.format(met=met, failed=failed) for met, failed in points) + "]"


def zen(rules: dict[str, Any]) -> Ask:
    import zen as engine

    found = engine.compile_expression(_listed(rules["points"], "{met} ? 1 : ({failed} ? 0 : -1)"))
    return lambda case: found.evaluate(case)


def zen_bare(rules: dict[str, Any]) -> Ask:
    import zen as engine

    found = engine.compile_expression(rules["allowed"])
    return lambda case: found.evaluate(case)


def cel(rules: dict[str, Any]) -> Ask:
    import cel as engine

    program = engine.compile(_listed(rules["points"], "{met} ? 1 : ({failed} ? 0 : -1)"))
    return lambda case: program.execute(case)


def cel_bare(rules: dict[str, Any]) -> Ask:
    import cel as engine

    program = engine.compile(rules["allowed"])
    return lambda case: program.execute(case)


def _celpy(text: str) -> Any:
    import celpy

    environment = celpy.Environment()
    return environment.program(environment.compile(text))


def celpy(rules: dict[str, Any]) -> Ask:
    program = _celpy(_listed(rules["points"], "{met} ? 1 : ({failed} ? 0 : -1)"))
    return lambda case: [int(status) for status in program.evaluate(case)]


def celpy_bare(rules: dict[str, Any]) -> Ask:
    program = _celpy(rules["allowed"])
    return lambda case: bool(program.evaluate(case))


def celpy_case(case: dict[str, Any]) -> Any:
    import celpy as engine

    return {"i": engine.json_to_cel(_without_nulls(case))}


def cedar(rules: dict[str, Any]) -> Ask:
    import cedarpy

    texts = [f"permit(principal, action, resource) when {{ {side} }};" for pair in rules["points"] for side in pair]
    policies, entities = cedarpy.PolicySet.from_str("\n".join(texts)), cedarpy.Entities.from_json_str("[]")
    count = len(rules["points"])

    def ask(request: dict[str, Any]) -> Statuses:
        statuses = [-1] * count
        for name in cedarpy.is_authorized(request, policies, entities).diagnostics.reasons:
            number = int(name[6:])
            statuses[number >> 1] = 1 - (number & 1)
        return statuses

    return ask


def cedar_bare(rules: dict[str, Any]) -> Ask:
    import cedarpy

    policies = cedarpy.PolicySet.from_str(f"permit(principal, action, resource) when {{ {rules['allowed']} }};")
    entities = cedarpy.Entities.from_json_str("[]")
    return lambda request: cedarpy.is_authorized(request, policies, entities).allowed


def cedar_case(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "principal": 'User::"requester"', "action": 'Action::"disclose"', "resource": 'Item::"item"',
        "context": _without_nulls(case),
    }  # fmt: skip


def _sides(count: int, met: Any, failed: Any) -> Statuses:
    statuses = [-1] * count
    for number in met:
        statuses[number] = 1
    for number in failed:
        statuses[number] = 0
    return statuses


def _points_in(text: str) -> int:
    return text.count("met contains ")


def regorus(rules: dict[str, Any]) -> Ask:
    import regorus as module

    engine = module.Engine()
    engine.add_policy("bench.rego", rules["points"])
    count = _points_in(rules["points"])

    def ask(case: str) -> Statuses:
        engine.set_input_json(case)
        found = (
            json.loads(engine.eval_rule_as_json("data.bench.met")),
            json.loads(engine.eval_rule_as_json("data.bench.failed")),
        )
        return _sides(count, *found)

    return ask


def regorus_bare(rules: dict[str, Any]) -> Ask:
    import regorus as module

    engine = module.Engine()
    engine.add_policy("bench.rego", rules["allowed"])

    def ask(case: str) -> Any:
        engine.set_input_json(case)
        return engine.eval_rule("data.bench.allowed") is True

    return ask


def json_case(case: dict[str, Any]) -> str:
    return json.dumps(_without_nulls(case))


def regopy(rules: dict[str, Any]) -> Ask:
    import regopy as module

    engine = module.Interpreter()
    engine.add_module("bench", rules["points"])
    bundle = engine.build("m = data.bench.met; f = data.bench.failed")
    count = _points_in(rules["points"])

    def ask(case: dict[str, Any]) -> Statuses:
        engine.set_input(case)
        found = json.loads(str(engine.query_bundle(bundle)))
        bindings = found["result"][0]["bindings"] if "result" in found else found["bindings"]
        return _sides(count, bindings["m"], bindings["f"])

    return ask


def regopy_bare(rules: dict[str, Any]) -> Ask:
    import regopy as module

    engine = module.Interpreter()
    engine.add_module("bench", rules["allowed"])
    bundle = engine.build("data.bench.allowed")

    def ask(case: dict[str, Any]) -> Any:
        engine.set_input(case)
        return "true" in str(engine.query_bundle(bundle))

    return ask


def rule_engine(rules: dict[str, Any]) -> Ask:
    import rule_engine as module

    made = [(module.Rule(met).matches, module.Rule(failed).matches) for met, failed in rules["points"]]
    return lambda case: [1 if met(case) else 0 if failed(case) else -1 for met, failed in made]


def rule_engine_bare(rules: dict[str, Any]) -> Ask:
    import rule_engine as module

    return module.Rule(rules["allowed"]).matches


def json_logic(rules: dict[str, Any]) -> Ask:
    from json_logic import jsonLogic

    trees = [{"if": [met, 1, failed, 0, -1]} for met, failed in rules["points"]]
    return lambda case: [jsonLogic(tree, case) for tree in trees]


def json_logic_bare(rules: dict[str, Any]) -> Ask:
    from json_logic import jsonLogic

    return lambda case: jsonLogic(rules["allowed"], case)


def casbin_bare(rules: dict[str, Any]) -> Ask:
    """One policy line holds the whole condition: casbin can say which line allowed, and no more."""
    import casbin
    from casbin.model import Model

    model = Model()
    model.load_model_from_text(
        "[request_definition]\nr = sub\n[policy_definition]\np = sub_rule, eft\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = eval(p.sub_rule)\n"
    )
    enforcer = casbin.Enforcer(model)
    enforcer.add_policy(rules["allowed"], "allow")
    return lambda case: enforcer.enforce(case)


class _Facts:
    def __init__(self, case: dict[str, Any]) -> None:
        self.__dict__.update(case)


def duckdb(rules: dict[str, Any]) -> Ask:
    import duckdb as module

    columns = ", ".join(
        f"CASE WHEN {met} THEN 1 WHEN {failed} THEN 0 ELSE -1 END AS s{n}"
        for n, (met, failed) in enumerate(rules["points"])
    )
    return _duckdb(module, f"SELECT {columns} FROM cases", rules["kinds"])


def duckdb_bare(rules: dict[str, Any]) -> Ask:
    import duckdb as module

    return _duckdb(module, f"SELECT coalesce({rules['allowed']}, false) FROM cases", rules["kinds"])


def _duckdb(module: Any, query: str, kinds: dict[str, str]) -> Ask:
    database = module.connect()
    database.execute("SET threads = 1; SET preserve_insertion_order = true")

    def ask(cases: list[dict[str, Any]]) -> Any:
        if getattr(ask, "loaded", None) is not cases:
            sql = {"bool": "BOOLEAN", "int": "INTEGER"}
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.writelines(json.dumps(case) + "\n" for case in cases)
                file.flush()
                database.execute(
                    "CREATE OR REPLACE TABLE cases AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = "
                    f"{ {name: sql.get(str(kind), 'VARCHAR') for name, kind in kinds.items()} })",
                    [file.name],
                )
            ask.loaded = cases  # type: ignore[attr-defined]
        found = database.execute(query).fetchall()
        return [list(row) for row in found]

    return ask


def polars(rules: dict[str, Any]) -> Ask:
    import polars as pl

    space = {"pl": pl}
    columns = [
        eval(f"pl.when({met}).then(1).when({failed}).then(0).otherwise(-1).alias('s{n}')", space)
        for n, (met, failed) in enumerate(rules["points"])
    ]
    return _polars(pl, columns, rules["kinds"])


def polars_bare(rules: dict[str, Any]) -> Ask:
    import polars as pl

    return _polars(pl, [eval(f"({rules['allowed']}).fill_null(False).alias('a')", {"pl": pl})], rules["kinds"])


def _polars(pl: Any, columns: list[Any], kinds: dict[str, str]) -> Ask:
    loaded: dict[int, Any] = {}

    def ask(cases: list[dict[str, Any]]) -> Any:
        if id(cases) not in loaded:
            kind = {"bool": pl.Boolean, "int": pl.Int64}
            loaded.clear()
            loaded[id(cases)] = pl.DataFrame(
                cases, schema={name: kind.get(str(k), pl.String) for name, k in kinds.items()}
            )
        return [list(row) for row in loaded[id(cases)].select(columns).rows()]

    return ask


def openfisca(rules: dict[str, Any]) -> Ask:
    return _openfisca(
        [f"numpy.where({met}, 1, numpy.where({failed}, 0, -1))" for met, failed in rules["points"]],
        rules["kinds"],
    )


def openfisca_bare(rules: dict[str, Any]) -> Ask:
    return _openfisca([f"numpy.where({rules['allowed']}, 1, 0)"], rules["kinds"])


def _openfisca(formulas: list[str], kinds: dict[str, str]) -> Ask:
    import re

    import numpy
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = Entity("request", "requests", "", "")
    system = TaxBenefitSystem([person])
    common = {"entity": person, "definition_period": DateUnit.MONTH, "value_type": int, "label": ""}
    for name in kinds:
        system.add_variable(type(name, (Variable,), {**common, "default_value": -1}))
    for number, text in enumerate(formulas):
        used = sorted(set(re.findall(r"v\['(\w+)'\]", text)))
        code = compile(text, f"<rule {number}>", "eval")
        system.add_variable(type(f"s{number}", (Variable,), {**common, "formula": _formula(numpy, used, code)}))
    places = {
        name: {word: n for n, word in enumerate(words)} for name, words in kinds.items() if isinstance(words, list)
    }
    held: dict[int, Any] = {}

    def ask(cases: list[dict[str, Any]]) -> Any:
        if id(cases) not in held:
            held.clear()
            held[id(cases)] = {
                name: numpy.array(
                    [
                        -1 if case[name] is None else places[name][case[name]] if name in places else int(case[name])
                        for case in cases
                    ]
                )
                for name in kinds
            }
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("request", range(len(cases)))
        simulation = builder.build(system)
        for name, values in held[id(cases)].items():
            simulation.set_input(name, "2026-11", values)
        found = [simulation.calculate(f"s{number}", "2026-11") for number in range(len(formulas))]
        return numpy.stack(found, axis=1).tolist()

    return ask


def _formula(numpy: Any, used: list[str], code: Any) -> Any:
    """A formula as OpenFisca wants it: with two parameters, or it is handed a third."""

    def formula(asked: Any, period: Any) -> Any:
        return eval(code, {"numpy": numpy, "v": {name: asked(name, period) for name in used}})

    return formula


PEERS = {
    "zen-engine": Peer(_whole, zen, zen_bare),
    "cel": Peer(_whole, cel, cel_bare),
    "cel-python": Peer(celpy_case, celpy, celpy_bare),
    "cedarpy": Peer(cedar_case, cedar, cedar_bare),
    "regorus": Peer(json_case, regorus, regorus_bare),
    "regopy": Peer(_without_nulls, regopy, regopy_bare),
    "rule-engine": Peer(_whole, rule_engine, rule_engine_bare),
    "json-logic-qubit": Peer(_whole, json_logic, json_logic_bare),
    "casbin": Peer(_Facts, casbin_bare, casbin_bare),
    "duckdb": Peer(_whole, duckdb, duckdb_bare),
    "polars": Peer(_whole, polars, polars_bare),
    "openfisca-core": Peer(_whole, openfisca, openfisca_bare),
}
