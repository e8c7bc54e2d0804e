// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/log_source_table_builder.h"

#include <algorithm>
#include <bit>

#include "engine/base/text_fold.h"

namespace catena::normalise {
namespace {

// True when every part that `general` compares is the same in `special`.
bool covers(const std::array<std::uint16_t, kMaxKeyFields>& general,
            const std::array<std::uint16_t, kMaxKeyFields>& special) {
  for (std::size_t i = 0; i < kMaxKeyFields; ++i) {
    if (general[i] != 0 && general[i] != special[i]) return false;
  }
  return true;
}

std::uint32_t mask_of(const std::array<std::uint16_t, kMaxKeyFields>& key) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < kMaxKeyFields; ++i) {
    if (key[i] != 0) mask |= 1U << i;
  }
  return mask;
}

}  // namespace

bool NormalisationTable::TableBuilder::is_keyed(const Condition& condition) const {
  return condition.op == Condition::Operator::kEquals &&
         std::find(definition_.by.begin(), definition_.by.end(), condition.field) !=
             definition_.by.end();
}

bool NormalisationTable::TableBuilder::conditional(const LogSourceEntry& entry) const {
  return std::any_of(entry.when.begin(), entry.when.end(),
                     [this](const Condition& condition) { return !is_keyed(condition); });
}

Status NormalisationTable::TableBuilder::key_values(const LogSourceEntry& entry,
                                                    std::vector<std::vector<std::uint16_t>>& out) {
  out.assign(kMaxKeyFields, {0});
  for (const Condition& condition : entry.when) {
    if (!is_keyed(condition)) continue;
    const auto position = std::find(definition_.by.begin(), definition_.by.end(), condition.field) -
                          definition_.by.begin();
    auto& ids = out_.values[static_cast<std::size_t>(position)];
    auto& values = out[static_cast<std::size_t>(position)];
    values.clear();
    for (const std::string& value : condition.values) {
      if (ids.size() >= 0xfffe) return limit_exceeded(definition_.name + ": too many key values");
      const auto next = static_cast<std::uint16_t>(ids.size() + 1);
      values.push_back(ids.try_emplace(folded(value), next).first->second);
    }
  }
  return ok_status();
}

Status NormalisationTable::TableBuilder::add_entry(const LogSourceEntry& entry) {
  std::vector<std::vector<std::uint16_t>> values;
  RETURN_IF_ERROR(key_values(entry, values));
  std::size_t combinations = 1;
  for (const auto& list : values) combinations *= list.size();
  if (combinations > kMaxKeyCombinations) {
    return limit_exceeded(definition_.name + ": an entry has more than 4096 key combinations");
  }
  static_assert(kMaxKeyFields == 3);
  for (const std::uint16_t first : values[0]) {
    for (const std::uint16_t second : values[1]) {
      for (const std::uint16_t third : values[2]) {
        groups_[{first, second, third}].push_back(&entry);
      }
    }
  }
  return ok_status();
}

std::vector<const LogSourceEntry*> NormalisationTable::TableBuilder::inherited(
    const Key& key) const {
  std::vector<const LogSourceEntry*> out;
  for (const auto& [other, entries] : groups_) {
    if (other == key || !covers(other, key)) continue;
    for (const LogSourceEntry* entry : entries) {
      if (!conditional(*entry)) out.push_back(entry);
    }
  }
  return out;
}

void NormalisationTable::TableBuilder::add_outcome(
    const std::vector<const LogSourceEntry*>& entries, const LogSourceEntry* conditional_entry,
    std::vector<Outcome>& outcomes, std::vector<Draft>& drafts) {
  LogSource source;
  source.product = definition_.product;
  Draft draft{conditional_entry, entries};
  if (conditional_entry != nullptr) draft.entries.push_back(conditional_entry);
  for (const LogSourceEntry* entry : draft.entries) {
    if (!entry->product.empty()) source.product = entry->product;
    source.categories.insert(source.categories.end(), entry->categories.begin(),
                             entry->categories.end());
    source.services.insert(source.services.end(), entry->services.begin(), entry->services.end());
  }
  Outcome outcome;
  outcome.log_source = source == LogSource{} ? kUnmappedLogSource : catalog_.intern(source);
  outcomes.push_back(std::move(outcome));
  drafts.push_back(std::move(draft));
}

void NormalisationTable::TableBuilder::build_group(
    const Key& key, const std::vector<const LogSourceEntry*>& entries) {
  std::vector<const LogSourceEntry*> always = inherited(key);
  for (const LogSourceEntry* entry : entries) {
    if (!conditional(*entry)) always.push_back(entry);
  }
  std::vector<Outcome> outcomes;
  std::vector<Draft> drafts;
  for (const LogSourceEntry* entry : entries) {
    if (conditional(*entry)) add_outcome(always, entry, outcomes, drafts);
  }
  add_outcome(always, nullptr, outcomes, drafts);
  out_.groups.emplace(pack_key(key), static_cast<std::uint32_t>(out_.outcome_lists.size()));
  out_.outcome_lists.push_back(std::move(outcomes));
  out_.drafts.push_back(std::move(drafts));
}

Status NormalisationTable::TableBuilder::build() {
  if (definition_.by.size() > kMaxKeyFields) {
    return limit_exceeded(definition_.name + ": more than 3 key fields");
  }
  out_.values.resize(definition_.by.size());
  groups_[Key{}];  // the outcome of a record that no entry names
  for (const LogSourceEntry& entry : definition_.entries) RETURN_IF_ERROR(add_entry(entry));
  for (const auto& [key, entries] : groups_) {
    build_group(key, entries);
    const std::uint32_t mask = mask_of(key);
    if (std::find(out_.masks.begin(), out_.masks.end(), mask) == out_.masks.end()) {
      out_.masks.push_back(mask);
    }
  }
  std::sort(out_.masks.begin(), out_.masks.end(), [](std::uint32_t a, std::uint32_t b) {
    return std::popcount(a) != std::popcount(b) ? std::popcount(a) > std::popcount(b) : a < b;
  });
  if (catalog_.size() > 0xffff) return limit_exceeded("more than 65535 log sources");
  return ok_status();
}

}  // namespace catena::normalise
