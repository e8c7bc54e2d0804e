# SPDX-License-Identifier: Apache-2.0
"""What the specifications of STIX 2.1, Attack Flow 2.0.0, OCSF 1.5.0 and Navigator layers 4.5 demand of
what we write, in our own form: required and permitted members, ids, references, times."""
import json
import re

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$")
COMMON = {"type", "spec_version", "id", "created_by_ref", "created", "modified", "extensions", "labels",
          "external_references"}
# type: (required, further permitted members)
STIX = {
    "identity": ({"name"}, {"identity_class", "description"}),
    "incident": ({"name"}, {"description"}),
    "attack-pattern": ({"name"}, {"kill_chain_phases", "description"}),
    "relationship": ({"relationship_type", "source_ref", "target_ref"}, set()),
    "observed-data": ({"first_observed", "last_observed", "number_observed", "object_refs"}, set()),
    "sighting": ({"sighting_of_ref"}, {"first_seen", "last_seen", "count", "observed_data_refs",
                                       "where_sighted_refs", "description"}),
    "note": ({"content", "object_refs"}, {"abstract", "authors"}),
    "grouping": ({"context", "object_refs"}, {"name", "description"}),
    "course-of-action": ({"name"}, {"description"}),
    "extension-definition": ({"name", "schema", "version", "extension_types", "created_by_ref"},
                             {"description"}),
    "attack-flow": ({"name", "start_refs", "scope"}, {"description"}),
    "attack-action": ({"name"}, {"tactic_id", "technique_id", "description", "execution_start",
                                 "execution_end", "asset_refs", "effect_refs"}),
    "attack-asset": ({"name"}, {"description"}),
}
OBSERVABLES = {"ipv4-addr": "value", "ipv6-addr": "value", "domain-name": "value", "email-addr": "value",
               "user-account": "account_login", "file": "name", "artifact": "payload_bin"}
FLOW_EXTENSION = "extension-definition--fb9c968a-745b-4ade-9b25-c324172197f4"


def check_bundle(text):
    bundle = json.loads(text)
    assert set(bundle) == {"type", "id", "objects"} and bundle["type"] == "bundle"
    assert re.fullmatch("bundle--" + UUID, bundle["id"])
    objects = {}
    for thing in bundle["objects"]:
        assert thing["id"] not in objects, f"twice: {thing['id']}"
        objects[thing["id"]] = thing
        check_object(thing)
    for thing in objects.values():
        for name, value in thing.items():
            refs = [value] if name.endswith("_ref") else value if name.endswith("_refs") else []
            assert not name.endswith("_refs") or value, f"{name} of {thing['id']} is empty"
            for ref in refs:
                assert ref in objects, f"{name} of {thing['id']} leads nowhere"
    return objects


def check_object(thing):
    kind = thing["type"]
    assert re.fullmatch(kind + "--" + UUID, thing["id"]), thing["id"]
    assert thing["spec_version"] == "2.1"
    if kind in OBSERVABLES:
        assert thing[OBSERVABLES[kind]], thing
        return
    required, permitted = STIX[kind]
    assert required <= set(thing), f"{kind} lacks {required - set(thing)}"
    assert set(thing) <= COMMON | required | permitted, set(thing) - COMMON - required - permitted
    for first, last in (("created", "modified"), ("first_observed", "last_observed"),
                        ("first_seen", "last_seen"), ("execution_start", "execution_end")):
        if first in thing:
            assert TIME.match(thing[first]) and TIME.match(thing[last]), thing
            assert thing[first] <= thing[last], thing


def check_stix(text):
    objects = check_bundle(text)
    kinds = [thing["type"] for thing in objects.values()]
    assert kinds.count("incident") == 1 and kinds.count("grouping") == 1
    group = next(thing for thing in objects.values() if thing["type"] == "grouping")
    # Everything but the producer and the grouping itself is in the grouping.
    assert len(group["object_refs"]) == len(objects) - 2, "the grouping misses something"
    assert kinds.count("observed-data") == kinds.count("note") >= 1
    return objects


def check_attack_flow(text):
    objects = check_bundle(text)
    flows = [thing for thing in objects.values() if thing["type"] == "attack-flow"]
    assert len(flows) == 1 and flows[0]["scope"] == "incident"
    for thing in objects.values():
        if thing["type"].startswith("attack-"):
            assert thing["extensions"] == {FLOW_EXTENSION: {"extension_type": "new-sdo"}}, thing
    actions = {i for i, thing in objects.items() if thing["type"] == "attack-action"}
    reached = set()
    waiting = [(ref, ()) for ref in flows[0]["start_refs"]]
    while waiting:
        action, path = waiting.pop()
        assert action in actions, action
        assert action not in path, "a cycle"
        if action not in reached:
            reached.add(action)
            waiting += [(ref, (*path, action)) for ref in objects[action].get("effect_refs", [])]
    assert reached == actions, f"not reached: {len(actions - reached)}"
    return objects


SEVERITIES = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}


def check_ocsf(text):
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["class_uid"] for event in events] == [2005] + [2004] * (len(events) - 1)
    whole = events[0]
    assert len(whole["finding_info_list"]) == len(events) - 1
    for event in events:
        for name in ("activity_id", "category_uid", "severity_id", "time", "metadata", "status_id"):
            assert name in event, f"{name} is missing"
        assert event["category_uid"] == 2 and event["activity_id"] in (1, 2, 3)
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert SEVERITIES[event["severity_id"]] == event["severity"]
        assert event["metadata"]["version"] == "1.5.0" and event["metadata"]["product"]["vendor_name"]
        assert event["metadata"]["correlation_uid"] == whole["metadata"]["uid"]
        assert event["start_time"] <= event["time"] <= event["end_time"]
        assert 10**12 < event["time"] < 10**13, "not milliseconds"
        for told in event.get("attacks", []):
            assert re.fullmatch(r"T\d{4}", told["technique"]["uid"])
            if "sub_technique" in told:
                assert told["sub_technique"]["uid"].startswith(told["technique"]["uid"] + ".")
    for event, told in zip(events[1:], whole["finding_info_list"]):
        assert event["finding_info"] == told and told["uid"] and told["title"]
    return events


def check_navigator(text):
    layer = json.loads(text)
    assert layer["versions"]["layer"] == "4.5" and re.fullmatch(r"\d+", layer["versions"]["attack"])
    assert layer["domain"] == "enterprise-attack" and layer["name"]
    assert layer["gradient"]["minValue"] < layer["gradient"]["maxValue"]
    assert len(layer["gradient"]["colors"]) >= 2
    assert layer["sorting"] in (0, 1, 2, 3) and layer["layout"]["layout"] in ("side", "flat", "mini")
    for technique in layer["techniques"]:
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", technique["techniqueID"])
        assert set(technique) <= {"techniqueID", "tactic", "comment", "enabled", "score", "color",
                                  "metadata", "links", "showSubtechniques"}
        assert 0 <= technique["score"] <= 100
        for entry in technique["metadata"]:
            assert set(entry) == {"name", "value"} and entry["value"]
    return layer
