# SPDX-License-Identifier: Apache-2.0
"""Derives the lines of correlations.jsonl: pySigma's SQLite backend compiles each correlation to a
plan, SQLite executes it, and the model beside must say the same; where it does not, the vector says
why. A result is [time of the event at which the condition holds, [values of group-by]], one for each
such event.
"""
import calendar
import collections
import json
import sqlite3
import time

import correlations
from condition_tree import fields_of, text_of
from correlation_model import COMPARE, TIME_FIELD, Model
from sigma.backends.sqlite import sqliteBackend
from sigma.backends.sqlite.runtime import execute_plan
from sigma.collection import SigmaCollection
from sqlite_oracle import column, stored
from vector import event as spell

# As REASONS of reading.py.
REASONS = {
    "no value": ("what is counted, summed up or ranked are the values of a field; an event without one has no part in it, as "
                 "without a group", "Correlation, Condition"),
    "never": ("the count compared is that of the rules that match, at least one at an event; a condition that none of "
              "its numbers satisfies is a mistake", "Correlation, Condition"),
    "tuple": ("fields of a list are linked by AND, so their values count together", "Correlation, Value Count"),
}
# The rules below every correlation: rule_a, rule_b and rule_c. The test has them too.
DETECTION = "title: rule_{0}\nname: rule_{0}\nstatus: test\nlogsource:\n  product: linux\ndetection: {{s: {{kind: {0}}}, condition: s}}\nlevel: low\n"


def rules_text(table):
    """The correlations of a vector as one text of several documents; JSON is YAML."""
    documents = [f"title: {name}\nname: {name}\nstatus: test\nlevel: low\ncorrelation: {spell(body)}\n"
                 for name, body in table.items()]
    return "---\n".join(documents)


def seconds_of(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def by_sql(text, events):
    """Sorted results of the last correlation, or raises what refuses it."""
    backend = sqliteBackend(timestamp_field=TIME_FIELD)
    rules = SigmaCollection.from_yaml("---\n".join([*(DETECTION.format(c) for c in "abc"), text]))
    plans = json.loads(backend.convert(rules, "zircolite"))
    plan = next(p for p in plans if p["title"] == "top")["correlation_plan"]
    connection = sqlite3.connect(":memory:")
    parsed = [fields_of(e) for e in events]
    names = sorted({name for fields in parsed for name in fields})
    connection.execute(f"CREATE TABLE logs ({', '.join(column(n) for n in names)})")
    for fields in parsed:
        values = []
        for name in names:
            kind, value = stored(fields[name][0]) if name in fields else ("", None)
            values.append(float(value) if kind == "NUMERIC" else value)
        connection.execute(f"INSERT INTO logs VALUES ({', '.join('?' for _ in names)})", values)
    rows, _ = execute_plan(connection, plan, include_events=False)
    connection.close()
    return sorted([round(row["occurrence_time"]), [str(v) for v in row["group_keys"].values()]] for row in rows)


def by_model(table, events, skips):
    seconds = [seconds_of(json.loads(e)[TIME_FIELD]) for e in events]
    matches = {f"rule_{c}": [i for i, e in enumerate(events) if json.loads(e)["kind"] == c] for c in "abc"}
    found = Model(events, seconds, matches, table, skips).results("top")
    return sorted([seconds[i], list(group)] for i, group in found)


def distinct(results):
    return [[t, list(g)] for t, g in dict.fromkeys((t, tuple(g)) for t, g in results)]


def line_of(name, table, events):
    text = rules_text(table)
    line = {"case": name, "correlations": text}
    try:
        line["pysigma"] = distinct(by_sql(text, events))
    except Exception as error:  # what pySigma and its backend refuse, wrapped or not
        line["pysigma"], line["reason"] = "refused", type(error).__name__
    ours, because = reading(name, table, events, line["pysigma"])
    if ours != line["pysigma"]:
        line["differs"] = {"ours": ours, "because": because}
    return line


def never_holds(rule):
    """A temporal condition that no number of its rules satisfies."""
    condition = rule.get("condition")
    if not rule["type"].startswith("temporal") or not isinstance(condition, dict):
        return False
    return not any(all(COMPARE[op](count, wanted) for op, wanted in condition.items())
                   for count in range(1, len(rule["rules"]) + 1))


def reading(name, table, events, answer):
    """Our answer, and why it may differ from pySigma's: names of reasons."""
    if name.startswith("malformed"):
        return "refused", []
    if never_holds(table["top"]):
        return "refused", ["never"]
    if answer == "refused":
        return distinct(by_model(table, events, True)), ["tuple"] if "several fields" in name else []
    if distinct(by_model(table, events, False)) != answer:
        return "the model differs from SQL", []
    return distinct(by_model(table, events, True)), ["no value"]


def build():
    """(lines, counts, what no reason explains)."""
    lines, problems = [], []
    numbers, counts = collections.Counter(), collections.Counter()
    for family, table, stream in correlations.families():
        numbers[family] += 1
        events = [spell(e) for e in stream]
        line = line_of(f"{family} {numbers[family]}", table, events)
        if "differs" in line and not line["differs"]["because"]:
            problems.append(f"{line['case']}: {line['differs']['ours']} by the model, {line['pysigma']} by SQL")
        counts["refused" if line["pysigma"] == "refused" else "answered"] += 1
        counts["differs"] += "differs" in line
        counts["results"] += len(line["pysigma"]) if line["pysigma"] != "refused" else 0
        head = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        lines.append(head[:-1] + ',"events":[' + ",".join(events) + "]}")
    return lines, counts, problems
