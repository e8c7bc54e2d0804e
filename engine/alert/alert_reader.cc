// SPDX-License-Identifier: Apache-2.0
#include "engine/alert/alert_reader.h"

#include <algorithm>
#include <iterator>

#include "engine/alert/alert_entities.h"
#include "engine/base/text_fold.h"

namespace catena::alert {
namespace {

using incident::Detection;
using plan::Level;

bool holds(const AlertTest& test, const AlertRecord& record) {
  for (const std::string_view value : record.values(test.path)) {
    if (test.values.empty()) return true;
    const std::string found = folded(value);
    if (std::find(test.values.begin(), test.values.end(), found) != test.values.end()) return true;
  }
  return false;
}

bool hold(const std::vector<AlertTests>& any, const AlertRecord& record) {
  return std::any_of(any.begin(), any.end(), [&](const AlertTests& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](const AlertTest& test) { return holds(test, record); });
  });
}

// At most `limit` bytes, cut between code points.
std::string clip(std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end);
  }
  return std::string(text);
}

std::optional<Timestamp> time_of(const AlertEngine& engine, const AlertRecord& record) {
  const std::string_view text = first_value(record, engine.time);
  if (const auto time = parse_iso8601(text)) return time;
  return parse_epoch(text);
}

Level level_of(const AlertLevel& rule, const AlertRecord& record) {
  const std::string_view text = first_value(record, rule.paths);
  if (text.empty()) return rule.otherwise;
  if (const auto word = rule.words.find(folded(text)); word != rule.words.end()) {
    return word->second;
  }
  const auto number = whole_number(text);
  if (!number || rule.at_least.empty()) return rule.otherwise;
  const auto above = rule.at_least.upper_bound(*number);
  return above == rule.at_least.begin() ? Level::kInformational : std::prev(above)->second;
}

// The engine that speaks, and its title without what names it: the longest start that fits.
const AlertEngine& speaker(const AlertMapping& mapping, const AlertEngine& stream,
                           std::string_view& title) {
  const AlertEngine* found = &stream;
  std::size_t length = 0;
  for (const auto& [start, name] : stream.speakers) {
    const AlertEngine* engine = mapping.find(name);
    if (engine == nullptr || start.size() <= length || !title.starts_with(start)) continue;
    found = engine;
    length = start.size();
  }
  title.remove_prefix(length);
  return *found;
}

}  // namespace

bool fits_pattern(std::string_view text, std::string_view pattern) noexcept {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

const AlertEngine* AlertReader::engine_of(const AlertRecord& record, bool& ignored) const {
  for (const AlertEngine& engine : mapping_.engines) {
    ignored = hold(engine.ignored, record);
    if (ignored || hold(engine.when, record)) return &engine;
  }
  return nullptr;
}

const AlertReader::Meaning& AlertReader::meaning_of(const AlertEngine& engine,
                                                    std::string_view title,
                                                    std::string_view signature) {
  const std::string key = engine.name + "\n" + std::string(signature) + "\n" + std::string(title);
  if (const auto known = remembered_.find(key); known != remembered_.end()) return known->second;
  if (remembered_.size() >= kMaxRemembered) remembered_.clear();
  Meaning meaning;
  const std::string names[] = {folded(title), folded(signature)};
  for (const SignatureMeaning& known : engine.signatures) {
    const bool fits =
        std::any_of(known.patterns.begin(), known.patterns.end(), [&](const std::string& pattern) {
          return fits_pattern(names[0], pattern) || fits_pattern(names[1], pattern);
        });
    if (!fits) continue;
    meaning = {known.tags, known.level};
    break;
  }
  return remembered_.emplace(key, std::move(meaning)).first->second;
}

// "T1595", "attack.t1595.002", "mitre_execution", "Credential Access", "TA0006"; "" for anything
// that names neither a technique nor a tactic.
std::string AlertReader::tag_of(std::string_view text) const {
  std::string name = folded(text);
  for (const std::string_view start : {"attack.", "mitre_", "mitre."}) {
    if (name.starts_with(start)) name.erase(0, start.size());
  }
  if (attack_.technique(attack_.canonical(name)) != nullptr) return "attack." + name;
  std::replace(name.begin(), name.end(), ' ', '-');
  const attack::Tactic* tactic = attack_.tactic(name);
  return tactic == nullptr ? "" : "attack." + tactic->shortname;
}

void AlertReader::add_tags(const AlertEngine& engine, const AlertRecord& record,
                           std::vector<std::string>& tags) const {
  for (const std::string& path : engine.techniques) {
    for (const std::string_view value : record.values(path)) {
      if (std::string tag = tag_of(value); !tag.empty()) tags.push_back(std::move(tag));
    }
  }
}

Detection AlertReader::detection_of(const AlertEngine& stream, const AlertRecord& record,
                                    Timestamp time) {
  std::string_view title = first_value(record, stream.title);
  const AlertEngine& engine = speaker(mapping_, stream, title);
  const std::string_view named = first_value(record, stream.signature);
  const std::string signature = clip(named.empty() ? title : named, kMaxTitleBytes);
  const Meaning& meaning = meaning_of(engine, title, signature);
  std::vector<std::string> tags;
  add_tags(stream, record, tags);
  // What the alert says of itself counts; of the table then only the phase.
  const bool says_meaning = !tags.empty();
  std::copy_if(meaning.tags.begin(), meaning.tags.end(), std::back_inserter(tags),
               [&](const std::string& tag) { return !says_meaning || tag.starts_with("iris."); });
  const attack::RuleTags resolved = attack_.resolve(tags);
  Detection detection;
  detection.event_id = hash128(record.text);
  detection.rule_id = engine.name + ":" + signature;
  detection.id = incident::detection_id(detection.event_id, detection.rule_id);
  detection.time = time;
  detection.rule_title = clip(title.empty() ? signature : title, kMaxTitleBytes);
  const bool says_level = !first_value(record, stream.level.paths).empty();
  const Level level = says_level      ? level_of(stream.level, record)
                      : meaning.level ? *meaning.level
                                      : engine.level.otherwise;
  detection.level = std::min(level, engine.trust);
  detection.techniques = resolved.techniques;
  detection.tactics = resolved.tactics;
  detection.phases = resolved.phases.phases;
  detection.contextual_phase = resolved.phases.contextual;
  detection.product = engine.product;
  detection.services = {"alert"};
  detection.entities = entities_of(stream, record);
  return detection;
}

AlertReader::Outcome AlertReader::read(const AlertRecord& record,
                                       incident::DetectionOrigin origin) {
  Outcome outcome;
  bool ignored = false;
  const AlertEngine* engine = engine_of(record, ignored);
  if (engine == nullptr) {
    outcome.reason = "no alert mapping knows this form";
    return outcome;
  }
  if (ignored) {
    outcome.kind = Kind::kIgnored;
    return outcome;
  }
  const auto time = time_of(*engine, record);
  if (!time) {
    outcome.reason = engine->name + ": no time that can be read";
    return outcome;
  }
  if (first_value(record, engine->title).empty() &&
      first_value(record, engine->signature).empty()) {
    outcome.reason = engine->name + ": neither a title nor a signature";
    return outcome;
  }
  outcome.kind = Kind::kAlert;
  outcome.detection = detection_of(*engine, record, *time);
  outcome.detection.origin = std::move(origin);
  outcome.detection.evidence = clip(record.text, Detection::kMaxEvidenceBytes);
  for (const std::string& path : engine->telling) {
    if (outcome.detection.telling.size() == Detection::kMaxTellingFields) break;
    const auto values = record.values(path);
    if (values.empty()) continue;
    outcome.detection.telling.push_back(
        {path, clip(values.front(), incident::TellingField::kMaxValueBytes)});
  }
  return outcome;
}

}  // namespace catena::alert
