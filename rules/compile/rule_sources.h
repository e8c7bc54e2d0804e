// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "rules/compile/rule_files.h"
#include "rules/sigma/diagnostic.h"

// RuleSources is what a rule set will be compiled from: every rule file's bytes, in the order in
// which they count, and what could not be read. It parses nothing. Read once, the same bytes are
// hashed and compiled, so a file that changes meanwhile cannot be kept under another's hash.
// Thread safety: none while sources are added, const afterwards.
// Cost: the bytes of all files stay in memory, at most kMaxSourceBytes.
namespace catena::compile {

// Larger corpora are compiled file by file and not cached.
inline constexpr std::size_t kMaxSourceBytes = 256UL * 1024 * 1024;

struct RuleSource {
  std::string name;  // of the file, as diagnostics show it
  std::string text;
  // Why there is no text.
  std::optional<sigma::RuleProblem> problem;
  // False for a problem on the way to files (a folder that cannot be read).
  bool is_file = true;
};

// The file's bytes, or the problem.
[[nodiscard]] RuleSource read_rule_source(const std::string& file);

class RuleSources {
 public:
  explicit RuleSources(std::size_t max_bytes = kMaxSourceBytes) : max_bytes_(max_bytes) {}

  // As RuleLoader: a file, or a folder with everything below it; fails when `path` itself cannot be
  // read. kLimit when all files together are larger than `max_bytes`.
  Status add_path(const std::string& path);
  void add_text(std::string_view text, std::string_view name);

  [[nodiscard]] std::span<const RuleSource> all() const noexcept { return sources_; }

  // Changes with any name, any byte, any problem and the order.
  [[nodiscard]] Id128 hash() const;

 private:
  RuleFileFinder finder_;
  std::vector<RuleSource> sources_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
};

}  // namespace catena::compile
