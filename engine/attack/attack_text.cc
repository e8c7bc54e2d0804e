// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/attack_text.h"

#include <vector>

namespace catena::attack {
namespace {

constexpr std::size_t kLabelColumns = 18;
constexpr std::size_t kMaxEchoedBytes = 64;  // of an unknown id, in the error message

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

void add_line(std::string& out, std::string_view label, std::string_view value) {
  out.append("  ").append(label);
  out.append(label.size() < kLabelColumns ? kLabelColumns - label.size() : 1, ' ');
  out.append(value).append("\n");
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    if (!out.empty()) out.append(", ");
    out.append(value);
  }
  return out;
}

std::string tactics_text(const AttackCatalog& catalog, const Technique& technique) {
  std::vector<std::string> parts;
  for (const std::string& shortname : technique.tactics) {
    const Tactic* tactic = catalog.tactic(shortname);
    if (tactic != nullptr) parts.push_back(tactic->name + " (" + tactic->id + ")");
  }
  return joined(parts);
}

std::string id_and_name(const AttackCatalog& catalog, const std::string& id) {
  const Technique* known = catalog.technique(id);
  return known == nullptr ? id : id + " " + known->name;
}

void add_family(std::string& out, const AttackCatalog& catalog, const Technique& technique) {
  if (!technique.parent.empty()) {
    add_line(out, "sub-technique of", id_and_name(catalog, technique.parent));
  }
  std::string_view label = "sub-techniques";
  for (const auto& [id, other] : catalog.techniques()) {
    if (other.parent == technique.id && catalog.canonical(id) == id) {
      add_line(out, label, id + " " + other.name);
      label = "";
    }
  }
  std::vector<std::string> former;
  for (const auto& [old_id, successor] : catalog.forwards()) {
    if (catalog.canonical(old_id) == technique.id) former.push_back(old_id);
  }
  if (!former.empty()) add_line(out, "formerly", joined(former));
}

std::string technique_text(const AttackCatalog& catalog, const Technique& technique) {
  std::string out = technique.id + "  " + technique.name + "\n";
  if (technique.deprecated) add_line(out, "status", "deprecated, no successor");
  add_line(out, "tactics", tactics_text(catalog, technique));
  add_line(out, "IRIS phases", phases_text(catalog.technique_phases(technique.id)));
  if (!technique.platforms.empty()) add_line(out, "platforms", joined(technique.platforms));
  add_family(out, catalog, technique);
  add_line(out, "ATT&CK", catalog.version());
  return out;
}

std::string tactic_text(const AttackCatalog& catalog, const Tactic& tactic) {
  std::string out = tactic.id + "  " + tactic.name + "\n";
  add_line(out, "short name", tactic.shortname);
  if (tactic.legacy) add_line(out, "status", "legacy, kept for older tags");
  add_line(out, "IRIS phases", phases_text(catalog.tactic_phases(tactic.shortname)));
  add_line(out, "ATT&CK", catalog.version());
  return out;
}

std::string phase_text(const PhaseInfo& info) {
  std::string out = std::string(info.code) + "  " + std::string(info.name) + "\n";
  add_line(out, "tag", "iris." + std::string(info.slug));
  add_line(out, "framework", info.framework);
  add_line(out, "stage", info.stage);
  return out;
}

}  // namespace

std::string phases_text(const PhaseCandidates& candidates) {
  std::vector<std::string> parts;
  for (const Phase phase : candidates.phases) {
    const PhaseInfo& info = phase_info(phase);
    parts.push_back(std::string(info.name) + " (" + std::string(info.code) + ")");
  }
  if (!candidates.contextual) return parts.empty() ? "none" : joined(parts);
  const std::string context = "from the surrounding steps";
  return parts.empty() ? context : context + ", else " + joined(parts);
}

Result<std::string> describe(const AttackCatalog& catalog, std::string_view id) {
  const std::string current = catalog.canonical(id);
  const Technique* technique = catalog.technique(current);
  const Technique* asked = catalog.technique(id);
  if (technique != nullptr && technique == asked) return technique_text(catalog, *technique);
  if (technique != nullptr) {
    std::string out = upper(id);
    if (asked != nullptr) out.append("  ").append(asked->name);
    out.append("\n");
    add_line(out, "now", current);
    return out + technique_text(catalog, *technique);
  }
  if (const Tactic* tactic = catalog.tactic(id); tactic != nullptr) {
    return tactic_text(catalog, *tactic);
  }
  if (const auto phase = parse_phase(id); phase) return phase_text(phase_info(*phase));
  return not_found("no technique, tactic or phase is called '" +
                   std::string(id.substr(0, kMaxEchoedBytes)) + "'");
}

}  // namespace catena::attack
