# SPDX-License-Identifier: Apache-2.0
"""An independent model of Sigma's correlations: at every event, look at its whole window anew.

A window holds the events of one group in [t - timespan, t], both ends in it: the specification wants
windows not to be restricted to boundaries. Groups are compared without case, like every value. An
event without a group-by field belongs to no group.
"""
import itertools
import math
import re
from fractions import Fraction

from condition_tree import OBJECT, fields_of, fold, number_of, text_of

TIME_FIELD = "t"
COMPARE = {
    "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b, "eq": lambda a, b: a == b, "neq": lambda a, b: a != b,
}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def one_value(fields, name):
    """The text of a field of one value, else None."""
    values = fields.get(name, [])
    if len(values) != 1 or values[0] is None or values[0] is OBJECT:
        return None
    return text_of(values[0])


def terms(condition, rules):
    """A condition over rules as alternatives, each the slots that must be there, in the order of `rules`."""
    tokens = re.findall(r"[()]|[^\s()]+", condition)

    def alternatives():
        out = conjunction()
        while tokens[:1] == ["or"]:
            tokens.pop(0)
            out = out + conjunction()
        return out

    def conjunction():
        out = operand()
        while tokens[:1] == ["and"]:
            tokens.pop(0)
            more = operand()
            out = [a | b for a in out for b in more]
        return out

    def operand():
        token = tokens.pop(0)
        if token != "(":
            return [{rules.index(token)}]
        out = alternatives()
        tokens.pop(0)
        return out

    return [sorted(term) for term in alternatives()]


class Model:
    """`matches`: {name of a detection rule: indices of its events}; `seconds`: time of each event.

    `skips`: an event without a value for the condition's field takes no part, as one without a
    group-by field. pySigma's SQL counts it as an event of the group that has no value.
    """

    def __init__(self, events, seconds, matches, correlations, skips):
        self.skips = skips
        self.fields = [fields_of(text) for text in events]
        self.seconds = seconds
        self.matches = matches
        self.correlations = correlations

    def signals(self, name):
        """[(event, group of a correlation below or None)] of a rule or correlation."""
        if name in self.matches:
            return [(i, None) for i in self.matches[name]]
        rule = self.correlations[name]
        names = rule.get("group-by", [])
        return [(i, dict(zip(names, group))) for i, group in self.results(name)]

    def value(self, signal, field):
        event, group = signal
        if group is not None and field in group:
            return group[field]
        return one_value(self.fields[event], field)

    def results(self, name):
        """[(event, group)] of every event at which the correlation's condition holds."""
        rule = self.correlations[name]
        references = rule["rules"]
        aliases = rule.get("aliases", {})
        arrivals = []
        for slot, reference in enumerate(references):
            for signal in self.signals(reference):
                key = [self.value(signal, aliases.get(f, {}).get(reference, f)) for f in rule.get("group-by", [])]
                if None not in key and (not self.skips or self.has_value(rule, signal)):
                    arrivals.append((signal, slot, tuple(fold(k) for k in key)))
        found = []
        for event in sorted({a[0][0] for a in arrivals}, key=lambda e: (self.seconds[e], e)):
            for group in sorted({a[2] for a in arrivals if a[0][0] == event}):
                window = [a for a in arrivals if a[2] == group and self.within(a[0][0], event, rule)]
                if self.holds(rule, window):
                    found.append((event, group))
        return found

    def has_value(self, rule, signal):
        condition = rule.get("condition")
        if not isinstance(condition, dict) or "field" not in condition:
            return True
        names = condition["field"] if isinstance(condition["field"], list) else [condition["field"]]
        texts = [self.value(signal, name) for name in names]
        return None not in texts and (rule["type"] == "value_count" or number_of(texts[0]) is not None)

    def within(self, other, event, rule):
        span = int(rule["timespan"][:-1]) * UNITS[rule["timespan"][-1]]
        return self.seconds[event] - span <= self.seconds[other] <= self.seconds[event] and \
            (self.seconds[other], other) <= (self.seconds[event], event)

    def holds(self, rule, window):
        kind, condition = rule["type"], rule.get("condition")
        if kind == "event_count":
            measure = len({a[0][0] for a in window})
        elif kind.startswith("temporal"):
            return self.temporal(rule, window)
        elif kind == "value_count":
            names = condition["field"] if isinstance(condition["field"], list) else [condition["field"]]
            tuples = {tuple(self.value(a[0], n) for n in names) for a in window}
            measure = len({tuple(fold(v) for v in t) for t in tuples if None not in t})
        else:
            measure = self.number(rule, window)
            if measure is None:
                return False
        return all(COMPARE[op](measure, Fraction(str(wanted))) for op, wanted in condition.items() if op in COMPARE)

    def number(self, rule, window):
        """Sum, average, median or percentile of the numbers of the window's events; None without any."""
        texts = {a[0][0]: self.value(a[0], rule["condition"]["field"]) for a in window}
        numbers = sorted(Fraction(t) for t in texts.values() if t is not None and number_of(t) is not None)
        if not numbers:
            return None
        kind = rule["type"]
        if kind == "value_sum":
            return sum(numbers)
        if kind == "value_avg":
            return sum(numbers) / len(numbers)
        percent = 50 if kind == "value_median" else rule["condition"]["percentile"]
        place = Fraction(len(numbers) - 1) * Fraction(str(percent)) / 100
        low = math.floor(place)
        high = min(low + 1, len(numbers) - 1)
        return numbers[low] + (numbers[high] - numbers[low]) * (place - low)

    def temporal(self, rule, window):
        condition = rule.get("condition")
        slots = range(len(rule["rules"]))
        if condition is None:
            condition = {"gte": len(rule["rules"])}
        present = {a[1] for a in window}
        if isinstance(condition, str):
            return any(set(term) <= present and (rule["type"] == "temporal" or self.in_order(window, term))
                       for term in terms(condition, rule["rules"]))
        if not all(COMPARE[op](len(present), wanted) for op, wanted in condition.items() if op in COMPARE):
            return False
        if rule["type"] == "temporal":
            return True
        wanted = max(n + (op == "gt") for op, n in condition.items())
        return any(self.in_order(window, chosen) for chosen in itertools.combinations(slots, wanted))

    def in_order(self, window, chosen):
        """Some event of each chosen rule, each after the one before."""
        last = (-1, -1)
        for slot in chosen:
            times = [(self.seconds[a[0][0]], a[0][0]) for a in window if a[1] == slot]
            later = [t for t in times if t > last]
            if not later:
                return False
            last = min(later)
        return True
