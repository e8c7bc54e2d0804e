# SPDX-License-Identifier: Apache-2.0
"""Vectors of correlation rules: a few detection rules, correlations over them, and a short stream."""
import itertools
import random

from vector import Raw

SEED = 20261125
START = "2026-11-24T10:{:02d}:{:02d}Z"


def correlation(kind, rules, timespan="10s", **more):
    out = {"type": kind, "rules": list(rules), "timespan": timespan}
    out.update({key.replace("_", "-"): value for key, value in more.items() if value is not None})
    return out


def stream(rng, count, kinds="abc", users=("ann", "bob", "Ann"), ties=False):
    """Events in order of time, some without the fields that correlations ask for."""
    second, out = 0, []
    for _ in range(count):
        second += rng.choice([0, 1, 2] if ties else [1, 1, 2, 3, 5])
        event = {"t": START.format(second // 60, second % 60), "kind": rng.choice(kinds)}
        if rng.randrange(8):
            event["user"] = rng.choice(users)
        if rng.randrange(8):
            event["host"] = rng.choice(["h1", "h2"])
        if rng.randrange(6):
            event["n"] = rng.choice([1, 2, 10, Raw("2.5"), -3, "7", "many", 0])
        if rng.randrange(6):
            event["v"] = rng.choice(["p", "q", "P", "r"])
        event["src"], event["dst"] = rng.choice(["x", "y"]), rng.choice(["x", "y"])
        out.append(event)
    return out


def conditions_of(kind):
    if kind == "event_count":
        return [{"gte": 3}, {"gt": 1}, {"eq": 2}, {"lte": 1}, {"lt": 3}, {"gte": 1}]
    if kind == "value_count":
        return [{"field": "v", "gte": 2}, {"field": "v", "eq": 1}, {"field": "host", "gte": 2}, {"field": "v", "lt": 2}]
    if kind == "value_percentile":
        return [{"field": "n", "percentile": p, op: 2} for p in (0, 25, 50, 95, 100) for op in ("gte", "lt")]
    return [{"field": "n", "gte": 5}, {"field": "n", "gt": 1}, {"field": "n", "lt": 2}, {"field": "n", "eq": 10},
            {"field": "n", "lte": 0}]


KINDS = ("event_count", "value_count", "value_sum", "value_avg", "value_median", "value_percentile")


def metrics(rng):
    for kind in KINDS:
        for condition in conditions_of(kind):
            for group in (None, ["user"], ["user", "host"]):
                rules = rng.choice([["rule_a"], ["rule_a", "rule_b"]])
                yield kind, {"top": correlation(kind, rules, rng.choice(["4s", "10s", "1m"]), group_by=group,
                                                condition=condition)}, stream(rng, 14)


def temporal(rng):
    for kind in ("temporal", "temporal_ordered"):
        for count in (1, 2, 3):
            rules = [f"rule_{c}" for c in "abc"[:count]]
            conditions = [None] + [{op: n} for n in range(1, count + 1) for op in ("gte", "gt") if n + (op == "gt") <= count]
            if kind == "temporal":
                conditions += [{"eq": 1}, {"lt": count}, {"lte": 1}]
            for condition in conditions:
                for group in (None, ["user"]):
                    yield kind, {"top": correlation(kind, rules, rng.choice(["4s", "10s", "1m"]), group_by=group,
                                                    condition=condition)}, stream(rng, 14)
        for order in itertools.permutations(["rule_a", "rule_b", "rule_c"]):
            yield kind, {"top": correlation(kind, order, "15s", group_by=["user"])}, stream(rng, 16, users=("ann", "bob"))


def aliases(rng):
    for kind in ("temporal", "temporal_ordered", "event_count"):
        for _ in range(6):
            table = {"peer": {"rule_a": "src", "rule_b": rng.choice(["dst", "src"])}}
            condition = {"gte": 2} if kind == "event_count" else None
            yield kind + " with aliases", {"top": correlation(
                kind, ["rule_a", "rule_b"], "10s", group_by=["peer"], aliases=table, condition=condition)}, stream(rng, 14)


def chains(rng):
    for _ in range(16):
        lower = correlation("event_count", ["rule_a"], rng.choice(["5s", "10s"]), group_by=["user"], condition={"gte": 2})
        kind = rng.choice(["temporal", "temporal_ordered"])
        yield "chain", {"lower": lower, "top": correlation(kind, ["lower", "rule_b"], "20s", group_by=["user"])}, \
            stream(rng, 16, users=("ann", "bob"))


def ties(rng):
    for kind, condition in (("event_count", {"gte": 2}), ("temporal", None), ("value_count", {"field": "v", "gte": 2})):
        for _ in range(6):
            yield kind + " with equal times", {"top": correlation(kind, ["rule_a", "rule_b"], "3s", group_by=["host"],
                                                                  condition=condition)}, stream(rng, 14, ties=True)


def borders(rng):
    """Windows whose ends lie exactly on events."""
    for gap in (9, 10, 11):
        events = [{"t": START.format(0, s), "kind": k, "user": "ann"} for s, k in ((1, "a"), (1 + gap, "a"), (2 + gap, "b"))]
        yield "window border", {"top": correlation("event_count", ["rule_a"], "10s", group_by=["user"], condition={"gte": 2})}, events
        yield "window border", {"top": correlation("temporal", ["rule_a", "rule_b"], f"{gap}s", group_by=["user"])}, events
    for span in ("60s", "1m", "3600s", "1h", "86400s", "1d"):
        events = [{"t": "2026-11-24T10:00:00Z", "kind": "a"}, {"t": "2026-11-24T10:01:00Z", "kind": "a"},
                  {"t": "2026-11-24T11:00:01Z", "kind": "a"}, {"t": "2026-11-25T10:00:02Z", "kind": "a"}]
        yield "timespan", {"top": correlation("event_count", ["rule_a"], span, condition={"gte": 2})}, events


def boolean(rng):
    """Conditions over rules, the accepted extension of temporal types; without not (see README)."""
    for kind in ("temporal", "temporal_ordered"):
        for condition in ("rule_a and rule_b", "rule_a or rule_b", "rule_a and (rule_b or rule_c)", "rule_a or rule_b and rule_c",
                          "(rule_a or rule_b) and rule_c", "rule_a and rule_b and rule_c"):
            rules = sorted({f"rule_{c}" for c in "abc" if f"rule_{c}" in condition})
            for group in (None, ["user"]):
                yield kind + " of a condition", {"top": correlation(kind, rules, "6s", group_by=group,
                                                                    condition=condition)}, stream(rng, 16)


def tuples(rng):
    for op, number in (("gte", 2), ("gte", 3), ("lt", 2)):
        for group in (None, ["user"], ["user", "host"]):
            yield "value_count of several fields", {"top": correlation(
                "value_count", ["rule_a", "rule_b"], "10s", group_by=group,
                condition={"field": ["v", "src"], op: number})}, stream(rng, 16)


MALFORMED = [
    {"type": "event_count", "rules": ["rule_a"], "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "0s", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "-1s", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "10", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "10x", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": 10, "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1.5m", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["nothing"], "timespan": "1m", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["top"], "timespan": "1m", "condition": {"gte": 1}},
    {"type": "event_count", "timespan": "1m", "condition": {"gte": 1}},
    {"type": "counting", "rules": ["rule_a"], "timespan": "1m", "condition": {"gte": 1}},
    {"rules": ["rule_a"], "timespan": "1m", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "condition": {"more": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "condition": {"gte": "many"}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "condition": "rule_a"},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "condition": {}},
    {"type": "value_count", "rules": ["rule_a"], "timespan": "1m", "condition": {"gte": 1}},
    {"type": "value_sum", "rules": ["rule_a"], "timespan": "1m", "condition": {"gte": 1}},
    {"type": "value_percentile", "rules": ["rule_a"], "timespan": "1m", "condition": {"field": "n", "gte": 1}},
    {"type": "value_percentile", "rules": ["rule_a"], "timespan": "1m",
     "condition": {"field": "n", "percentile": 101, "gte": 1}},
    {"type": "temporal", "rules": ["rule_a", "rule_b"], "timespan": "1m", "condition": "rule_a and rule_c"},
    {"type": "temporal", "rules": ["rule_a", "rule_b"], "timespan": "1m", "condition": "rule_a"},
    {"type": "temporal", "rules": ["rule_a", "rule_b"], "timespan": "1m", "condition": "rule_a and"},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "group-by": {"a": "b"}, "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "aliases": ["x"], "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["rule_a"], "timespan": "1m", "generate": "maybe", "condition": {"gte": 1}},
]


def malformed(rng):
    for body in MALFORMED:
        yield "malformed", {"top": body}, stream(rng, 4)
    first = correlation("event_count", ["top"], "1m", condition={"gte": 1})
    yield "malformed", {"first": first, "top": correlation("event_count", ["first"], "1m", condition={"gte": 1})}, stream(rng, 4)


def families():
    rng = random.Random(SEED)
    for family in (metrics, temporal, aliases, chains, ties, borders, boolean, tuples, malformed):
        yield from family(rng)
