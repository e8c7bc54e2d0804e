#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives pipelines.jsonl by running pySigma: what rules become under filters and processing pipelines.

  python3 -m venv /tmp/pysigma && /tmp/pysigma/bin/pip install pysigma==2.0.1
  /tmp/pysigma/bin/python tests/vectors/pipelines.py          # writes
  /tmp/pysigma/bin/python tests/vectors/pipelines.py --check  # says whether what is there is up to date

Each line holds the rule, its filters and its pipelines as YAML and what pySigma makes of them: the
log source and the condition as a canonical text, or "refused". Where Catena differs on purpose the
line says what Catena makes of it instead, and why.

The canonical text: and(…), or(…), not(…), nested groups of one kind made one, groups of one left
out; FIELD=VALUE, "*" being the field of keywords. A text is quoted as JSON, its wildcards are <*> and
<?>, its placeholders <%name>; C before it says that case counts. #1 is a number, /re/flags a regular
expression, ref: another field, null, exists: and the comparisons speak for themselves.
"""
import argparse
import json
import pathlib
import sys

import yaml
from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaRule
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

from pipeline_cases import cases

OUTPUT = pathlib.Path(__file__).with_name("pipelines.jsonl")
COMPARISONS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}


def text_of(value):
    out = ""
    for part in value.s:
        if isinstance(part, str):
            out += json.dumps(part, ensure_ascii=False)[1:-1]
        elif isinstance(part, Placeholder):
            out += f"<%{part.name}>"
        else:
            out += "<*>" if part == SpecialChars.WILDCARD_MULTI else "<?>"
    while "<*><*>" in out:  # as good as one
        out = out.replace("<*><*>", "<*>")
    return ("C" if isinstance(value, SigmaCasedString) else "") + f'"{out}"'


def value_of(value):
    if isinstance(value, SigmaString):
        return text_of(value)
    if isinstance(value, SigmaNumber):
        return f"#{value.number}"
    if isinstance(value, SigmaBool):
        return "true" if value.boolean else "false"
    if isinstance(value, SigmaNull):
        return "null"
    if isinstance(value, SigmaExists):
        return f"exists:{'true' if value.exists else 'false'}"
    if isinstance(value, SigmaRegularExpression):
        flags = "".join(sorted(FLAGS[flag] for flag in value.flags))
        return f"/{value.regexp.to_plain_regex()}/{flags}"
    if isinstance(value, SigmaFieldReference):
        return "ref:" + ("*" if value.ends_with else "") + value.field + ("*" if value.starts_with else "")
    if isinstance(value, SigmaCompareExpression):
        return f"{COMPARISONS[value.op.name]}{value.number}"
    raise TypeError(f"no canonical text for {type(value).__name__}")


def group(kind, parts):
    flat = []
    for part in parts:
        if part is None:
            continue
        if part[0] == kind:
            flat.extend(part[1])
        else:
            flat.append(part)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else (kind, flat)


def leaf(field, value):
    if isinstance(value, SigmaExpansion):
        return group("or", [leaf(field, inner) for inner in value.values])
    return ("leaf", f"{field}={value_of(value)}")


def tree(node):
    if node is None:
        return None
    if isinstance(node, ConditionAND):
        return group("and", [tree(arg) for arg in node.args])
    if isinstance(node, ConditionOR):
        return group("or", [tree(arg) for arg in node.args])
    if isinstance(node, ConditionNOT):
        inner = tree(node.args[0])
        return None if inner is None else ("not", [inner])
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return leaf(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return leaf("*", node.value)
    raise TypeError(f"no canonical text for {type(node).__name__}")


def shown(node):
    if node is None:
        return "nothing"
    kind, content = node
    return content if kind == "leaf" else f"{kind}({', '.join(shown(part) for part in content)})"


def outcome(case):
    try:
        rule = SigmaRule.from_yaml(case.rule)
        for text in case.filters:
            SigmaFilter.from_yaml(text).apply_on_rule(rule)
        pipelines = sorted((ProcessingPipeline.from_yaml(text) for text in case.pipelines),
                           key=lambda pipeline: pipeline.priority)
        pipeline = sum(pipelines) or ProcessingPipeline()
        pipeline.apply(rule)
        conditions = [tree(condition.parsed) for condition in rule.detection.parsed_condition]
    except SigmaError as error:
        return {"refused": type(error).__name__}  # the message names fields in any order
    condition = group("or", conditions)
    if condition is None:
        return {"refused": "nothing is left of the condition"}
    source = rule.logsource
    return {
        "log_source": "/".join(part or "-" for part in (source.product, source.category, source.service)),
        "condition": shown(condition),
    }


def lines():
    for case in cases():
        line = {"name": case.name, "rule": case.rule, "filters": case.filters, "pipelines": case.pipelines,
                "pysigma": outcome(case)}
        if case.why:
            if line["pysigma"] == case.catena:
                raise ValueError(f"{case.name}: pySigma says the same; there is nothing to explain")
            line["catena"] = case.catena
            line["why"] = case.why
        yield json.dumps(line, ensure_ascii=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = "".join(line + "\n" for line in lines())
    if arguments.check:
        if OUTPUT.read_text(encoding="utf-8") != text:
            sys.exit(f"{OUTPUT} is not what pySigma says today")
        return
    OUTPUT.write_text(text, encoding="utf-8")
    print(f"{text.count(chr(10))} cases")


if __name__ == "__main__":
    main()
