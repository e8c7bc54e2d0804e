# SPDX-License-Identifier: Apache-2.0
"""What a vector is, and how events and detections of our own are written down."""
import dataclasses
import json


class Raw(str):
    """A number in the spelling that the event has it: 1.0, 1e3, 0017."""


def _spell(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_spell(k)}:{_spell(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_spell(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def spell(value):
    """JSON text, numbers in their own spelling."""
    return _spell(value)


event = spell


def events_of(field, values):
    """One event a value, in one field."""
    return [event({field: value}) for value in values]


@dataclasses.dataclass
class Vector:
    """A detection, events, and what is expected of them.

    `detection` is YAML: a mapping is written as JSON, which is YAML too; a text is taken as it is,
    for what JSON cannot spell. `sql` says why the SQL of pySigma's SQLite backend may answer otherwise
    than the tree that pySigma parsed.
    """
    family: str
    detection: object
    events: list
    placeholders: dict = None
    documents: bool = False  # `detection` is a rule with filters, as documents of one text
    sql: str = ""

    def __post_init__(self):
        if not isinstance(self.detection, str):
            self.detection = _spell(self.detection)


def one(family, item, values, **more):
    """A vector of one selection with one item: `item` is (key, value), the events have field f."""
    key, value = item
    return Vector(family, {"s": {key: value}, "condition": "s"}, events_of("f", values), **more)
