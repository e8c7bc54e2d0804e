#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of this folder that come from an Enterprise ATT&CK STIX bundle.

    generate.py BUNDLE.json[.gz] [--version 18.1] [--out FOLDER]

techniques.tsv   every technique that is not revoked: id, name, tactics, platforms, parent, status
revoked.tsv      revoked id -> the id that took its place
tactics-v19.tsv  the tactics of version 19 for the techniques that were under defense-evasion

and in the folder "defence" beside it

mitigations.tsv  what counters which techniques: id, name, techniques
groups.tsv       which groups are known for which techniques: id, name, other names, techniques

The other tables (tactics, crosswalk, supplement, iris) are kept by hand. The same bundle gives the
same bytes. Standard library only.
"""

import argparse
import gzip
import json
import pathlib
import sys

NOTICE = (
    "# © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of"
    " The MITRE Corporation.\n"
    "# Terms of use: LICENSE-ATTACK.txt beside this file. ATT&CK is a registered trademark of The"
    " MITRE Corporation.\n"
)

# Version 19 split defense-evasion. These families went to defense-impairment with all their
# sub-techniques; those of DROPPED lost the tactic; ALSO_EXECUTION gained execution; ONLY_THESE have
# a list of their own. Every other technique that was under defense-evasion is under stealth.
IMPAIRMENT = {
    "T1112", "T1207", "T1222", "T1484", "T1553", "T1556", "T1578", "T1599", "T1600", "T1601",
    "T1647", "T1666",
}  # fmt: skip
DROPPED = {"T1548", "T1550", "T1610"}
ALSO_EXECUTION = {"T1127", "T1197"}
ONLY_THESE = {"T1574": ["execution", "stealth"]}


def external_id(stix_object):
    for reference in stix_object.get("external_references", []):
        if reference.get("source_name") == "mitre-attack":
            return reference.get("external_id")
    return None


def read_bundle(path):
    raw = pathlib.Path(path).read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    return json.loads(raw)["objects"]


def tactics_of(technique):
    return [
        phase["phase_name"]
        for phase in technique.get("kill_chain_phases", [])
        if phase.get("kill_chain_name") == "mitre-attack"
    ]


def techniques_table(patterns, version):
    rows = []
    for technique in patterns:
        if technique.get("revoked"):
            continue
        name = external_id(technique)
        rows.append(
            (
                name,
                technique["name"],
                ",".join(sorted(tactics_of(technique))),
                ",".join(sorted(technique.get("x_mitre_platforms", []))),
                name.split(".")[0] if "." in name else "",
                "deprecated" if technique.get("x_mitre_deprecated") else "current",
            )
        )
    header = "attack_version\n%s\n\ntechnique\tname\ttactics\tplatforms\tparent\tstatus\n" % version
    return header + lines(rows)


def revoked_table(objects, patterns):
    by_stix_id = {technique["id"]: external_id(technique) for technique in patterns}
    rows = [
        (by_stix_id[o["source_ref"]], by_stix_id[o["target_ref"]])
        for o in objects
        if o["type"] == "relationship"
        and o.get("relationship_type") == "revoked-by"
        and o.get("source_ref") in by_stix_id
        and o.get("target_ref") in by_stix_id
    ]
    return "forward\tsuccessor\n" + lines(rows)


def moved_tactics(name, tactics):
    family = name.split(".")[0]
    if family in ONLY_THESE:
        return ONLY_THESE[family]
    moved = set(tactics) - {"defense-evasion"}
    if family in IMPAIRMENT:
        moved.add("defense-impairment")
    elif family not in DROPPED:
        moved.add("stealth")
    if family in ALSO_EXECUTION:
        moved.add("execution")
    return sorted(moved)


def version_19_table(patterns, replaced):
    rows = [
        (external_id(t), ",".join(moved_tactics(external_id(t), tactics_of(t))))
        for t in patterns
        if not t.get("revoked")
        and not t.get("x_mitre_deprecated")
        and "defense-evasion" in tactics_of(t)
        and external_id(t) not in replaced
    ]
    return "retactic\ttactics\n" + lines(rows)


def pairs(objects, relation, source_type):
    """External ids of sources -> techniques that they have the relation to; nothing withdrawn."""
    live = {o["id"]: o for o in objects if not o.get("revoked") and not o.get("x_mitre_deprecated")}
    found = {o["id"]: set() for o in live.values() if o["type"] == source_type}
    for o in live.values():
        if o["type"] != "relationship" or o.get("relationship_type") != relation:
            continue
        source, target = o.get("source_ref"), live.get(o.get("target_ref"))
        if source in found and target is not None and target["type"] == "attack-pattern":
            found[source].add(external_id(target))
    return [(live[source], ",".join(sorted(ids))) for source, ids in found.items() if ids]


def mitigations_table(objects):
    rows = [(external_id(o), o["name"], ids) for o, ids in pairs(objects, "mitigates", "course-of-action")]
    return "mitigation\tname\ttechniques\n" + lines(rows)


def groups_table(objects):
    rows = [(external_id(o), o["name"], ", ".join(n for n in o.get("aliases", []) if n != o["name"]), ids)
            for o, ids in pairs(objects, "uses", "intrusion-set")]
    return "group\tname\taliases\ttechniques\n" + lines(rows)


def lines(rows):
    return "".join("\t".join(row) + "\n" for row in sorted(rows))


def replaced_in_crosswalk(folder):
    path = folder / "crosswalk.tsv"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {line.split("\t")[0] for line in text.splitlines() if line.startswith("T")}


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("--version", default="18.1", help="the bundle's ATT&CK version")
    parser.add_argument("--out", type=pathlib.Path, default=here)
    options = parser.parse_args()
    objects = read_bundle(options.bundle)
    patterns = [o for o in objects if o["type"] == "attack-pattern" and external_id(o)]
    made = "# Made by generate.py from the Enterprise ATT&CK %s bundle.\n" % options.version
    tables = {
        "techniques.tsv": techniques_table(patterns, options.version),
        "revoked.tsv": revoked_table(objects, patterns),
        "tactics-v19.tsv": version_19_table(patterns, replaced_in_crosswalk(here)),
    }
    defence = {
        "../defence/mitigations.tsv": mitigations_table(objects),
        "../defence/groups.tsv": groups_table(objects),
    }
    (options.out / "../defence").mkdir(exist_ok=True)
    for name, text in (tables | defence).items():
        notice = NOTICE.replace("beside this file", "in the folder attack") if name in defence else NOTICE
        (options.out / name).write_text(notice + made + text, encoding="utf-8")
        print("%s: %d lines" % (name, text.count("\n")), file=sys.stderr)


if __name__ == "__main__":
    main()
