// SPDX-License-Identifier: Apache-2.0
#include "engine/event/field_catalog.h"

namespace catena {

FieldCatalog::FieldCatalog() { names_.emplace_back(); }

FieldId FieldCatalog::intern(std::string_view name) {
  if (const auto found = ids_.find(name); found != ids_.end()) {
    return found->second;
  }
  const auto id = static_cast<FieldId>(names_.size());
  names_.emplace_back(name);
  ids_.emplace(names_.back(), id);
  return id;
}

FieldId FieldCatalog::find(std::string_view name) const noexcept {
  const auto found = ids_.find(name);
  return found == ids_.end() ? kUnknownField : found->second;
}

std::string_view FieldCatalog::name(FieldId id) const noexcept {
  return id < names_.size() ? std::string_view(names_[id]) : std::string_view();
}

}  // namespace catena
