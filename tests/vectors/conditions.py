# SPDX-License-Identifier: Apache-2.0
"""Vectors of whole rules: conditions, keywords, field names, random rules, malformed rules."""
import itertools
import random

from vector import Raw, Vector, event, events_of

SEED = 20261124
IDENTIFIERS = ["sel", "sel_a", "sel_b", "filter_x", "filter_y", "_hidden", "_sel", "other1", "not_this", "android",
               "orbit", "all_in", "a-b"]


def selections(names):
    """Each name asks for its own field to be 1, so that an event says which of them hold."""
    return {name: {f"f{i}": "1"} for i, name in enumerate(names)}


def assignments(names, chosen):
    return [event({f"f{i}": "1" if bit else "0" for i, bit in enumerate(bits)}) for bits in chosen]


def random_condition(rng, names, depth=0):
    kind = rng.randrange(10 if depth < 4 else 4)
    if kind < 4:
        if rng.randrange(3):
            return rng.choice(names)
        quantifier = rng.choice(["1 of", "all of", "any of"])
        return f"{quantifier} {rng.choice(['them', 'sel*', 'filter_*', '_*', '*', 'sel_?', '*_*', 'sel', '*a', 'f*_y'])}"
    if kind < 5:
        return "not " + random_condition(rng, names, depth + 3)
    if kind < 7:
        return "(" + random_condition(rng, names, depth + 1) + ")"
    operator = rng.choice([" and ", " or ", " and not ", " or not "])
    return operator.join(random_condition(rng, names, depth + 1) for _ in range(rng.choice([2, 2, 3])))


def random_conditions():
    rng = random.Random(SEED)
    for _ in range(420):
        names = rng.sample(IDENTIFIERS, rng.randrange(1, 6))
        every = list(itertools.product([False, True], repeat=len(names)))
        chosen = every if len(every) <= 8 else rng.sample(every, 10)
        yield Vector("condition", {**selections(names), "condition": random_condition(rng, names)},
                     assignments(names, chosen))


PRECEDENCE = [
    "a or b and c", "a and b or c", "not a and b", "not a or b", "not (a or b)", "not a and not b", "a and not b or c",
    "(a or b) and c", "a or (b and c)", "not not a", "not (not a)", "((a))", "(a)", "a", "a and b and c", "a or b or c",
    "1 of them", "all of them", "any of them", "not 1 of them", "not all of them", "1 of a* or c", "1 of them and a",
    "all of them or a", "a and 1 of them", "not 1 of a* and b", "a and(b or c)", "(a)and(b)", "a  and\tb", "not(a)",
    "1 of (a)", "a AND b", "a OR b", "NOT a", "1 OF them", "ALL of them", "a and NOT b", "2 of them", "3 of them",
    "0 of them", "4 of them", "1 of a", "all of a", "1 of x*", "all of x*", "1 of *", "all of *", "them", "a b", "a and",
    "and a", "a or or b", "not", "()", "(a", "a)", "", "a and b or", "of", "1 of", "all", "1", "a && b", "a | count() > 5",
    "a and nothing", "1 of them | count() by f0 > 3", "a near b", "A", "a,b", "a and 'b'", "all of (a, b)", "not a b",
    "1 of them of them", "a*", "any of a*", "some of them", "1of them", "a and (b or (c and (not a or (b))))",
    "a and b and not c or not a and c", "not a or not b and not c",
]


def precedence():
    names = ["a", "b", "c"]
    events = assignments(names, itertools.product([False, True], repeat=3))
    for text in PRECEDENCE:
        yield Vector("precedence", {**selections(names), "condition": text}, events)
    for many in (["a", "b"], ["a and b", "c"], ["not a", "not b"], ["a"], ["1 of them", "all of them"], ["a", "a"],
                 ["a", "nothing"], [], ["a", ""]):
        yield Vector("condition list", {**selections(names), "condition": many}, events)
    hidden = ["sel", "_opt", "_sel"]
    events = assignments(hidden, itertools.product([False, True], repeat=3))
    for text in ("1 of them", "all of them", "1 of *", "1 of _*", "all of _*", "1 of *sel", "_opt", "sel and _opt",
                 "1 of _sel", "all of *", "any of them", "not 1 of them", "1 of s*", "all of *_*"):
        yield Vector("underscore", {**selections(hidden), "condition": text}, events)
    only = ["_x", "_y"]
    events = assignments(only, itertools.product([False, True], repeat=2))
    for text in ("1 of them", "all of them", "_x", "1 of _*"):
        yield Vector("underscore only", {**selections(only), "condition": text}, events)


def keywords():
    texts = [{"m": "the quick brown fox"}, {"m": "Quick", "n": "Fox"}, {"m": "quickfox"}, {"m": "slow", "n": "dog"},
             {"m": "a*b"}, {"m": "axb"}, {"m": 4625}, {"m": "id 4625."}, {"m": True}, {"m": ""}, {"m": None},
             {"quick": "fox"}, {"m": "qu\nick"}, {"m": ["quick", "fox"]}, {"m": {"n": "quick"}}, {"m": "50% off"},
             {"m": "C:\\shop\\till"}, {"m": "quick", "n": "brown"}, {"m": "brownquick"}, {"m": Raw("1.50")}]
    events = [event(t) for t in texts]
    wanted = ["quick", ["quick", "fox"], "*quick*", "quick*fox", "q?ick", r"a\*b", "a*b", 4625, "4625", ["quick", 4625],
              "true", True, "fox", "50%", r"C:\shop", "", "qu*ick", "*", Raw("1.5"), Raw("1.50"), None, "null", "quick fox",
              "QUICK", ["*quick", "fox*"], "?", "quick ", ["dog", "dog"]]
    sql = ("the backend searches one column that joins all values, so a wildcard or a line end may reach over "
           "two of them; numbers come as the rule has them")
    for value in wanted:
        yield Vector("keyword", {"k": value, "condition": "k"}, events, sql=sql)
        yield Vector("keyword under not", {"k": value, "condition": "not k"}, events, sql=sql)
    for key in ("|all", "|contains", "|startswith", "|endswith", "|cased", "|re", "|re|i", "|contains|all", "|windash",
                "|base64", "|base64offset|contains", "|neq", "|cidr", "|exists", "|gt", "|wide", "|fieldref", "|all|cased"):
        for value in (["quick", "fox"], ["Quick", "*own"], "quick", "^quick", ["-quick", "till"]):
            yield Vector("keyword " + key, {"k": {key: value}, "condition": "k"}, events, sql=sql)
    for mixed in ([{"m": "slow"}, "quick"], ["quick", {"m": "slow"}, "fox"], [{"m": "slow"}, {"|all": ["quick", "fox"]}],
                  {"m": "slow", "|contains": "dog"}, [["quick"]], [], {}, [{}], [None], {"m": []}, {"m": {}},
                  {"m": {"n": "x"}}, {"m": [["x"]]}, {"m": [{"n": "x"}]}):
        yield Vector("keyword mixed", {"k": mixed, "condition": "k"}, events, sql=sql)


def field_names():
    names = ["Field Name", "a.b", "a-b", "a_b", "ä", "EventID", "eventid", "@timestamp", "a[0]", "a'b", 'a"b', "a:b", "select",
             "a b.c d", "field%", "$x", "1st", "a/b", "a\\b", "a*", "日本", "x" * 100]
    for name in names:
        events = [event({name: "x"}), event({name.upper(): "x"}), event({name.lower(): "x"}), event({name: "y"}),
                  event({"f": "x"})]
        yield Vector("field name", {"s": {name: "x"}, "condition": "s"}, events,
                     sql="SQLite's names of columns do not differ by case")
        yield Vector("field name", {"s": {name + "|contains": "X"}, "condition": "s"}, events,
                     sql="SQLite's names of columns do not differ by case")


WORDS = ["alpha", "Beta", "al*", "*ta", "a?pha", "", "7", "x y", "é", r"a\b", "*", "-f", "10.1.2.3"]
CHAINS = ["", "", "", "contains", "startswith", "endswith", "contains|all", "cased", "neq", "contains|neq", "windash|contains",
          "re", "re|i", "endswith|cased", "base64offset|contains", "exists", "gt", "lte", "cidr", "fieldref", "hour"]


def random_item(rng):
    field, chain = rng.choice("fgh"), rng.choice(CHAINS)
    key = f"{field}|{chain}" if chain else field
    if chain == "exists":
        return key, rng.choice([True, False])
    if chain in ("gt", "lte"):
        return key, rng.choice([5, 7, -1])
    if chain == "cidr":
        return key, rng.choice(["10.0.0.0/8", "10.1.2.0/30", "fe80::/10"])
    if chain == "fieldref":
        return key, rng.choice("fgh")
    if chain == "hour":
        return key, rng.choice([10, 23])
    if chain.startswith("re"):
        return key, rng.choice(["^al", "a$", "[0-9]+", "b.t", "^$"])
    if chain == "base64offset|contains":
        return key, rng.choice(["alpha", "beta"])
    many = rng.sample(WORDS, rng.choice([2, 2, 3]))
    if "all" in chain:
        return key, many
    return key, rng.choice([many, rng.choice(WORDS), rng.choice(WORDS), None if chain == "" else "alpha", 7])


def random_event(rng):
    values = ["alpha", "ALPHA", "beta", "alphabet", "", "7", 7, "x y", "É", "a\\b", None, "-f", "/f x", "10.1.2.3", "fe80::9",
              "YWxwaGE=", "eGFscGhheA==", "2026-11-24T10:00:00Z", True, 5, "alBeta", "a7a", ["alpha", "beta"]]
    return event({field: rng.choice(values) for field in "fgh" if rng.randrange(5)})


def random_rules():
    rng = random.Random(SEED + 1)
    sql = "the parts of this rule include a comparison that SQLite makes its own way"
    for _ in range(400):
        names = ["sel", "sel_b", "filter", "_x"][: rng.randrange(1, 5)]
        detection = {}
        for name in names:
            items = dict(random_item(rng) for _ in range(rng.choice([1, 2, 3])))
            detection[name] = [items, dict([random_item(rng)])] if rng.randrange(4) == 0 else items
        detection["condition"] = rng.choice([
            random_condition(rng, names), " and ".join(names), " or ".join(names), names[0] + " and not 1 of sel_*"
            if len(names) > 1 else names[0]])
        yield Vector("random rule", detection, [random_event(rng) for _ in range(10)], sql=sql)


def malformed():
    events = events_of("f", ["x", "y"])
    for key in ("f|", "f|nothing", "f|contains|", "|", "", "f||contains", "f|Contains", "f|contains ", "f|all|all", "f|contain",
                "f| contains", "f|near", "f|regex", "f|not", "f|eq", "f|ne", "f|in"):
        yield Vector("malformed key", {"s": {key: ["x", "y"]}, "condition": "s"}, events)
    for chain in ("base64|base64", "contains|contains", "startswith|endswith", "cased|cased", "exists|contains",
                  "contains|exists", "gt|lt", "gt|contains", "contains|gt", "contains|base64", "startswith|base64offset",
                  "wide|wide", "base64|wide", "neq|neq", "exists|neq", "exists|all", "endswith|startswith",
                  "windash|windash", "wide|windash|base64", "expand", "base64|windash"):
        for value in ("x-y", ["x", "-y"], True, 7):
            yield Vector("unusual chain", {"s": {"f|" + chain: value}, "condition": "s"}, events)
    for text in ("{s: {f: x}}", "{condition: s}", "{s: {f: x}, condition: 1}", "{s: {f: x}, condition: null}",
                 "{s: {f: x}, condition: {a: b}}", "{s: x, condition: s}", "{s: null, condition: s}", "{s: {}, condition: s}",
                 "{s: [], condition: s}", "{s: {f: []}, condition: s}", "{s: {f: {g: x}}, condition: s}",
                 "{s: {f: x}, condition: s, timeframe: 5m}", "{s: {f: x, f: y}, condition: s}", "[]", "x", "{}", "null",
                 "{s: {f: x}, S: {f: y}, condition: S}", "{s: {1: x}, condition: s}", "{1: {f: x}, condition: '1'}",
                 "{s: {f: x}, condition: [s, [s]]}", "{s: {f: &a x}, condition: s}", "{s: {f: !!str 1}, condition: s}",
                 "{s: {true: x}, condition: s}", "{s: {f: 'x'}, t: {f: y}, condition: s}", "{s s: {f: x}, condition: s s}"):
        yield Vector("malformed detection", text, events)


def families():
    for family in (precedence, random_conditions, keywords, field_names, random_rules, malformed):
        yield from family()
