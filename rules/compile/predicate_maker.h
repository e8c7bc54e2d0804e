// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/event/field_catalog.h"
#include "engine/plan/predicate.h"
#include "rules/compile/value_modifiers.h"
#include "rules/sigma/diagnostic.h"

// Makes the predicate of a value to which every modifier has been applied: folds case, chooses the
// simplest test that says the same, compiles the regular expression.
// Thread safety: pure functions, but for the catalog, which learns field names.
namespace catena::compile {

// `value` is of `field` ("" for keywords); problems are at `place`. For kExists the predicate is
// the positive test.
[[nodiscard]] std::optional<sigma::RuleProblem> make_predicate(std::string_view field,
                                                               const ModifiedValue& value,
                                                               sigma::Place place,
                                                               FieldCatalog& catalog,
                                                               plan::Predicate& predicate);

// Bytes of text that the predicate holds.
[[nodiscard]] std::size_t text_bytes(const plan::Predicate& predicate) noexcept;

// True for a test that every value passes ("*").
[[nodiscard]] bool is_any_value(const plan::Predicate& predicate) noexcept;

}  // namespace catena::compile
