"""A draft as a form. Form and YAML are two views of one document: a field is read from the text and written into it.

Nothing is kept beside the text. A field that is changed changes its place in the text; comments stay, and the text
comes out in the canonical form of rule files (`limen book format`).
"""

from __future__ import annotations

from dataclasses import dataclass

from limen.law import BookError
from limen.law.format import format_text
from limen.law.format.printer import printed
from limen.law.format.tree import Collection, Document, Scalar, Slot, tree_of

KINDS = {"replace": "replace what is at", "add_after": "add after", "repeal": "repeal"}
HOLDS = {"replace": "with", "add_after": "node"}
"""Under which key an operation says what stands there afterwards."""
FIELDS = {
    "id": "Id",
    "label": "Label, reads on in “… is met because …”",
    "test": "Test",
    "reading": "Reading",
    "if_false": "If it is not met: what is missing, what would cure it",
    "if_unknown": "If it is not known: what to find out",
}
MEANINGS = ("test", "reading", "all", "any", "none")
"""A node has one of these."""
MOST_OPERATIONS = 40


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: how it is sent, what it is called, and what the text has there."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a draft. `other` are keys that only the text shows."""

    number: int
    kind: str
    address: str
    fields: tuple[Field, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A draft as a form."""

    title: str
    operations: tuple[Operation, ...]


class FormError(ValueError):
    """A field that does not fit the text."""


def form_of(text: str) -> DraftForm | None:
    """The form of a draft; `None` while its text is no YAML that a form could show."""
    try:
        document = _document(text)
        operations = _operations(document)
    except (BookError, FormError):
        return None
    shown = []
    for number, slot in enumerate(operations.slots[:MOST_OPERATIONS]):
        if not isinstance(slot.value, Collection) or not slot.value.is_map:
            return None
        shown.append(_operation(number, slot.value))
    return DraftForm(_text(_value(document.value, "title")), tuple(shown))


def with_field(text: str, name: str, value: str) -> str:
    """The text with one field changed: `title`, `N.kind`, `N.address` or `N.FIELD`, `N` the number of an operation.

    Empty takes a field away. Raises `FormError` and `BookError`.
    """
    document = _document(text)
    value = " ".join(value.split())
    if name == "title":
        _put(document.value, "title", value or "A draft")
        return _written(document)
    number, _, what = name.partition(".")
    operation = _numbered(document, number)
    kind = _kind(operation)
    if what == "kind":
        _change_kind(operation, kind, value)
    elif what == "address":
        _put(operation, kind, value)
    elif what in FIELDS and kind in HOLDS:
        _put_field(operation, HOLDS[kind], what, value)
    else:
        raise FormError("there is no such field in this draft")
    return _written(document)


def with_operation(text: str, address: str) -> str:
    """The text with one more operation, for what is at `address`. Raises `FormError` and `BookError`."""
    document = _document(text)
    operations = _operations(document)
    if len(operations.slots) >= MOST_OPERATIONS:
        raise FormError(f"the form shows at most {MOST_OPERATIONS} operations; write more in the text")
    operations.row = False
    operations.slots.append(_slot(_map(_slot(Scalar(address or "ADDRESS", False), "repeal"))))
    return _written(document)


def without_operation(text: str, number: str) -> str:
    """The text without one operation. Raises `FormError` and `BookError`."""
    document = _document(text)
    operations = _operations(document)
    gone = _numbered(document, number)
    operations.slots = [slot for slot in operations.slots if slot.value is not gone]
    return _written(document)


def _document(text: str) -> Document:
    format_text(text)  # says what is wrong with it, if anything is
    return tree_of(text)


def _written(document: Document) -> str:
    return format_text(printed(document))


def _operations(document: Document) -> Collection:
    found = _value(document.value, "operations")
    if found is None and isinstance(document.value, Collection) and document.value.is_map:
        found = Collection(is_map=False, row=False)
        document.value.slots.append(_slot(found, "operations"))
    if isinstance(found, Scalar) and found.plain and found.text in ("", "~", "null"):
        slot = next(slot for slot in document.value.slots if slot.key == "operations")  # type: ignore[union-attr]
        slot.value = found = Collection(is_map=False, row=False)
    if not isinstance(found, Collection) or found.is_map:
        raise FormError("`operations` is no list")
    return found


def _numbered(document: Document, number: str) -> Collection:
    slots = _operations(document).slots
    if number.isdecimal() and len(number) < 4 and int(number) < len(slots):
        value = slots[int(number)].value
        if isinstance(value, Collection) and value.is_map:
            return value
    raise FormError("there is no such operation in this draft")


def _kind(operation: Collection) -> str:
    return next((slot.key for slot in operation.slots if slot.key in KINDS), "") or "replace"


def _operation(number: int, operation: Collection) -> Operation:
    kind = _kind(operation)
    body = _value(operation, HOLDS[kind]) if kind in HOLDS else None
    wanted = [] if kind not in HOLDS else [name for name in FIELDS if kind == "add_after" or name != "id"]
    has_group = any(_value(body, name) is not None for name in ("all", "any", "none"))
    fields = tuple(
        Field(f"{number}.{name}", FIELDS[name], _text(_value(body, name)))
        for name in wanted
        if not (has_group and name in MEANINGS) and not isinstance(_value(body, name), Collection)
    )
    there = [slot.key or "" for slot in body.slots] if isinstance(body, Collection) else []
    shown = {field.name.partition(".")[2] for field in fields}
    return Operation(
        number, kind, _text(_value(operation, kind)), fields, tuple(key for key in there if key not in shown)
    )  # fmt: skip


def _change_kind(operation: Collection, before: str, after: str) -> None:
    if after not in KINDS:
        raise FormError("an operation is one of `replace`, `add_after` and `repeal`")
    body = _value(operation, HOLDS[before]) if before in HOLDS else None
    for slot in operation.slots:
        if slot.key == before:
            slot.key = after
        elif before in HOLDS and slot.key == HOLDS[before] and after in HOLDS:
            slot.key = HOLDS[after]
    if after not in HOLDS:
        operation.slots = [slot for slot in operation.slots if slot.key not in HOLDS.values()]
    elif body is None:
        new = [_slot(Scalar("a_new_part", False), "id")] if after == "add_after" else []
        label = _slot(Scalar("a new requirement", False), "label")
        operation.row = False
        operation.slots.append(_slot(_map(*new, label), HOLDS[after]))
    elif isinstance(body, Collection):
        if after == "replace":
            body.slots = [slot for slot in body.slots if slot.key != "id"]
        elif _value(body, "id") is None:
            body.slots.insert(0, _slot(Scalar("a_new_part", False), "id"))


def _put_field(operation: Collection, under: str, name: str, value: str) -> None:
    body = _value(operation, under)
    if body is None:
        body = Collection(is_map=True, row=False)
        operation.row = False
        operation.slots.append(_slot(body, under))
    if not isinstance(body, Collection) or not body.is_map:
        raise FormError(f"`{under}` holds no keys and values")
    body.row = False
    if value and name in MEANINGS:
        body.slots = [slot for slot in body.slots if slot.key == name or slot.key not in MEANINGS]
    _put(body, name, value)


def _put(where: object, key: str, value: str) -> None:
    if not isinstance(where, Collection) or not where.is_map:
        raise FormError("the draft holds no keys and values")
    there = next((slot for slot in where.slots if slot.key == key), None)
    if there is None:
        if value:
            where.slots.append(_slot(Scalar(value, False), key))
    elif value:
        there.value = Scalar(value, False)
    else:
        where.slots.remove(there)


def _value(where: object, key: str) -> Scalar | Collection | None:
    if not isinstance(where, Collection) or not where.is_map:
        return None
    return next((slot.value for slot in where.slots if slot.key == key), None)


def _text(value: Scalar | Collection | None) -> str:
    return value.text.strip() if isinstance(value, Scalar) else ""


def _map(*slots: Slot) -> Collection:
    return Collection(is_map=True, row=False, slots=list(slots))


def _slot(value: Scalar | Collection, key: str | None = None) -> Slot:
    return Slot(0, 0, value, key)
