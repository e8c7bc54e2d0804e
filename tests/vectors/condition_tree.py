# SPDX-License-Identifier: Apache-2.0
"""The first oracle: pySigma parses the rule, applies its modifiers and resolves its condition; what
is left is a tree of plain comparisons, which this small evaluator answers as the specification says.

An event is a JSON text. Its fields are the leaves, named by their path; a list gives a field several
values, and a test of the field holds when it holds for one of them. An object is present, no more.

reading.py marks values where Catena reads the specification otherwise than pySigma does.
"""
import datetime
import ipaddress
import json
import re

import re2
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
    TimestampPart,
)


class NumberText(str):
    """A number of an event, as it was written."""


MAPPED = ipaddress.ip_network("::ffff:0:0/96")
OBJECT = object()  # the value of a field that is an object: present, equal to nothing
NOTES = set()      # marks of reading.py that decided something


def fields_of(text):
    """{path: [value …]} of a JSON event; values are str, NumberText, bool or None."""
    fields = {}

    def walk(path, value):
        if isinstance(value, dict):
            if path:
                fields.setdefault(path, []).append(OBJECT)
            for key, inner in value.items():
                walk(f"{path}.{key}" if path else key, inner)
        elif isinstance(value, list):
            fields.setdefault(path, [])
            for inner in value:
                walk(path, inner)
        else:
            fields.setdefault(path, []).append(value)

    walk("", json.loads(text, parse_int=NumberText, parse_float=NumberText))
    return fields


def text_of(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def fold(text):
    """Simple case folding: one character becomes one character, or stays."""
    return "".join(f if len(f := c.casefold()) == 1 else c for c in text)


def wildcard_regex(value, cased, anywhere=False):
    """A SigmaString as a regular expression over the whole text."""
    out = []
    for part in value.s:
        if part == SpecialChars.WILDCARD_MULTI:
            out.append(".*")
        elif part == SpecialChars.WILDCARD_SINGLE:
            out.append(".")
        else:
            assert isinstance(part, str), part
            out.append(re.escape(part if cased else fold(part)))
    pattern = "".join(out)
    return re.compile(f".*{pattern}.*" if anywhere else pattern, re.DOTALL)


NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def number_of(text):
    if not NUMBER.fullmatch(text):
        return None
    try:
        return int(text)
    except ValueError:
        return float(text)


def compare(left, op, right):
    return {
        CompareOperators.LT: left < right,
        CompareOperators.LTE: left <= right,
        CompareOperators.GT: left > right,
        CompareOperators.GTE: left >= right,
    }[op]


def time_part(text, part):
    """A part of a time as it is written, whatever its zone; None when it is no time."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)", text)
    if not found:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return {
        TimestampPart.MINUTE: minute,
        TimestampPart.HOUR: hour,
        TimestampPart.DAY: day,
        TimestampPart.WEEK: date.isocalendar()[1],
        TimestampPart.MONTH: month,
        TimestampPart.YEAR: year,
    }[part]


def regex_of(value):
    """By RE2, the engine of pySigma; SQLite runs Python's."""
    flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    return re2.compile((f"(?{flags})" if flags else "") + str(value.regexp))


def in_network(text, value):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if getattr(value, "mapped", False) and address.version == 6 and address.ipv4_mapped:
        NOTES.add("mapped")
        address = address.ipv4_mapped
    network = value.network
    if getattr(value, "mapped", False) and network.version == 6 and network.subnet_of(MAPPED):
        NOTES.add("mapped")
        network = ipaddress.ip_network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return address.version == network.version and address in network


def referenced(text, value, fields, cased):
    """fieldref: some value of the other field equals, begins, ends or is within this one."""
    fix = (lambda s: s) if cased else fold
    here = fix(text)
    for other in fields.get(value.field, []):
        if other is None or other is OBJECT:
            continue
        there = fix(text_of(other))
        if value.starts_with and value.ends_with:
            holds = there in here
        elif value.starts_with:
            holds = here.startswith(there)
        elif value.ends_with:
            holds = here.endswith(there)
        else:
            holds = here == there
        if holds:
            return True
    return False


def value_holds(value, actual, fields):
    """One value of a field, not null, against one value of the rule."""
    text = text_of(actual)
    if isinstance(value, SigmaCompareExpression):
        wanted = value.number
        if isinstance(wanted, SigmaTimestampPart):
            part = time_part(text, wanted.timestamp_part)
            return part is not None and compare(part, value.op, wanted.number)
        number = number_of(text)
        return number is not None and compare(number, value.op, wanted.number)
    if isinstance(value, SigmaTimestampPart):
        return time_part(text, value.timestamp_part) == value.number
    if isinstance(value, SigmaNumber):
        return text == str(value.number)
    if isinstance(value, SigmaBool):
        return fold(text) == str(value).lower()
    if isinstance(value, SigmaCasedString):
        return bool(wildcard_regex(value, True).fullmatch(text))
    if isinstance(value, SigmaString):
        return bool(wildcard_regex(value, False).fullmatch(fold(text)))
    if isinstance(value, SigmaRegularExpression):
        return bool(regex_of(value).search(text))
    if isinstance(value, SigmaCIDRExpression):
        return in_network(text, value)
    if isinstance(value, SigmaFieldReference):
        return referenced(text, value, fields, getattr(value, "cased", False))
    raise NotImplementedError(type(value).__name__)


def field_holds(name, value, fields):
    if isinstance(value, SigmaExpansion):
        return any(field_holds(name, inner, fields) for inner in value.values)
    values = fields.get(name)
    if isinstance(value, SigmaExists):
        return (values is not None) == value.exists
    if isinstance(value, SigmaNull):
        return all(actual is None for actual in values or [])
    return any(value_holds(value, actual, fields) for actual in values or []
               if actual is not None and actual is not OBJECT)


def keyword_holds(value, fields):
    if isinstance(value, SigmaExpansion):
        return any(keyword_holds(inner, fields) for inner in value.values)
    texts = [text_of(v) for values in fields.values() for v in values
             if v is not None and v is not OBJECT]
    if isinstance(value, SigmaRegularExpression):
        return any(regex_of(value).search(text) for text in texts)
    if isinstance(value, (SigmaNumber, SigmaBool)):
        return any(fold(str(value)) in fold(text) for text in texts)
    if isinstance(value, SigmaString):
        cased = isinstance(value, SigmaCasedString)
        pattern = wildcard_regex(value, cased, anywhere=not getattr(value, "anchored", False))
        return any(pattern.fullmatch(text if cased else fold(text)) for text in texts)
    raise NotImplementedError(type(value).__name__)


def holds(node, fields):
    """The answer of a condition tree for the fields of one event."""
    if isinstance(node, ConditionAND):
        return all([holds(arg, fields) for arg in node.args])
    if isinstance(node, ConditionOR):
        return any([holds(arg, fields) for arg in node.args])
    if isinstance(node, ConditionNOT):
        return not holds(node.args[0], fields)
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return field_holds(node.field, node.value, fields)
    if isinstance(node, ConditionValueExpression):
        return keyword_holds(node.value, fields)
    raise NotImplementedError(type(node).__name__)


def matches(rule, events):
    """Indices of the events on which one of the rule's conditions holds."""
    trees = [condition.parsed for condition in rule.detection.parsed_condition]
    return [i for i, text in enumerate(events)
            if any(holds(tree, fields_of(text)) for tree in trees)]
