// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/event.h"
#include "engine/incident/entity.h"

// EntityExtractor reads the entities of an event from Sigma's taxonomy fields, in canonical form:
//   host     lower-case name up to the first dot (addresses whole)
//   process  "guid:<guid>" without braces, else "<host>|pid:<decimal>"
//   logon    "<host>|<id>" as hexadecimal text, or "guid:<guid>"
//   ip       RFC 5952 text, v4-mapped addresses unwrapped
//   user     account name without domain, lower case
// (engine/incident/canonical.h has these forms)
//   file     "<host>|<path>", lower case, only outside system folders
//   domain   lower case without a trailing dot
// Roles (source, target) are dropped on purpose: yesterday's destination is today's source.
// Thread safety: const methods may run concurrently. Cost: O(fields).
namespace catena::incident {

class EntityExtractor {
 public:
  // Interns the fields that it reads, so call before the catalog is frozen.
  explicit EntityExtractor(FieldCatalog& fields);

  // Events are plain (make_plain() in engine/event/event.h).
  // Sorted, unique, at most kMaxEntities.
  static constexpr std::size_t kMaxEntities = 48;
  [[nodiscard]] std::vector<Entity> extract(const Event& event) const;

 private:
  struct FieldRole;
  enum class Role : std::uint8_t;

  void add_value(Role role, std::string_view text, const std::string& host,
                 std::vector<Entity>& out) const;
  [[nodiscard]] std::string host_of(const Event& event) const;
  [[nodiscard]] std::string_view text_of(const Event& event, FieldId field) const noexcept;
  [[nodiscard]] bool image_is_root(const Event& event, FieldId image) const;

  void add_powershell_host(const Event& event, std::vector<Entity>& out) const;

  std::vector<std::pair<FieldId, Role>> roles_;
  FieldId computer_, host_, channel_, context_info_, windows_message_, execution_id_, image_,
      process_name_, parent_image_, source_image_, target_image_;
};

}  // namespace catena::incident
