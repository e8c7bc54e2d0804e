#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The linter's own tables against the specification's JSON schemas, judged by the package jsonschema:
every public rule, the specification's examples, and each of a sample of them with one thing changed.
A document is valid for both or for neither. Needs the packages jsonschema and PyYAML.

  lint_schema.py --catena PROGRAM --junit FILE
"""
import argparse
import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support")]
import junit  # noqa: E402
import reference  # noqa: E402

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

SEED = 20260110
MUTATED_RULES = 400
SCHEMAS = {"rule": "sigma-detection-rule-schema.json",
           "correlation": "sigma-correlation-rules-schema.json",
           "filter": "sigma-filters-schema.json"}


def core_loader():
    """PyYAML with the scalars of YAML 1.2's core schema, as JSON schemas mean them."""
    class Loader(yaml.SafeLoader):
        pass
    Loader.yaml_implicit_resolvers = {}
    for tag, pattern, first in (
            ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
            ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
            ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
            ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
                      r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+0123456789."))):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
    Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: (
        int(node.value, 0) if node.value.startswith(("0x", "0o")) else int(node.value)))
    return Loader


def kind_of(document):
    for kind in ("correlation", "filter"):
        if kind in document:
            return kind
    return "rule"


def is_extension(document):
    """What Catena takes although the schema does not know it (rules/README.md)."""
    correlation = document.get("correlation")
    if isinstance(correlation, dict):
        if correlation.get("type") == "value_median":
            return True
        if isinstance(correlation.get("condition"), str):
            return True
    condition = (document.get("detection") or {})
    if isinstance(condition, dict) and isinstance(condition.get("condition"), list):
        return True
    rules = document.get("filter")
    return isinstance(rules, dict) and rules.get("rules") == "any"


# --- one thing changed ------------------------------------------------------------------------

WRONG = [7, 1.5, True, None, "", "x", [], ["x", "x"], ["x"], [7], [None], {}, {"x": "y"}, [["x"]],
         "2026-13-01", "2026/01/01", "Attack.T1", "attack.t1", ["attack.t1", "attack.t1"], ["Bad Tag"],
         "x" * 300, ["y"], "high", "High", "test", {"id": "x", "type": "similar"},
         [{"id": "x", "type": "similar"}], [{"id": "x"}], [{"id": "x", "type": "other"}], ["x" * 300]]


def places(node, path=()):
    if path:
        yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def mutated(document, rng):
    document = copy.deepcopy(document)
    # Deep inside a search identifier the schema has nothing to say.
    path = rng.choice([path for path in places(document) if len(path) <= 3])
    target = document
    for key in path[:-1]:
        target = target[key]
    if rng.random() < 0.3 and isinstance(target, dict):
        del target[path[-1]]
        if not document or kind_of(document) == "rule" and "detection" not in document:
            document.setdefault("title", "x")
    else:
        target[path[-1]] = rng.choice(WRONG)
    return document


# --- both judges ------------------------------------------------------------------------------

def is_valid_for_schema(document, validators):
    if not isinstance(document, dict):
        return False
    return validators[kind_of(document)].is_valid(document)


# What the loader asks for beyond the schema, under the same code.
LOADER_ONLY = re.compile("names no product|is empty$|a value is a mapping|a list of values holds|"
                         "a list inside a list|is not a level|has no search identifier|"
                         "a field name is empty|the document is not a mapping")


def takes_for_missing(document, message):
    """An empty title is valid for the schema; the loader takes it for none."""
    return document.get("title") == "" and message.endswith("has no 'title'")


def verdicts_of_catena(catena, folder):
    """The files with a finding of the code "schema" that is the schema's, and its message."""
    done = subprocess.run([str(catena), "rules", "check", "--no-rule-cache", "--format", "jsonl",
                           str(folder)], capture_output=True, timeout=600, check=False)
    assert done.returncode in (0, 1), done.stderr[-500:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["file"]: line["message"] for line in lines
            if line.get("code") == "schema" and not LOADER_ONLY.search(line["message"])}


def documents(shared, loader):
    """(name, document) of every public rule and of the specification's examples."""
    for root in ("sigma/rules", "sigma/rules-emerging-threats", "sigma/rules-threat-hunting",
                 "sigma/rules-compliance", "sigma/rules-placeholder", "sigma-specification/tests"):
        for path in sorted((shared / root).rglob("*.yml")):
            for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=loader):
                yield str(path.relative_to(shared)), document


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--catena", required=True)
    parser.add_argument("--junit", required=True)
    options = parser.parse_args()
    shared = reference.folder()
    if shared is None or jsonschema is None:
        print("no reference material, or no jsonschema and yaml for python: "
              "the schema tables are not judged: 1 test not run")
        return reference.SKIPPED
    validators = {}
    for kind, name in SCHEMAS.items():
        schema = json.loads((shared / "sigma-specification/json-schema" / name).read_text())
        validators[kind] = jsonschema.Draft202012Validator(schema)
    loader = core_loader()
    every = list(documents(shared, loader))
    rng = random.Random(SEED)
    examples = [document for name, document in every if name.startswith("sigma-spec")]
    sample = rng.sample([document for _, document in every], MUTATED_RULES) + examples * 30
    cases = every + [(f"mutated {i}", mutated(document, rng)) for i, document in enumerate(sample)]
    cases = [(name, document) for name, document in cases if not is_extension(document)]
    report, failed, invalid = junit.Report("lint_schema"), 0, 0
    with tempfile.TemporaryDirectory(prefix="catena-schema-") as scratch:
        for i, (_, document) in enumerate(cases):
            # JSON is YAML, and has one reading of every scalar.
            text = json.dumps(document, indent=1, ensure_ascii=False)
            pathlib.Path(scratch, f"{i:05}.yml").write_text(text, encoding="utf-8")
        said = verdicts_of_catena(options.catena, scratch)
        for i, (name, document) in enumerate(cases):
            file = f"{scratch}/{i:05}.yml"
            valid = is_valid_for_schema(document, validators)
            invalid += not valid
            if valid == (file not in said) or valid and takes_for_missing(document, said[file]):
                report.passed(f"{i} {name}")
                continue
            failed += 1
            error = next(validators[kind_of(document)].iter_errors(document), None)
            reason = (f"the schema says {error.message[:200] if error else 'valid'}, "
                      f"catena says {said.get(file, 'valid')}")
            report.failed(f"{i} {name}", reason)
            if failed <= 20:
                print(f"FAIL {name}: {reason}\n     {json.dumps(document)[:400]}")
    report.write(options.junit)
    print(f"{len(cases)} documents, {invalid} of them invalid; {failed} judged otherwise")
    return 1 if failed or invalid < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
