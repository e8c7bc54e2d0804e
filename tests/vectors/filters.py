# SPDX-License-Identifier: Apache-2.0
"""Vectors of filters: a rule and one or two filters, as documents of one text."""
import itertools

from vector import Vector, event, spell

RULE_ID = "0d5a6e5a-6f0b-4c60-9d3c-2f6f1c1b7a01"
OTHER_ID = "0d5a6e5a-6f0b-4c60-9d3c-2f6f1c1b7a02"
LINUX = {"product": "linux"}

RULES = [
    {"sel": {"f": "1"}, "condition": "sel"},
    {"selection": {"f": "1"}, "other": {"g": "1"}, "condition": "selection or other"},
    {"sel_a": {"f": "1"}, "sel_b": {"g": "1"}, "condition": "1 of sel_*"},
    {"sel": {"f": "1"}, "other": {"g": "1"}, "condition": "all of them"},
    {"sel": {"f": "1"}, "other": {"g": "1"}, "condition": ["sel", "other"]},
    {"sel": {"f": "1"}, "filter_x": {"g": "1"}, "condition": "sel and not 1 of filter_*"},
]
FILTERS = [
    {"selection": {"h": "1"}, "condition": "not selection"},
    {"selection": {"h": "1"}, "condition": "selection"},
    {"sel": {"h": "1"}, "condition": "not sel"},
    {"filter_a": {"h": "1"}, "filter_b": {"k": "1"}, "condition": "not 1 of filter_*"},
    {"a": {"h": "1"}, "b": {"k": "1"}, "condition": "not 1 of them"},
    {"a": {"h": "1"}, "b": {"k": "1"}, "condition": "not all of them"},
    {"a": {"h": "1"}, "b": {"k": "1"}, "condition": "not (a or b)"},
    {"a": {"h": "1"}, "b": {"k": "1"}, "condition": "not a or b"},
    {"x_ok": {"h": "1"}, "y_ok": {"k": "1"}, "condition": "not 1 of *_ok"},
]
EVENTS = [event(dict(zip("fghk", bits))) for bits in itertools.product("01", repeat=4)] + [event({"f": "1"})]


def rule(detection, logsource=None):
    return spell({"title": "r", "id": RULE_ID, "name": "r", "status": "test", "level": "low",
                  "logsource": logsource or LINUX, "detection": detection})


def filter_text(body, rules="any", logsource=None):
    inner = dict(body)
    if rules is not None:
        inner["rules"] = rules
    document = {"title": "filter", "logsource": LINUX if logsource is None else logsource, "filter": inner}
    return spell(document)


def vector(family, *documents):
    return Vector(family, "\n---\n".join(documents) + "\n", EVENTS, documents=True)


def families():
    for detection, body in itertools.product(RULES, FILTERS):
        yield vector("filter", rule(detection), filter_text(body))
    for rules in ("any", "ANY", [RULE_ID], ["r"], RULE_ID, "r", [OTHER_ID, RULE_ID], RULE_ID.upper()):
        yield vector("filter by reference", rule(RULES[1]), filter_text(FILTERS[0], rules))
    for place in (LINUX, {"product": "linux", "service": "syslog"}, {"category": "process_creation"}, {"product": "windows"},
                  {"service": "syslog"}):
        for own in (LINUX, {"product": "linux", "service": "syslog"}):
            yield vector("filter log source", rule(RULES[0], own), filter_text(FILTERS[0], "any", place))
    yield vector("filters", rule(RULES[1]), filter_text(FILTERS[0]), filter_text(FILTERS[4]))
    yield vector("filters", filter_text(FILTERS[0]), rule(RULES[1]), filter_text(FILTERS[2]))
    yield vector("filters", rule(RULES[1]), filter_text({"selection": {"f": "1"}, "condition": "not selection"}),
                 filter_text({"selection": {"g": "1"}, "condition": "not selection"}))
    for body in ({"selection": {"h": "1"}}, {"condition": "not selection"}, {"selection": {"h": "1"}, "condition": ["selection"]},
                 {"selection": {"h": "1"}, "condition": "not other"}, {"selection": {"h": "1"}, "condition": "not 1 of x*"},
                 {"selection": {"h|nothing": "1"}, "condition": "not selection"}, {"selection": {}, "condition": "not selection"}):
        yield vector("filter malformed", rule(RULES[0]), filter_text(body))
    yield vector("filter malformed", rule(RULES[0]), filter_text(FILTERS[0], None))
    yield vector("filter malformed", rule(RULES[0]), filter_text(FILTERS[0], {"a": "b"}))
    yield vector("filter malformed", rule(RULES[0]), filter_text(FILTERS[0], logsource={}))
