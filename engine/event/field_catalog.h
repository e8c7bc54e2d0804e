// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

// FieldCatalog gives every field name that a rule or a mapping mentions a small number.
// Call protocol: intern() while rules and mappings load, then treat as const. Events never add
// names (hostile input could otherwise grow it); a name that nobody mentions is kUnknownField.
// Names are case-sensitive, as Sigma rules in the wild are. Nested names use dots ("a.b.c").
// Thread safety: const methods may run concurrently once no more intern() happens.
namespace catena {

using FieldId = std::uint32_t;

// A field whose name no rule or mapping mentions: still searched by keywords, never by name.
inline constexpr FieldId kUnknownField = 0;

class FieldCatalog {
 public:
  FieldCatalog();
  FieldCatalog(const FieldCatalog&) = delete;
  FieldCatalog& operator=(const FieldCatalog&) = delete;

  // The id of `name`, given out at first sight.
  FieldId intern(std::string_view name);
  // The id of `name`, or kUnknownField.
  [[nodiscard]] FieldId find(std::string_view name) const noexcept;
  // The name of an id that this catalog gave out; "" for kUnknownField.
  [[nodiscard]] std::string_view name(FieldId id) const noexcept;
  // Number of ids including kUnknownField; ids are 0 … size()-1.
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  std::deque<std::string> names_;  // deque: views into it stay valid
  std::unordered_map<std::string_view, FieldId> ids_;
};

}  // namespace catena
