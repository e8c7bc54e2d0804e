// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/attack_catalog.h"

#include <algorithm>

namespace catena::attack {
namespace {

constexpr std::size_t kObjectDigits = 4;  // "G0016", "DS0005": letters, then four digits

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// Lower case, and the underscores of older tags as the hyphens of newer ones.
std::string slug_form(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "t1003" or "t1003.001" (lower case).
bool is_technique_id(std::string_view slug) {
  if (slug.size() != 5 && slug.size() != 9) return false;
  if (slug[0] != 't' || !all_digits(slug.substr(1, 4))) return false;
  return slug.size() == 5 || (slug[5] == '.' && all_digits(slug.substr(6)));
}

// An ATT&CK object that a tag may name and that says nothing about phases: group, software,
// campaign, mitigation, data source, data component, detection strategy, analytic.
bool is_other_object_id(std::string_view slug) {
  constexpr std::string_view kPrefixes[] = {"g", "s", "c", "m", "ds", "dc", "det", "an"};
  if (slug.size() <= kObjectDigits || !all_digits(slug.substr(slug.size() - kObjectDigits))) {
    return false;
  }
  const std::string_view prefix = slug.substr(0, slug.size() - kObjectDigits);
  return std::find(std::begin(kPrefixes), std::end(kPrefixes), prefix) != std::end(kPrefixes);
}

void sort_unique(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <typename T>
void add_once(std::vector<T>& values, T value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    values.push_back(std::move(value));
  }
}

// First choices of all sources, then second choices, …; contextual only when every source is.
PhaseCandidates merge(const std::vector<PhaseCandidates>& sources) {
  PhaseCandidates out;
  std::size_t depth = 0;
  out.contextual = !sources.empty();
  for (const PhaseCandidates& source : sources) {
    depth = std::max(depth, source.phases.size());
    out.contextual = out.contextual && source.contextual;
  }
  for (std::size_t rank = 0; rank < depth; ++rank) {
    // A source that leaves its choice to the context has only second choices to give.
    for (const PhaseCandidates& source : sources) {
      if (rank < source.phases.size() && (!source.contextual || out.contextual)) {
        add_once(out.phases, source.phases[rank]);
      }
    }
  }
  if (!out.contextual) {
    for (const PhaseCandidates& source : sources) {
      for (const Phase phase : source.phases) add_once(out.phases, phase);
    }
  }
  return out;
}

bool says_something(const PhaseCandidates& candidates) {
  return candidates.contextual || !candidates.phases.empty();
}

// The tags of one rule, sorted by what they name; in tag order, each once.
struct SortedTags {
  std::vector<std::string> techniques;  // upper case
  std::vector<const Tactic*> tactics;
  std::vector<Phase> phases;
  std::vector<std::string> unknown;
};

void sort_attack_tag(const AttackCatalog& catalog, const std::string& tag, std::string_view rest,
                     SortedTags& out) {
  const std::string slug = slug_form(rest);
  if (is_technique_id(slug)) {
    add_once(out.techniques, upper(slug));
    return;
  }
  if (const Tactic* tactic = catalog.tactic(slug); tactic != nullptr) {
    add_once(out.tactics, tactic);
  } else if (!is_other_object_id(slug)) {
    add_once(out.unknown, tag);
  }
}

SortedTags sort_tags(const AttackCatalog& catalog, const std::vector<std::string>& tags) {
  SortedTags out;
  for (const std::string& tag : tags) {
    const std::size_t dot = tag.find('.');
    if (dot == std::string::npos) continue;
    const std::string name_space = slug_form(std::string_view(tag).substr(0, dot));
    const std::string_view rest = std::string_view(tag).substr(dot + 1);
    if (name_space == "attack") {
      sort_attack_tag(catalog, tag, rest, out);
    } else if (name_space == "iris") {
      const auto phase = parse_phase(slug_form(rest));
      if (phase) {
        add_once(out.phases, *phase);
      } else {
        add_once(out.unknown, tag);
      }
    }
  }
  return out;
}

}  // namespace

void AttackCatalog::add_tactic(Tactic tactic) {
  const auto same = std::find_if(tactics_.begin(), tactics_.end(), [&](const Tactic& known) {
    return known.shortname == tactic.shortname;
  });
  if (same != tactics_.end()) {
    *same = std::move(tactic);
  } else {
    tactics_.push_back(std::move(tactic));
  }
}

void AttackCatalog::add_technique(Technique technique) {
  const auto rank = [this](const std::string& shortname) {
    return std::find_if(tactics_.begin(), tactics_.end(),
                        [&](const Tactic& known) { return known.shortname == shortname; });
  };
  std::stable_sort(technique.tactics.begin(), technique.tactics.end(),
                   [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  std::string id = technique.id;
  techniques_.insert_or_assign(std::move(id), std::move(technique));
}

void AttackCatalog::add_forward(std::string old_id, std::string new_id) {
  forwards_.insert_or_assign(std::move(old_id), std::move(new_id));
}

void AttackCatalog::set_technique_phases(std::string technique_id, PhaseCandidates candidates) {
  technique_phases_.insert_or_assign(std::move(technique_id), std::move(candidates));
}

void AttackCatalog::set_tactic_phases(std::string tactic_shortname, PhaseCandidates candidates) {
  tactic_phases_.insert_or_assign(std::move(tactic_shortname), std::move(candidates));
}

std::string AttackCatalog::canonical(std::string_view technique_id) const {
  std::string id = upper(technique_id);
  for (std::size_t hop = 0; hop < kMaxForwardHops; ++hop) {
    const auto next = forwards_.find(id);
    if (next == forwards_.end()) break;
    id = next->second;
  }
  return id;
}

const Technique* AttackCatalog::technique(std::string_view id) const {
  const auto found = techniques_.find(upper(id));
  return found == techniques_.end() ? nullptr : &found->second;
}

const Tactic* AttackCatalog::tactic(std::string_view id_or_shortname) const {
  const std::string slug = slug_form(id_or_shortname);
  const std::string id = upper(slug);
  const Tactic* legacy = nullptr;
  for (const Tactic& known : tactics_) {
    if (known.shortname == slug || (known.id == id && !known.legacy)) return &known;
    if (known.id == id) legacy = &known;
  }
  return legacy;
}

PhaseCandidates AttackCatalog::technique_phases(std::string_view technique_id) const {
  const std::string id = upper(technique_id);
  const std::string parent = id.substr(0, id.find('.'));
  for (const std::string& key : {id, parent}) {
    const auto own = technique_phases_.find(key);
    if (own != technique_phases_.end()) return own->second;
  }
  const Technique* known = technique(id);
  if (known == nullptr || known->tactics.empty()) return {};
  return tactic_phases(known->tactics.front());
}

PhaseCandidates AttackCatalog::tactic_phases(std::string_view tactic_shortname) const {
  const auto found = tactic_phases_.find(slug_form(tactic_shortname));
  return found == tactic_phases_.end() ? PhaseCandidates{} : found->second;
}

std::vector<std::string> AttackCatalog::tactic_ids(const std::vector<const Tactic*>& chosen) const {
  std::vector<std::string> ids;
  for (const Tactic& known : tactics_) {
    if (std::find(chosen.begin(), chosen.end(), &known) != chosen.end()) {
      add_once(ids, known.id);
    }
  }
  return ids;
}

std::vector<const Tactic*> AttackCatalog::technique_tactics(
    const std::vector<std::string>& canonical_ids) const {
  std::vector<const Tactic*> out;
  for (const std::string& id : canonical_ids) {
    const Technique* known = technique(id);
    if (known == nullptr) continue;
    for (const std::string& shortname : known->tactics) {
      if (const Tactic* of_technique = tactic(shortname)) add_once(out, of_technique);
    }
  }
  return out;
}

RuleTags AttackCatalog::resolve(const std::vector<std::string>& tags) const {
  SortedTags sorted = sort_tags(*this, tags);
  RuleTags out;
  std::vector<PhaseCandidates> of_techniques;
  for (const std::string& raw : sorted.techniques) {
    std::string id = canonical(raw);
    if (technique(id) == nullptr) {
      add_once(sorted.unknown, "attack." + slug_form(raw));
    }
    if (PhaseCandidates own = technique_phases(id); says_something(own)) {
      of_techniques.push_back(std::move(own));
    }
    add_once(out.techniques, std::move(id));
  }
  std::vector<PhaseCandidates> of_tactics;
  for (const Tactic* tagged : sorted.tactics) {
    of_tactics.push_back(tactic_phases(tagged->shortname));
  }
  if (!sorted.phases.empty()) {
    out.phases.phases = std::move(sorted.phases);
  } else {
    out.phases = merge(of_techniques.empty() ? of_tactics : of_techniques);
  }
  out.tactics =
      tactic_ids(sorted.tactics.empty() ? technique_tactics(out.techniques) : sorted.tactics);
  out.raw_techniques = std::move(sorted.techniques);
  out.unknown = std::move(sorted.unknown);
  sort_unique(out.techniques);
  sort_unique(out.raw_techniques);
  return out;
}

}  // namespace catena::attack
