# SPDX-License-Identifier: Apache-2.0
"""What SARIF 2.1.0 (OASIS standard of 2020-03-27) asks of a log with the parts that Catena writes.

With the schema file itself (SARIF_SCHEMA names it) and the package jsonschema, the log is held
against that too.
"""
import json
import os

LEVELS = ("none", "note", "warning", "error")


def check(log):
    """AssertionError with the reason when the log is not as the standard asks (section numbers)."""
    assert log["version"] == "2.1.0", "3.13.2"
    assert log["$schema"].endswith("sarif-2.1.0.json"), "3.13.3"
    assert isinstance(log["runs"], list) and len(log["runs"]) == 1, "3.13.4"
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] and driver["version"], "3.19"
    assert run["columnKind"] == "unicodeCodePoints", "3.14.27"
    rules = driver.get("rules", [])
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids), "3.19.23: rule ids are unique"
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith("."), "3.49.9"
        assert rule["defaultConfiguration"]["level"] in LEVELS, "3.50.3"
    for result in run["results"]:
        check_result(result, ids)
    check_by_schema(log)


def check_result(result, ids):
    assert ids[result["ruleIndex"]] == result["ruleId"], "3.27.6"
    assert result["level"] in LEVELS, "3.27.10"
    assert result["message"]["text"], "3.11.8"
    assert len(result["locations"]) == 1, "3.27.12"
    place = result["locations"][0]["physicalLocation"]
    check_uri(place["artifactLocation"]["uri"])
    if "region" in place:
        check_region(place["region"])
    assert all(isinstance(value, str) for value in result["partialFingerprints"].values()), "3.27.17"
    for suppression in result.get("suppressions", []):
        assert suppression["kind"] in ("inSource", "external"), "3.35.2"
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            check_uri(change["artifactLocation"]["uri"])
            assert change["replacements"], "3.56.3: at least one"
            for replacement in change["replacements"]:
                check_region(replacement["deletedRegion"])
                assert isinstance(replacement["insertedContent"]["text"], str), "3.57.4"


def check_uri(uri):
    assert uri and " " not in uri and "\\" not in uri, "3.4.3: a URI"


def check_region(region):
    start = (region["startLine"], region["startColumn"])
    end = (region["endLine"], region["endColumn"])
    assert min(start + end) >= 1, "3.30.5: lines and columns count from 1"
    assert start <= end, "3.30.7"


def check_by_schema(log):
    path = os.environ.get("SARIF_SCHEMA")
    if not path:
        return
    import jsonschema  # pylint: disable=import-outside-toplevel
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)
    error = next(validator(schema).iter_errors(log), None)
    assert error is None, f"{list(error.absolute_path)}: {error.message[:200]}"
