#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives detections.jsonl, correlations.jsonl and reasons.jsonl by running pySigma; see README.md.

  python3 -m venv /tmp/pysigma && /tmp/pysigma/bin/pip install -r tests/vectors/requirements.txt
  /tmp/pysigma/bin/python tests/vectors/generate.py          # writes
  /tmp/pysigma/bin/python tests/vectors/generate.py --check  # says whether what is there is up to date
"""
import argparse
import collections
import hashlib
import itertools
import json
import pathlib
import sys

import condition_tree
import conditions
import correlate
import filters
import reading
import sqlite_oracle
import texts
import values
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline

HERE = pathlib.Path(__file__).resolve().parent

# One rule around each detection. JSON is YAML, but for the escapes of a surrogate pair: texts stay
# as they are.
RULE = "title: vector\nstatus: test\nlogsource:\n  product: linux\ndetection: {}\n"


def pipeline_of(vector):
    if vector.placeholders is None:
        return None
    return ProcessingPipeline.from_dict({
        "name": "placeholders", "priority": 1, "vars": vector.placeholders,
        "transformations": [{"id": "values", "type": "value_placeholders"}]})


def collection_of(vector):
    return SigmaCollection.from_yaml(vector.detection if vector.documents else RULE.format(vector.detection))


def parsed(vector, pipeline):
    """The rule as pySigma has it after the pipeline; raises what refuses it."""
    collection = collection_of(vector)
    if collection.errors:
        raise collection.errors[0]
    rule = collection.rules[0]
    if rule.errors:
        raise rule.errors[0]
    if pipeline is not None:
        pipeline.apply(rule)
    return rule


def ask_tree(vector):
    """(indices or "refused", reason)."""
    try:
        return condition_tree.matches(parsed(vector, pipeline_of(vector)), vector.events), ""
    except SigmaError as error:
        return "refused", type(error).__name__
    except NotImplementedError as error:
        return "refused", f"left unresolved: {error}"
    except Exception as error:  # pySigma does not wrap everything that it trips over
        return "refused", f"{type(error).__name__} (not wrapped)"


def judge(vector):
    """The line of a vector, and counts of how the two oracles agreed."""
    answer, reason = ask_tree(vector)
    line = {"family": vector.family, "documents" if vector.documents else "detection": vector.detection}
    if vector.placeholders:
        line["placeholders"] = vector.placeholders
    line["pysigma"] = answer
    if answer == "refused":
        line["reason"] = reason
        line["sql"] = "not asked"
    else:
        by_sql, cannot = sqlite_oracle.matches(collection_of(vector), vector.events, pipeline_of(vector))
        if by_sql is None:
            line["sql"] = "cannot: " + cannot
        elif by_sql == answer:
            line["sql"] = "agrees"
        else:
            line["sql"] = by_sql
            line["sql_because"] = vector.sql
    return line


def render(line, events):
    """Compact JSON; the events in their own spelling come last."""
    head = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return head[:-1] + ',"events":[' + ",".join(events) + "]}"


def vectors():
    seen = set()
    for vector in itertools.chain(texts.families(), values.families(), conditions.families(),
                                  filters.families()):
        key = hashlib.sha256(repr((vector.detection, vector.events, vector.placeholders)).encode()).digest()
        if key not in seen:
            seen.add(key)
            yield vector


def build():
    lines, counts, problems = [], collections.Counter(), []
    numbers = collections.Counter()
    for vector in vectors():
        numbers[vector.family] += 1
        name = f"{vector.family} {numbers[vector.family]}"
        line = {"case": name, **judge(vector)}
        del line["family"]
        ours, marks = (line["pysigma"], set()) if vector.documents else reading.answer(vector)
        explained = ours != line["pysigma"]
        if explained:
            line["differs"] = {"ours": ours, "because": sorted(marks)}
            if not marks:
                problems.append(f"{name}: {ours} by our reading, {line['pysigma']} by pySigma's: {vector.detection}")
        if "sql_because" in line and not line["sql_because"]:
            problems.append(f"{name}: SQL says {line['sql']}, the tree {line['pysigma']}: {vector.detection}")
        counts["sql " + (line["sql"] if isinstance(line["sql"], str) else "differs").split(":")[0]] += 1
        counts["refused" if line["pysigma"] == "refused" else "answered"] += 1
        counts["differs"] += bool(explained)
        counts["judgements"] += len(vector.events)
        lines.append(render(line, vector.events))
    return lines, counts, problems


def reasons_of(kind, reasons):
    return [json.dumps({"of": kind, "reason": name, "words": words, "section": section}, ensure_ascii=False)
            for name, (words, section) in sorted(reasons.items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    lines, counts, problems = build()
    for problem in problems[:40]:
        print(problem, file=sys.stderr)
    correlation_lines, correlation_counts, more_problems = correlate.build()
    problems += more_problems
    for problem in more_problems:
        print(problem, file=sys.stderr)
    print(f"{len(correlation_lines)} correlations: " + ", ".join(f"{n} {what}" for what, n in sorted(correlation_counts.items())))
    files = {"detections.jsonl": [line for line in lines if '"documents":' not in line],
             "filters.jsonl": [line for line in lines if '"documents":' in line], "correlations.jsonl": correlation_lines,
             "reasons.jsonl": reasons_of("detection", reading.REASONS) + reasons_of("correlation", correlate.REASONS)}
    print(f"{len(lines)} vectors: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    if problems:
        return f"{len(problems)} answers differ and nothing says why"
    for name, content in files.items():
        text = "\n".join(content) + "\n"
        if not options.check:
            (HERE / name).write_text(text, encoding="utf-8")
        elif (HERE / name).read_text(encoding="utf-8") != text:
            return f"{name} is not up to date"
    return None


if __name__ == "__main__":
    sys.exit(main())
