// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/base/status.h"
#include "engine/plan/correlation.h"

// CorrelationProgram <-> bytes: the part of the rule set codec that knows correlations. Included by
// rule_set_codec.cc alone; see rule_set_codec.h for what encoding and decoding promise.
// Thread safety: pure functions.
namespace catena::plan {

// What those who run a program rely on: numbers in range, inputs before the correlations that refer
// to them, as many slots as there are fields, limits kept. kCorrupt with a reason.
[[nodiscard]] Status check_correlations(const CorrelationProgram& program, std::size_t rule_count,
                                        std::size_t field_count);

[[nodiscard]] bool is_known_level(Level value) noexcept;
[[nodiscard]] bool is_correlation_type(CorrelationType value) noexcept;
[[nodiscard]] bool is_comparator(Comparator value) noexcept;
[[nodiscard]] bool is_presence_kind(PresenceNode::Kind value) noexcept;

template <typename Archive, typename T>
void transfer_numbers(Archive& archive, T& numbers) {
  archive.list(numbers, [](auto& a, auto& number) { a.integer(number); });
}

template <typename Archive, typename T>
void transfer_texts(Archive& archive, T& texts) {
  archive.list(texts, [](auto& a, auto& text) { a.text(text); });
}

template <typename Archive, typename T>
void transfer_bound(Archive& archive, T& bound) {
  auto& [comparator, value] = bound;
  archive.choice(comparator, is_comparator);
  auto low = static_cast<std::uint64_t>(value.units);
  auto high = static_cast<std::int64_t>(value.units >> 64);
  archive.integer(low);
  archive.integer(high);
  if constexpr (!std::is_const_v<T>) value.units = (Int128{high} << 64) | Int128{low};
}

template <typename Archive, typename T>
void transfer_presence(Archive& archive, T& node) {
  auto& [kind, number, children] = node;
  archive.choice(kind, is_presence_kind);
  archive.integer(number);
  transfer_numbers(archive, children);
}

template <typename Archive, typename T>
void transfer_term(Archive& archive, T& term) {
  auto& [steps, absent] = term;
  transfer_numbers(archive, steps);
  archive.integer(absent);
}

template <typename Archive, typename T>
void transfer_input(Archive& archive, T& input) {
  auto& [is_correlation, index, group_slots, value_slots, export_slots] = input;
  archive.flag(is_correlation);
  archive.integer(index);
  transfer_numbers(archive, group_slots);
  transfer_numbers(archive, value_slots);
  transfer_numbers(archive, export_slots);
}

template <typename Archive, typename T>
void transfer_correlation(Archive& archive, T& correlation) {
  auto& [id, title, level, tags, file, line, alerts, repeat, type, span, group_names, value_names,
         bounds, presence, terms, percentile, condition, inputs, export_count] = correlation;
  archive.text(id);
  archive.text(title);
  archive.choice(level, is_known_level);
  transfer_texts(archive, tags);
  archive.text(file);
  archive.integer(line);
  archive.flag(alerts);
  archive.flag(repeat);
  archive.choice(type, is_correlation_type);
  archive.integer(span);
  transfer_texts(archive, group_names);
  transfer_texts(archive, value_names);
  archive.list(bounds, [](auto& a, auto& bound) { transfer_bound(a, bound); });
  archive.list(presence, [](auto& a, auto& node) { transfer_presence(a, node); });
  archive.list(terms, [](auto& a, auto& term) { transfer_term(a, term); });
  archive.integer(percentile);
  archive.text(condition);
  archive.list(inputs, [](auto& a, auto& input) { transfer_input(a, input); });
  archive.integer(export_count);
}

template <typename Archive, typename T>
void transfer_correlations(Archive& archive, T& program) {
  auto& [rules, correlations] = program;
  archive.list(rules, [](auto& a, auto& input) {
    auto& [rule, alerts, captures] = input;
    a.integer(rule);
    a.flag(alerts);
    transfer_numbers(a, captures);
  });
  archive.list(correlations, [](auto& a, auto& one) { transfer_correlation(a, one); });
}

}  // namespace catena::plan
