// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "engine/base/text_fold.h"
#include "rules/lint/checks.h"
#include "rules/sigma/modifier.h"

namespace catena::lint {
namespace {

// Unknown tags in the attack namespace are most often a tactic with a typing error.
std::string nearest_tag(const std::string& tag, const attack::AttackCatalog& catalog) {
  if (!tag.starts_with("attack.")) return "";
  std::vector<std::string_view> names;
  for (const attack::Tactic& tactic : catalog.tactics()) names.push_back(tactic.shortname);
  const std::string_view nearest = sigma::nearest_name(tag.substr(7), names);
  return nearest.empty() ? "" : "attack." + std::string(nearest);
}

class TagCheck {
 public:
  TagCheck(Document& document, const attack::AttackCatalog& catalog, const yaml::YamlNode& tags)
      : document_(document), catalog_(catalog), tags_(tags) {}

  void run() {
    for (const yaml::YamlNode& tag : tags_.items()) {
      if (!tag.is_scalar() || tag.is_null()) continue;
      const std::string text = folded(tag.text());
      const attack::RuleTags meaning = catalog_.resolve({text});
      if (!meaning.unknown.empty()) {
        unknown(tag, text);
      } else if (!meaning.raw_techniques.empty()) {
        technique(tag, meaning.raw_techniques[0]);
      }
    }
  }

 private:
  void unknown(const yaml::YamlNode& tag, const std::string& text) {
    std::string message = "ATT&CK " + catalog_.version() + " and IRIS know no such tag";
    std::optional<Fix> fix;
    if (const std::string nearest = nearest_tag(text, catalog_); !nearest.empty()) {
      message += "; did you mean '" + nearest + "'?";
      fix = replacement(tag, nearest);
    }
    document_.add(kAttackTagUnknown, document_.span_of(tag), std::move(message), std::move(fix));
  }

  void technique(const yaml::YamlNode& tag, const std::string& id) {
    const std::string newest = catalog_.canonical(id);
    const attack::Technique* technique = catalog_.technique(newest);
    if (newest != id) {
      const std::string name = technique != nullptr ? " (" + technique->name + ")" : "";
      document_.add(kAttackTagRevoked, document_.span_of(tag),
                    "ATT&CK replaced " + id + " by " + newest + name,
                    successor(tag, "attack." + folded(newest)));
    } else if (technique != nullptr && technique->deprecated) {
      document_.add(kAttackTagDeprecated, document_.span_of(tag),
                    "ATT&CK withdrew " + id + " (" + technique->name + ") without a successor");
    }
  }

  std::optional<Fix> replacement(const yaml::YamlNode& tag, const std::string& text) const {
    bool is_exact = false;
    const Span span =
        document_.source().within(sigma::place_of(tag), tag.text(), 0, tag.text().size(), is_exact);
    if (!is_exact) return std::nullopt;
    return Fix{"write '" + text + "'", {{span, text}}, false};
  }

  // A list that names the successor already would hold it twice.
  std::optional<Fix> successor(const yaml::YamlNode& tag, const std::string& text) const {
    for (const yaml::YamlNode& other : tags_.items()) {
      if (folded(other.text()) == text) return std::nullopt;
    }
    return replacement(tag, text);
  }

  Document& document_;
  const attack::AttackCatalog& catalog_;
  const yaml::YamlNode& tags_;
};

}  // namespace

void check_tags(Document& document, const attack::AttackCatalog& catalog) {
  const yaml::YamlNode* tags = document.root().find("tags");
  if (tags != nullptr && tags->is_sequence()) TagCheck(document, catalog, *tags).run();
}

void check_labels(Document& document) {
  const yaml::YamlNode* level = document.root().find("level");
  if (level == nullptr || level->is_null() || (level->is_scalar() && level->text().empty())) {
    document.add(kMissingLevel, document.headline(),
                 "the rule has no 'level'; it counts as medium");
  }
  const yaml::YamlNode* status = document.root().find("status");
  if (status == nullptr || !status->is_scalar()) return;
  if (status->text() == "deprecated" || status->text() == "unsupported") {
    document.add(kStatusNotInUse, document.span_of(*status),
                 "the status is '" + status->text() + "'");
  }
}

}  // namespace catena::lint
