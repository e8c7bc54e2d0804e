# SPDX-License-Identifier: Apache-2.0
"""The rules, filters and pipelines of which pipelines.py asks pySigma."""
import dataclasses
import itertools

import yaml


@dataclasses.dataclass
class Case:
    name: str
    rule: str
    pipelines: list
    filters: list = dataclasses.field(default_factory=list)
    catena: dict = None  # where Catena makes something else of it
    why: str = ""


HEAD = """title: T
id: 11111111-2222-4333-8444-555555555555
name: the_rule
status: test
level: high
author: Somebody
date: 2024-05-06
tags:
  - attack.t1059.001
  - attack.execution
fields:
  - CommandLine
"""

DETECTIONS = {
    "single": ({"sel": {"CommandLine": "whoami"}}, "sel"),
    "lists": ({"sel": {"Image|endswith": ["\\cmd.exe", "\\powershell.exe"], "User": ["root", "adm*"]},
               "filter": {"ParentImage|contains": "Temp"}}, "sel and not filter"),
    "maps": ({"sel": [{"CommandLine|contains": "a"}, {"Image": "b", "User": "c"}], "other": {"EventID": 4688}},
             "sel or other"),
    "keywords": ({"kw": ["error", "fail*"], "sel": {"Image": "x"}}, "kw and sel"),
    "all": ({"sel": {"CommandLine|contains|all": ["-enc", "bypass"]}, "f1": {"User": "a"}, "f2": {"User": "b"}},
            "sel and not 1 of f*"),
    "types": ({"sel": {"EventID": [1, 4688], "Flag": True, "Empty": "", "None": None, "Number|gte": 10,
                       "Here|exists": True}}, "sel"),
    "regex": ({"sel": {"CommandLine|re|i": "who.*", "Image": "x"}, "cased": {"User|cased": "Admin"}}, "sel and cased"),
    "reference": ({"sel": {"User|fieldref": "TargetUser", "Image": "x"}}, "sel"),
    "hashes": ({"sel": {"Hashes|contains": ["MD5=987b65cd9b9f4e9a1afd8f8b48cf64a7",
                                             "SHA1=5F1CBC3D99558307BC1250D084FA968521482025"], "Image": "x"}}, "sel"),
    "bare_hashes": ({"sel": {"Hashes": ["987b65cd9b9f4e9a1afd8f8b48cf64a7", "IMPHASH=1", "sha256|2"]}}, "sel"),
    "placeholders": ({"sel": {"User|expand": ["%admins%", "fixed"], "Host|contains|expand": "%servers%-x",
                              "Path|expand": "%drive%:/%folder%/*"}}, "sel"),
    "escapes": ({"sel": {"Path": ["C:\\\\Windows\\\\*", "a\\*b?c", "\\\\\\\\host\\\\share"]}}, "sel"),
    "conditions": ({"a": {"A": "1"}, "b": {"B": "2"}}, ["a", "b and not a"]),
    "escaped": ({"sel": {"User|expand": "100\\% of %admins%"}}, "sel"),
    "them": ({"a": {"A": "1"}, "b": {"B": "2"}}, "all of them"),
    "all_placeholders": ({"sel": {"Groups|expand|all": ["%a%", "%b%"]}}, "sel"),
    "registry": ({"sel": {"Details": ["DWORD:0x1", "QWORD:12", "other"], "TargetObject": "k"}}, "sel"),
}

WINDOWS = {"product": "windows", "category": "process_creation"}


def rule(name, log_source=None):
    detection, condition = DETECTIONS[name]
    body = dict(detection)
    body["condition"] = condition
    return HEAD + yaml.safe_dump({"logsource": log_source or WINDOWS, "detection": body}, sort_keys=False)


class Dumper(yaml.SafeDumper):
    """Writes what occurs twice out twice: Catena reads no anchors."""

    def ignore_aliases(self, data):
        return True


def pipeline(*items, **head):
    return yaml.dump({**head, "transformations": list(items)}, Dumper=Dumper, sort_keys=False)


def item(kind, /, **keys):
    return {"type": kind, **keys}


RULES = [name for name in DETECTIONS if name not in ("escaped", "them", "all_placeholders")]

MAPPING = {"CommandLine": "process.command_line", "Image": "process.executable", "User": "user.name",
           "EventID": "event.code"}
MANY = {"CommandLine": ["a.cmd", "b.cmd"], "User": ["u1", "u2", "u3"], "Image": "img", "Path": ["p"]}


def simple():
    """One transformation on every rule."""
    steps = {
        "mapping": item("field_name_mapping", mapping=MAPPING),
        "mapping_many": item("field_name_mapping", mapping=MANY),
        "mapping_keyword": item("field_name_mapping", mapping={None: "message", "Image": "img"}),
        "mapping_keyword_many": item("field_name_mapping", mapping={None: ["message", "raw"]}),
        "prefix_mapping": item("field_name_prefix_mapping", mapping={"Parent": "parent.", "Comm": ["x.", "y."]}),
        "prefix": item("field_name_prefix", prefix="win."),
        "suffix": item("field_name_suffix", suffix=".keyword"),
        "drop_user": item("drop_detection_item",
                          field_name_conditions=[{"type": "include_fields", "fields": ["User", "Details", "A"]}]),
        "drop_all": item("drop_detection_item"),
        "replace": item("replace_string", regex="[ae]", replacement="<\\g<0>>"),
        "replace_groups": item("replace_string", regex="(\\w)(\\w)", replacement="\\2\\1"),
        "replace_backslash": item("replace_string", regex="\\\\", replacement="/"),
        "replace_star": item("replace_string", regex="\\*", replacement="?"),
        "replace_skip": item("replace_string", regex="\\*|e", replacement="*", skip_special=True),
        "replace_skip_special": item("replace_string", regex="e", replacement="*", skip_special=True,
                                     interpret_special=True),
        "replace_start": item("replace_string", regex="^", replacement="P"),
        "map_string": item("map_string", mapping={"whoami": "id", "root": ["r*", "0"], "x": "y?"}),
        "regex": item("regex", method="plain"),
        "regex_flag": item("regex", method="ignore_case_flag"),
        "regex_brackets": item("regex"),
        "set_text": item("set_value", value="v*"),
        "set_number": item("set_value", value=7),
        "set_null": item("set_value", value=None,
                         field_name_conditions=[{"type": "include_fields", "fields": ["User"]}]),
        "set_forced": item("set_value", value=7, force_type="str"),
        "to_text": item("convert_type", target_type="str"),
        "to_number": item("convert_type", target_type="num",
                          field_name_conditions=[{"type": "include_fields", "fields": ["A", "B"]}]),
        "to_number_fails": item("convert_type", target_type="num"),
        "upper": item("case", method="upper"),
        "lower": item("case", method="lower"),
        "snake": item("case", method="snake_case"),
        "add": item("add_condition", conditions={"Channel": "Security", "EventID": [1, 2]}, name="_added"),
        "add_negated": item("add_condition", conditions={"Noise|contains": "x"}, name="_added", negated=True),
        "add_template": item("add_condition", conditions={"index": "${product}-$category-$other", "n": 5},
                             name="_added", template=True),
        "logsource": item("change_logsource", product="linux", service="auditd"),
        "failure": item("rule_failure", message="no"),
        "item_failure": item("detection_item_failure", message="no",
                             field_name_conditions=[{"type": "include_fields", "fields": ["Hashes", "Path"]}]),
        "hashes": item("hashes_fields", valid_hash_algos=["MD5", "SHA1", "SHA256"], field_prefix="File"),
        "hashes_dropped": item("hashes_fields", valid_hash_algos=["MD5", "SHA1"], field_prefix="hash",
                               drop_algo_prefix=True),
        "hashes_unknown": item("hashes_fields", valid_hash_algos=["SHA512"]),
        "wildcards": item("wildcard_placeholders"),
        "extract": item("extract_fields", regex="(?P<kind>[A-Z]+):(?P<number>.+)", field_prefix="reg"),
        "extract_keep": item("extract_fields", regex="(?P<kind>[A-Z]+):(?P<number>.+)", preserve_unmatched=True,
                             field_name_conditions=[{"type": "include_fields", "fields": ["Details"]}]),
    }
    # Everything on everything would be thousands of lines that say the same.
    everywhere = {"mapping", "mapping_many", "replace", "regex_brackets", "add", "prefix"}
    for name, step in steps.items():
        for number, rule_name in enumerate(RULES):
            wanted = (name in everywhere or rule_name in ("lists", "keywords")
                      or (sum(map(ord, name)) + number) % 4 == 0
                      or (name.startswith("hashes") and "hashes" in rule_name)
                      or (name.startswith("extract") and rule_name == "registry")
                      or (name.startswith("replace") and rule_name == "escapes"))
            if wanted:
                yield Case(f"{name} on {rule_name}", rule(rule_name), [pipeline(step)])


def placeholders():
    variables = {"admins": ["root", "adm*"], "servers": "srv", "drive": ["C", "D"], "folder": ["x", "y"],
                 "number": 5}
    steps = [
        ("all", [item("value_placeholders")]),
        ("include", [item("value_placeholders", include=["admins", "servers"]), item("wildcard_placeholders")]),
        ("exclude", [item("value_placeholders", exclude=["folder"]), item("wildcard_placeholders")]),
        ("missing", [item("value_placeholders", include=["unknown"]), item("wildcard_placeholders")]),
        ("then_replace", [item("value_placeholders"), item("replace_string", regex="x", replacement="z")]),
        ("before_replace", [item("replace_string", regex="-x", replacement="-%number%"), item("value_placeholders")]),
    ]
    for name, items in steps:
        yield Case(f"placeholders {name}", rule("placeholders"), [pipeline(*items, vars=variables)])
    yield Case("placeholders without vars", rule("placeholders"), [pipeline(item("value_placeholders"))])
    yield Case("placeholders in two pipelines", rule("placeholders"),
               [pipeline(item("value_placeholders"), vars={**variables, "admins": "late"}, priority=2),
                pipeline(item("field_name_prefix", prefix="p."), vars=variables, priority=1)])


def rule_conditions():
    mark = {"prefix": "hit."}
    conditions = {
        "logsource": {"type": "logsource", "product": "windows"},
        "logsource_all": {"type": "logsource", "product": "windows", "category": "process_creation"},
        "logsource_other": {"type": "logsource", "category": "file_event"},
        "logsource_service": {"type": "logsource", "service": "x"},
        "contains_field": {"type": "contains_field", "field": "User"},
        "contains_no_field": {"type": "contains_field", "field": "user"},
        "contains_item": {"type": "contains_detection_item", "field": "User", "value": "root"},
        "contains_number": {"type": "contains_detection_item", "field": "EventID", "value": 4688},
        "contains_wildcard": {"type": "contains_detection_item", "field": "User", "value": "adm*"},
        "is_rule": {"type": "is_sigma_rule"},
        "is_correlation": {"type": "is_sigma_correlation_rule"},
        "tag": {"type": "tag", "tag": "attack.t1059.001"},
        "no_tag": {"type": "tag", "tag": "attack.t1059"},
        "level": {"type": "rule_attribute", "attribute": "level", "value": "medium", "op": "gte"},
        "level_lt": {"type": "rule_attribute", "attribute": "level", "value": "high", "op": "lt"},
        "status": {"type": "rule_attribute", "attribute": "status", "value": "stable", "op": "lt"},
        "author": {"type": "rule_attribute", "attribute": "author", "value": "Somebody"},
        "author_ne": {"type": "rule_attribute", "attribute": "author", "value": "Somebody", "op": "ne"},
        "author_order": {"type": "rule_attribute", "attribute": "author", "value": "A", "op": "gt"},
        "title": {"type": "rule_attribute", "attribute": "title", "value": "T"},
        "date": {"type": "rule_attribute", "attribute": "date", "value": "2024-01-01", "op": "gt"},
        "date_lte": {"type": "rule_attribute", "attribute": "date", "value": "2024-05-06", "op": "lte"},
        "unknown": {"type": "rule_attribute", "attribute": "nothing", "value": "x", "op": "ne"},
        "fields": {"type": "rule_attribute", "attribute": "fields", "value": "CommandLine", "op": "in"},
        "fields_not": {"type": "rule_attribute", "attribute": "fields", "value": "CommandLine", "op": "not_in"},
        "fields_eq": {"type": "rule_attribute", "attribute": "fields", "value": "CommandLine", "op": "eq"},
    }
    for name, condition in conditions.items():
        for rule_name in ("lists", "maps"):
            yield Case(f"rule condition {name} on {rule_name}", rule(rule_name),
                       [pipeline(item("field_name_prefix", **mark, rule_conditions=[condition]))])
    yes = {"type": "is_sigma_rule"}
    no = {"type": "is_sigma_correlation_rule"}
    for op, negated, (name, chosen) in itertools.product(
            ("and", "or"), (False, True),
            (("none", []), ("yes", [yes]), ("no", [no]), ("both", [yes, no]), ("yes_yes", [yes, yes]))):
        yield Case(f"rule conditions {name} {op} negated {negated}", rule("single"),
                   [pipeline(item("field_name_prefix", **mark, rule_conditions=chosen, rule_cond_op=op,
                                  rule_cond_not=negated))])
    for expression in ("yes and not no", "not (yes and no)", "no or yes and no", "not yes or no",
                       "not not yes and not no", "(no or yes) and (yes or no)", "yes and yes and no"):
        yield Case(f"rule condition expression {expression}", rule("single"),
                   [pipeline(item("field_name_prefix", **mark, rule_conditions={"yes": yes, "no": no},
                                  rule_cond_expr=expression))])
    for expression in ("yes", "yes and other", "yes and", "(yes or no"):
        yield Case(f"wrong rule condition expression {expression}", rule("single"),
                   [pipeline(item("field_name_prefix", **mark, rule_conditions={"yes": yes, "no": no},
                                  rule_cond_expr=expression))])


def item_conditions():
    mark = {"prefix": "hit."}
    conditions = {
        "match_any": {"type": "match_string", "cond": "any", "pattern": ".*e"},
        "match_all": {"type": "match_string", "cond": "all", "pattern": ".*e"},
        "match_start": {"type": "match_string", "cond": "any", "pattern": "e"},
        "match_negated": {"type": "match_string", "cond": "all", "pattern": ".*e", "negate": True},
        "value_text": {"type": "match_value", "cond": "any", "value": "root"},
        "value_number": {"type": "match_value", "cond": "any", "value": 4688},
        "value_all": {"type": "match_value", "cond": "all", "value": 4688},
        "wildcard": {"type": "contains_wildcard", "cond": "any"},
        "wildcard_all": {"type": "contains_wildcard", "cond": "all"},
        "null": {"type": "is_null", "cond": "all"},
    }
    for name, condition in conditions.items():
        for rule_name in ("lists", "types", "keywords"):
            yield Case(f"item condition {name} on {rule_name}", rule(rule_name),
                       [pipeline(item("field_name_prefix", **mark, detection_item_conditions=[condition]))])
    both = [conditions["match_any"], conditions["wildcard"]]
    for op, negated in itertools.product(("and", "or"), (False, True)):
        yield Case(f"item conditions {op} negated {negated}", rule("lists"),
                   [pipeline(item("set_value", value="hit", detection_item_conditions=both, detection_item_cond_op=op,
                                  detection_item_cond_not=negated))])
    yield Case("item condition expression", rule("lists"),
               [pipeline(item("field_name_prefix", **mark,
                              detection_item_conditions={"m": both[0], "w": both[1]},
                              detection_item_cond_expr="m and not w"))])


def field_conditions():
    mark = {"prefix": "hit."}
    include = {"type": "include_fields", "fields": ["User", "Image"]}
    exclude = {"type": "exclude_fields", "fields": ["User", "Image"]}
    pattern = {"type": "include_fields", "fields": ["^[UP].*", "Im"], "mode": "re"}
    for name, condition in {"include": include, "exclude": exclude, "pattern": pattern}.items():
        for rule_name in ("lists", "keywords", "reference"):
            for negated in (False, True):
                yield Case(f"field condition {name} on {rule_name} negated {negated}", rule(rule_name),
                           [pipeline(item("field_name_prefix", **mark, field_name_conditions=[condition],
                                          field_name_cond_not=negated))])
    yield Case("field conditions or", rule("lists"),
               [pipeline(item("set_value", value="hit", field_name_cond_op="or", field_name_conditions=[
                   include, {"type": "include_fields", "fields": ["ParentImage"]}]))])
    yield Case("field conditions and", rule("lists"),
               [pipeline(item("set_value", value="hit", field_name_conditions=[include, pattern]))])
    yield Case("field condition expression", rule("lists"),
               [pipeline(item("set_value", value="hit", field_name_conditions={"i": include, "p": pattern},
                              field_name_cond_expr="p and not i"))])
    yield Case("field conditions none or", rule("lists"),
               [pipeline(item("set_value", value="hit", field_name_cond_op="or"))])


def sequences():
    first = item("field_name_mapping", id="first", mapping={"User": "user", "Image": ["i1", "i2"]})
    applied = {"type": "processing_item_applied", "processing_item_id": "first"}
    state = {"type": "processing_state", "key": "k", "val": "v"}
    for rule_name in ("lists", "keywords", "maps"):
        yield Case(f"after an item, by item, on {rule_name}", rule(rule_name),
                   [pipeline(first, item("set_value", value="hit", detection_item_conditions=[applied]))])
        yield Case(f"after an item, by field, on {rule_name}", rule(rule_name),
                   [pipeline(first, item("set_value", value="hit", field_name_conditions=[applied]))])
        yield Case(f"after an item, not by field, on {rule_name}", rule(rule_name),
                   [pipeline(first, item("field_name_prefix", prefix="rest.", field_name_conditions=[applied],
                                         field_name_cond_not=True))])
        yield Case(f"after an item, by rule, on {rule_name}", rule(rule_name),
                   [pipeline(first, item("add_condition", conditions={"x": 1}, name="_x",
                                         rule_conditions=[applied]))])
        yield Case(f"two mappings on {rule_name}", rule(rule_name),
                   [pipeline(first, item("field_name_mapping", mapping={"user": ["a", "b"], "i1": "j"}))])
        yield Case(f"strict mapping on {rule_name}", rule(rule_name),
                   [pipeline(first, item("strict_field_mapping_failure"))])
        yield Case(f"strict mapping of all on {rule_name}", rule(rule_name),
                   [pipeline(item("field_name_mapping",
                                  mapping={"User": "u", "Image": "i", "ParentImage": "p", "CommandLine": "c",
                                           "EventID": "e"}), item("strict_field_mapping_failure"))])
    for op, value in itertools.product(("eq", "ne", "gte", "lt"), ("v", "w")):
        condition = {"type": "processing_state", "key": "k", "val": value, "op": op}
        yield Case(f"state {op} {value}", rule("single"),
                   [pipeline(item("set_state", key="k", val="v"),
                             item("field_name_prefix", prefix="hit.", rule_conditions=[condition]))])
    yield Case("state by item", rule("lists"),
               [pipeline(item("set_state", key="k", val="v"),
                         item("set_value", value="hit", detection_item_conditions=[state]))])
    yield Case("state by field", rule("lists"),
               [pipeline(item("set_state", key="k", val="v"),
                         item("set_value", value="hit", field_name_conditions=[state]))])
    yield Case("state that is not set", rule("lists"),
               [pipeline(item("set_value", value="hit", field_name_conditions=[state]))])
    yield Case("state numbers", rule("single"),
               [pipeline(item("set_state", key="n", val=5), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "processing_state", "key": "n", "val": 4, "op": "gt"}]))])
    yield Case("custom attribute", rule("single"),
               [pipeline(item("set_custom_attribute", attribute="mine", value="v"), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "rule_attribute", "attribute": "mine", "value": "v"}]))])
    yield Case("custom number", rule("single"),
               [pipeline(item("set_custom_attribute", attribute="mine", value=5), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "rule_attribute", "attribute": "mine", "value": 4, "op": "gte"}]))])
    windows = {"type": "logsource", "product": "windows"}
    yield Case("nest", rule("lists"),
               [pipeline(item("nest", rule_conditions=[windows], items=[
                   item("field_name_prefix", prefix="a."), item("field_name_suffix", suffix=".z")]))])
    yield Case("nest that does not apply", rule("lists"),
               [pipeline(item("nest", rule_conditions=[windows], rule_cond_not=True, items=[
                   item("field_name_prefix", prefix="a.")]))])
    yield Case("nest in nest", rule("lists"),
               [pipeline(item("nest", items=[item("nest", items=[item("set_value", value=1)])]))])
    yield Case("change of log source decides", rule("lists"),
               [pipeline(item("change_logsource", product="linux"), item(
                   "field_name_prefix", prefix="hit.", rule_conditions=[{"type": "logsource", "product": "linux"}]))])
    yield Case("priorities", rule("single"),
               [pipeline(item("field_name_suffix", suffix=".late"), priority=20),
                pipeline(item("field_name_suffix", suffix=".early"), priority=10)])
    yield Case("add then map", rule("conditions"),
               [pipeline(item("add_condition", conditions={"A": "3"}, name="_a"),
                         item("field_name_mapping", mapping={"A": ["x", "y"]}))])
    yield Case("add twice", rule("conditions"),
               [pipeline(item("add_condition", conditions={"A": "3"}, name="_a"),
                         item("add_condition", conditions={"B|startswith": ["4", "5"]}, name="_b", negated=True))])
    yield Case("drop one side", rule("maps"),
               [pipeline(item("drop_detection_item",
                              field_name_conditions=[{"type": "include_fields", "fields": ["EventID"]}]))])
    yield Case("field list", rule("single"),
               [pipeline(item("add_field", field="Extra"), item("remove_field", field=["CommandLine", "none"]), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "rule_attribute", "attribute": "fields", "value": "Extra", "op": "in"}]))])
    yield Case("field list set", rule("single"),
               [pipeline(item("set_field", fields=["A", "B"]), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "rule_attribute", "attribute": "fields", "value": "B", "op": "in"}]))])
    yield Case("field list mapped", rule("single"),
               [pipeline(item("field_name_mapping", mapping={"CommandLine": ["p", "q"]}), item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "rule_attribute", "attribute": "fields", "value": "q", "op": "in"}]))])


def filter_text(condition, rules="any", log_source=None, **selections):
    return yaml.safe_dump({"title": "F", "logsource": log_source or WINDOWS,
                           "filter": {"rules": rules, **selections, "condition": condition}}, sort_keys=False)


def filters():
    selection = {"User|startswith": "adm_"}
    yield Case("filter any", rule("lists"), [], [filter_text("not selection", selection=selection)])
    yield Case("filter that keeps", rule("lists"), [], [filter_text("selection", selection=selection)])
    yield Case("filter by id", rule("single"), [],
               [filter_text("not selection", ["11111111-2222-4333-8444-555555555555"], selection=selection)])
    yield Case("filter by name", rule("single"), [], [filter_text("not selection", "the_rule", selection=selection)])
    yield Case("filter by another id", rule("single"), [],
               [filter_text("not selection", ["99999999-2222-4333-8444-555555555555"], selection=selection)])
    yield Case("filter of a wider log source", rule("single"), [],
               [filter_text("not selection", log_source={"product": "windows"}, selection=selection)])
    yield Case("filter of another log source", rule("single"), [],
               [filter_text("not selection", log_source={"product": "linux"}, selection=selection)])
    yield Case("filter of a narrower log source", rule("single", {"product": "windows"}), [],
               [filter_text("not selection", selection=selection)])
    yield Case("filter with the rule's names", rule("all"), [],
               [filter_text("not 1 of f*", f1={"A": "1"}, f2={"B": "2"})])
    yield Case("filter with them", rule("lists"), [], [filter_text("not 1 of them", sel={"A": "1"}, f2={"B": "2"})])
    yield Case("filter with all of", rule("lists"), [],
               [filter_text("not all of filter_*", filter_a={"A": "1"}, filter_b={"B": "2"}, other={"C": "3"})])
    yield Case("filter with brackets", rule("lists"), [],
               [filter_text("not (sel or 1 of x_*) and y", sel={"A": "1"}, x_1={"B": "2"}, x_2={"C": "3"},
                            y={"D": "4"})])
    yield Case("two filters", rule("lists"), [],
               [filter_text("not selection", selection=selection), filter_text("not selection", selection={"A": "1"})])
    yield Case("filter and list of conditions", rule("conditions"), [],
               [filter_text("not selection", selection={"A": "9"})])
    yield Case("filter and pipeline", rule("lists"), [pipeline(item("field_name_mapping", mapping=MAPPING))],
               [filter_text("not selection", selection=selection)])
    yield Case("filter and added condition", rule("single"),
               [pipeline(item("add_condition", conditions={"x": 1}, name="_x"))],
               [filter_text("not selection", selection=selection)])


def differences():
    yield Case("one of all values mapped to two", rule("all"),
               [pipeline(item("map_string", mapping={"*bypass*": ["*x*", "*y*"]}))])
    yield Case("percent sign with a backslash", rule("escaped"), [pipeline(item("wildcard_placeholders"))])
    yield Case("variables inside nest", rule("placeholders"),
               [pipeline(item("nest", items=[item("value_placeholders", include=["admins"])]),
                         vars={"admins": "root"})])
    yield Case("state inside nest", rule("single"),
               [pipeline(item("set_state", key="k", val="v"), item("nest", items=[item(
                   "field_name_prefix", prefix="hit.",
                   rule_conditions=[{"type": "processing_state", "key": "k", "val": "v"}])]))])
    yield Case("added name among them", rule("them"),
               [pipeline(item("add_condition", conditions={"x": 1}, name="extra"))])
    yield Case("tag in the list", rule("single"),
               [pipeline(item("field_name_prefix", prefix="hit.", rule_conditions=[
                   {"type": "rule_attribute", "attribute": "tags", "value": "attack.execution", "op": "in"}]))])
    yield Case("placeholder that stands for all values", rule("all_placeholders"),
               [pipeline(item("value_placeholders"), vars={"a": ["1", "2"], "b": "3"})])


# Where Catena differs on purpose, by the name of the case: what it makes of it, and why.
WINDOWS_TEXT = "windows/process_creation/-"
DIFFERENT = {
    "one of all values mapped to two": (
        {"log_source": WINDOWS_TEXT,
         "condition": 'and(CommandLine="<*>-enc<*>", or(CommandLine="<*>x<*>", CommandLine="<*>y<*>"),'
                      ' not(or(User="a", User="b")))'},
        "several texts for one are alternatives, also where every value of the list must match"),
    "placeholder that stands for all values": (
        {"log_source": WINDOWS_TEXT, "condition": 'and(or(Groups="1", Groups="2"), Groups="3")'},
        "the values of a placeholder are alternatives (rules specification, Placeholders), also under all"),
    "percent sign with a backslash": (
        {"log_source": WINDOWS_TEXT, "condition": 'User="100% of <*>"'},
        "a percent sign is escaped by a backslash (rules specification, Placeholders)"),
    "variables inside nest": (
        {"log_source": WINDOWS_TEXT,
         "condition": 'and(or(User="root", User="fixed"), Host="<*><%servers>-x<*>", '
                      'Path="<%drive>:/<%folder>/<*>")'},
        "a nested pipeline sees the variables of the one around it"),
    "state inside nest": (
        {"log_source": WINDOWS_TEXT, "condition": 'hit.CommandLine="whoami"'},
        "a nested pipeline sees the state of the one around it"),
    "added name among them": (
        {"log_source": WINDOWS_TEXT, "condition": 'and(x=#1, A="1", B="2")'},
        "the rule's own 'them' does not mean what a pipeline adds"),
    "replace on regex": (
        {"log_source": WINDOWS_TEXT,
         "condition": 'and(CommandLine=/who.*/i, Image="x", User=C"Admin")'},
        "pySigma forgets the modifier cased when replace_string sees the value; here it stays"),
}


def cases():
    seen = set()
    for case in itertools.chain(simple(), placeholders(), rule_conditions(), item_conditions(), field_conditions(),
                                sequences(), filters(), differences()):
        if case.name in seen:
            raise ValueError(f"two cases are named {case.name}")
        seen.add(case.name)
        if case.name in DIFFERENT:
            case.catena, case.why = DIFFERENT[case.name]
        yield case
