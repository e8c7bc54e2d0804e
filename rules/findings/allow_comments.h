// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/findings/finding.h"
#include "rules/findings/source_text.h"

// Comments with which an author says that a finding is meant:
//
//     - '*foo*'  # catena: allow idle-wildcard
//     # catena: allow unknown-field, slow-rule
//     Image2: x
//
// They concern their own line and, when they stand alone, the next line that is no comment. Before
// the first key of a document they concern the findings about the rule as a whole too, which stand
// at its title. An error cannot be allowed.
// Thread safety: value type.
namespace catena::lint {

class AllowComments {
 public:
  // Bound on the codes of one file; the rest is not read.
  static constexpr std::size_t kMaxAllowed = 1'000;

  explicit AllowComments(const SourceText& source);

  // Marks the findings that a comment allows, and adds findings about comments that allow nothing
  // or a code that does not exist.
  void apply(std::string_view file, std::vector<Finding>& findings);

 private:
  struct Allowed {
    std::string_view code;
    Span span;
    std::uint32_t line = 0;  // that it concerns
    bool is_used = false;
  };

  const SourceText& source_;
  std::vector<Allowed> allowed_;
};

}  // namespace catena::lint
