// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/stix_import.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include <simdjson.h>
#include <zlib.h>

#include "rules/attack/attack_loader.h"

namespace catena::rules {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kDomain = "mitre-attack";
constexpr std::string_view kEnterprise = "enterprise-attack";
constexpr std::size_t kReadBytes = std::size_t{256} * 1024;
constexpr std::size_t kDateBytes = 10;  // "2025-10-24" of a time stamp

// What the bundle says, still by STIX id.
struct StixObjects {
  std::map<std::string, std::string> technique_ids;             // STIX id -> "T1003"
  std::map<std::string, attack::Technique> current;             // "T1003" -> …
  std::map<std::string, attack::Tactic> tactics;                // STIX id -> …
  std::vector<std::string> matrix_order;                        // STIX ids of tactics
  std::vector<std::pair<std::string, std::string>> revoked_by;  // STIX ids
  std::string collection_version;
  std::string newest_change;  // ISO 8601, of a technique
};

std::string_view text_of(const object& from, std::string_view key) {
  std::string_view value;
  return from[key].get(value) == simdjson::SUCCESS ? value : std::string_view{};
}

bool flag_of(const object& from, std::string_view key) {
  bool value = false;
  return from[key].get(value) == simdjson::SUCCESS && value;
}

// Calls `use` with every element of the array under `key`; nothing when there is none.
template <typename Use>
void for_each_of(const object& from, std::string_view key, Use&& use) {
  array values;
  if (from[key].get(values) != simdjson::SUCCESS) return;
  for (const element value : values) use(value);
}

// "T1003.001" or "TA0005" of an object; empty when ATT&CK gave it none.
std::string external_id(const object& from) {
  std::string id;
  for_each_of(from, "external_references", [&](const element& value) {
    object reference;
    if (id.empty() && value.get(reference) == simdjson::SUCCESS &&
        text_of(reference, "source_name") == kDomain) {
      id = std::string(text_of(reference, "external_id"));
    }
  });
  return id;
}

// A bundle of another domain has tactics with the same short names; they are not ours.
bool is_enterprise(const object& from) {
  bool listed = false;
  bool enterprise = false;
  for_each_of(from, "x_mitre_domains", [&](const element& value) {
    std::string_view domain;
    listed = true;
    enterprise = enterprise || (value.get(domain) == simdjson::SUCCESS && domain == kEnterprise);
  });
  return !listed || enterprise;
}

// The loader checks ids in full; here it is enough that a row cannot become a comment or a header.
Status check_id(const std::string& id) {
  if (!id.empty() && id.front() == 'T') return {};
  return invalid_input("bundle: '" + id + "' is neither a technique id nor a tactic id");
}

bool is_version(std::string_view text) {
  constexpr std::size_t kMaxVersionBytes = 32;
  return !text.empty() && text.size() <= kMaxVersionBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

Status check_text(std::string_view what, const std::string& id, std::string_view text) {
  const bool printable = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!text.empty() && text.size() <= kMaxAttackFieldBytes && printable) return {};
  return invalid_input("bundle: " + std::string(what) + " of " + id +
                       " is empty, too long or has control characters");
}

Result<std::vector<std::string>> checked_list(std::set<std::string> items, const std::string& id) {
  if (items.size() > kMaxAttackListItems) {
    return limit_exceeded("bundle: " + id + " has a list of more than " +
                          std::to_string(kMaxAttackListItems) + " items");
  }
  for (const std::string& item : items) {
    RETURN_IF_ERROR(check_text("a list item", id, item));
    if (item.find(',') != std::string::npos) {
      return invalid_input("bundle: a list item of " + id + " has a comma");
    }
  }
  return std::vector<std::string>(items.begin(), items.end());
}

Result<attack::Technique> read_technique(const object& from, const std::string& id) {
  attack::Technique technique;
  technique.id = id;
  technique.name = std::string(text_of(from, "name"));
  RETURN_IF_ERROR(check_text("name", id, technique.name));
  if (const std::size_t dot = id.find('.'); dot != std::string::npos) {
    technique.parent = id.substr(0, dot);
  }
  technique.deprecated = flag_of(from, "x_mitre_deprecated");
  std::set<std::string> tactics;
  for_each_of(from, "kill_chain_phases", [&](const element& value) {
    object phase;
    if (value.get(phase) == simdjson::SUCCESS && text_of(phase, "kill_chain_name") == kDomain) {
      tactics.emplace(text_of(phase, "phase_name"));
    }
  });
  std::set<std::string> platforms;
  for_each_of(from, "x_mitre_platforms", [&](const element& value) {
    std::string_view platform;
    if (value.get(platform) == simdjson::SUCCESS) platforms.emplace(platform);
  });
  ASSIGN_OR_RETURN(technique.tactics, checked_list(std::move(tactics), id));
  ASSIGN_OR_RETURN(technique.platforms, checked_list(std::move(platforms), id));
  return technique;
}

Status add_technique(const object& from, StixObjects& out) {
  const std::string id = external_id(from);
  if (id.empty() || !is_enterprise(from)) return {};
  RETURN_IF_ERROR(check_id(id));
  if (out.technique_ids.size() == kMaxBundleTechniques) {
    return limit_exceeded("bundle: more than " + std::to_string(kMaxBundleTechniques) +
                          " techniques");
  }
  out.technique_ids.emplace(text_of(from, "id"), id);
  if (flag_of(from, "revoked")) return {};
  ASSIGN_OR_RETURN(attack::Technique technique, read_technique(from, id));
  out.newest_change = std::max(out.newest_change, std::string(text_of(from, "modified")));
  out.current.insert_or_assign(id, std::move(technique));
  return {};
}

Status add_tactic(const object& from, StixObjects& out) {
  if (!is_enterprise(from) || flag_of(from, "revoked")) return {};
  attack::Tactic tactic;
  tactic.id = external_id(from);
  tactic.shortname = std::string(text_of(from, "x_mitre_shortname"));
  tactic.name = std::string(text_of(from, "name"));
  tactic.legacy = flag_of(from, "x_mitre_deprecated");
  RETURN_IF_ERROR(check_id(tactic.id));
  RETURN_IF_ERROR(check_text("short name", tactic.id, tactic.shortname));
  RETURN_IF_ERROR(check_text("name", tactic.id, tactic.name));
  if (out.tactics.size() == kMaxBundleTactics) {
    return limit_exceeded("bundle: more than " + std::to_string(kMaxBundleTactics) + " tactics");
  }
  out.tactics.insert_or_assign(std::string(text_of(from, "id")), std::move(tactic));
  return {};
}

Status add_object(const object& from, StixObjects& out) {
  const std::string_view type = text_of(from, "type");
  if (type == "attack-pattern") return add_technique(from, out);
  if (type == "x-mitre-tactic") return add_tactic(from, out);
  if (type == "x-mitre-matrix" && out.matrix_order.empty()) {
    for_each_of(from, "tactic_refs", [&](const element& value) {
      std::string_view id;
      if (value.get(id) == simdjson::SUCCESS && out.matrix_order.size() < kMaxBundleTactics) {
        out.matrix_order.emplace_back(id);
      }
    });
  } else if (type == "x-mitre-collection") {
    out.collection_version = std::string(text_of(from, "x_mitre_version"));
  } else if (type == "relationship" && text_of(from, "relationship_type") == "revoked-by") {
    out.revoked_by.emplace_back(text_of(from, "source_ref"), text_of(from, "target_ref"));
  }
  return {};
}

Result<StixObjects> read_objects(std::string_view json_text) {
  simdjson::dom::parser parser(kMaxBundleBytes);
  element document;
  const auto error = parser.parse(json_text.data(), json_text.size()).get(document);
  if (error != simdjson::SUCCESS) {
    return invalid_input(std::string("bundle: ") + simdjson::error_message(error));
  }
  object bundle;
  array objects;
  if (document.get(bundle) != simdjson::SUCCESS || text_of(bundle, "type") != "bundle" ||
      bundle["objects"].get(objects) != simdjson::SUCCESS) {
    return invalid_input("bundle: not a STIX bundle: no \"type\": \"bundle\" with \"objects\"");
  }
  StixObjects out;
  std::size_t count = 0;
  for (const element value : objects) {
    object one;
    if (++count > kMaxBundleObjects) {
      return limit_exceeded("bundle: more than " + std::to_string(kMaxBundleObjects) + " objects");
    }
    if (value.get(one) == simdjson::SUCCESS) RETURN_IF_ERROR(add_object(one, out));
  }
  return out;
}

std::vector<attack::Tactic> ordered_tactics(StixObjects& from) {
  std::vector<attack::Tactic> out;
  for (const std::string& stix_id : from.matrix_order) {
    const auto found = from.tactics.find(stix_id);
    if (found == from.tactics.end()) continue;
    out.push_back(std::move(found->second));
    from.tactics.erase(found);
  }
  const std::size_t in_matrix = out.size();
  for (auto& [stix_id, tactic] : from.tactics) out.push_back(std::move(tactic));
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(in_matrix), out.end(),
            [](const attack::Tactic& a, const attack::Tactic& b) { return a.id < b.id; });
  return out;
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    if (!out.empty()) out.push_back(',');
    out.append(value);
  }
  return out;
}

void add_row(std::string& out, std::initializer_list<std::string_view> fields) {
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) out.push_back('\t');
    out.append(field);
    first = false;
  }
  out.push_back('\n');
}

}  // namespace

Result<ImportedAttack> import_stix(std::string_view json_text) {
  if (json_text.size() > kMaxBundleBytes) {
    return limit_exceeded("bundle: larger than " + std::to_string(kMaxBundleBytes) + " bytes");
  }
  ASSIGN_OR_RETURN(StixObjects objects, read_objects(json_text));
  if (objects.current.empty()) {
    return unsupported("bundle: no Enterprise ATT&CK techniques in it");
  }
  ImportedAttack out;
  const std::string& version = objects.collection_version;
  const std::string date = objects.newest_change.substr(0, kDateBytes);
  if (!is_version(version.empty() ? date : version)) {
    return invalid_input("bundle: says neither its version nor when it was last changed");
  }
  out.version = version.empty() ? "stix-" + date : version;
  for (const auto& [old_id, new_id] : objects.revoked_by) {
    const auto from = objects.technique_ids.find(old_id);
    const auto to = objects.technique_ids.find(new_id);
    if (from != objects.technique_ids.end() && to != objects.technique_ids.end()) {
      out.forwards.insert_or_assign(from->second, to->second);
    }
  }
  out.tactics = ordered_tactics(objects);
  for (auto& [id, technique] : objects.current) out.techniques.push_back(std::move(technique));
  // The loader is the one place that knows what a good table is: an import that it would refuse
  // later is refused now.
  attack::AttackCatalog trial;
  const std::string text = attack_tables_text(out);
  const std::array<AttackTable, 1> tables = {AttackTable{"bundle", text}};
  RETURN_IF_ERROR(load_attack_tables(tables, trial));
  return out;
}

Result<std::string> read_stix_file(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return io_error(path + ": " + std::strerror(errno));
  std::string text;
  int code = 0;
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + kReadBytes);
    const int got = gzread(file.get(), text.data() + before, static_cast<unsigned>(kReadBytes));
    if (got < 0) {
      const std::string reason = gzerror(file.get(), &code);
      return io_error(path + ": " + (code == Z_ERRNO ? std::strerror(errno) : reason));
    }
    text.resize(before + static_cast<std::size_t>(got));
    if (text.size() > kMaxBundleBytes) {
      return limit_exceeded(path + ": larger than " + std::to_string(kMaxBundleBytes) + " bytes");
    }
    if (got == 0) break;
  }
  const std::string reason = gzerror(file.get(), &code);
  if (code == Z_BUF_ERROR) return io_error(path + ": compressed file ends too early");
  return text;
}

std::string attack_tables_text(const ImportedAttack& imported) {
  std::string out =
      "# Imported from an Enterprise ATT&CK STIX bundle. ATT&CK is a registered trademark of The "
      "MITRE\n# Corporation; the facts below are its work and subject to its terms of use.\n"
      "attack_version\n" +
      imported.version + "\n\ntactic\tshortname\tname\tsince\tuntil\n";
  for (const attack::Tactic& tactic : imported.tactics) {
    add_row(out, {tactic.id, tactic.shortname, tactic.name, "",
                  tactic.legacy ? std::string_view(imported.version) : std::string_view()});
  }
  out.append("\ntechnique\tname\ttactics\tplatforms\tparent\tstatus\n");
  for (const attack::Technique& technique : imported.techniques) {
    add_row(out,
            {technique.id, technique.name, joined(technique.tactics), joined(technique.platforms),
             technique.parent, technique.deprecated ? "deprecated" : "current"});
  }
  out.append("\nforward\tsuccessor\n");
  for (const auto& [old_id, new_id] : imported.forwards) add_row(out, {old_id, new_id});
  return out;
}

}  // namespace catena::rules
