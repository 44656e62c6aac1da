"""Nothing of a subject, and no official's name, is seen in an error, in a model that is shown, or among the facts."""

from __future__ import annotations

import json
import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canary import assert_silent, canary_subjects
from limen.request.characterise import Characteriser
from limen.request.model import Item, Recipient, Request, Requester
from limen.request.problems import RequestError
from limen.request.read import build_request, read_requests
from limen.request.sections import Consent
from limen.request.subject import Subject
from stated import calm

DAY = date(2026, 3, 3)


def about(subject: Subject) -> Request:
    """A request that says the subject's name wherever a person's name can be said."""
    assert subject.name is not None
    name = f"{subject.name.first} {subject.name.last}"
    return Request(
        id="r",
        requester=Requester(signed_by=name),
        subject=subject,
        reasons=f"to find {name} at {subject.address.lines[0] if subject.address else ''}",
        note=f"about {name}",
        recipients=(Recipient(name=name, agency="dhs_ice"),),
        consent=Consent(designee=name),
        items=(Item(id="x", kind="name"),),
    )


@calm
@given(canary_subjects())
def test_a_request_that_is_shown_shows_nobody(characteriser: Characteriser, subject: Subject) -> None:
    request = about(subject)
    seen = characteriser.characterise(request, as_of=DAY)
    assert_silent(
        {
            "repr": repr(request),
            "str": str(request),
            "format": f"{request} {request.subject} {request.subject.name!r} {request.recipients}",
            "facts": repr(seen),
            "origins": repr(dict(seen.origin)),
        },
        subject,
    )


def leaves(data: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in plain data, the whole of it left out."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for step, value in steps for place in ((*at, step), *leaves(value, (*at, step)))]


BREAKS = (
    lambda value, words: {"": value},
    lambda value, words: [[value]],
    lambda value, words: 1.5,
    lambda value, words: {words: value},
    lambda value, words: words * 500,
    lambda value, words: f"{words}\x07",
    lambda value, words: words,
    lambda value, words: {words: words},
    lambda value, words: True,
)


@calm
@given(data=st.data(), subject=canary_subjects())
def test_an_error_repeats_nothing_whatever_is_broken(data: st.DataObject, subject: Subject, tmp_path_factory) -> None:
    assert subject.name is not None
    broken = json.loads(about(subject).model_dump_json(exclude_none=True))
    words = f"{subject.name.last}"
    place = data.draw(st.sampled_from(leaves(broken)))
    inner = broken
    for step in place[:-1]:
        inner = inner[step]
    if data.draw(st.booleans()) and isinstance(inner, dict):
        inner[words] = inner.pop(place[-1])
    else:
        inner[place[-1]] = data.draw(st.sampled_from(BREAKS))(inner[place[-1]], words)
    outputs = {}
    folder = tmp_path_factory.mktemp("broken")
    for suffix, text in (("json", json.dumps(broken)), ("yaml", yaml_text(broken)), ("jsonl", json.dumps(broken))):
        path = folder / f"request.{suffix}"
        path.write_text(text, encoding="utf-8")
        try:
            list(read_requests(path))
        except RequestError:
            outputs[suffix] = traceback.format_exc()
    try:
        build_request(broken)
    except RequestError:
        outputs["plain"] = traceback.format_exc()
    try:
        Request.model_validate_json(json.dumps(broken))
    except ValueError as error:
        outputs["model"] = str(error) if words not in json.dumps(list(keys(broken)), ensure_ascii=False) else ""
    assert_silent(outputs, subject)


def keys(data: object) -> list[str]:
    """Every field name anywhere: pydantic's own errors, unlike ours, repeat those it does not know."""
    if isinstance(data, dict):
        return [key for name, value in data.items() for key in (name, *keys(value))]
    return [key for value in data for key in keys(value)] if isinstance(data, list) else []


def yaml_text(data: object) -> str:
    import yaml

    return yaml.safe_dump(data, allow_unicode=True)


YAML_TRAPS = (
    "id: a\nsubject: {name: {last: Quillxz, last: Quillxz}}\n",
    "id: a\nsubject: {address: {lines: [12 Main St, Quillxz: ]}}\n",
    "id: a\nsubject: {name: {last: a, Quillxz}}\n",
    "id: a\nsubject: {tin: 0900701234}\n",
    "id: a\nsubject: &Quillxz {tin: a}\nmatter: *Quillxz\n",
    "id: a\nsubject: !Quillxz {tin: a}\n",
    "id: a\nsubject: {Quillxz: 1}\n",
    "id: a\nQuillxz: *Quillxz\n",
    "id: a\nsubject: {name: 'Quillxz}\n",
    "id: a\nsubject: Quillxz: Quillxz\n",
    "id: a\nsubject:\n  tin: 1_900_701_234\n",
    "id: a\nsubject:\n  date_of_birth: 1921-02-30\n",
    "? [Quillxz]\n: 0900701234\n",
    "%Quillxz\n---\nid: a\n",
    "Quillxz",
    "- Quillxz",
)


@pytest.mark.parametrize("text", YAML_TRAPS)
def test_the_traps_of_yaml_repeat_nothing_either(tmp_path, text):
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        list(read_requests(path))
    for word in ("Quillxz", "0900701234", "1_900_701_234", "1921-02-30"):
        assert word not in str(refused.value)
    assert refused.value.__cause__ is None
