// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "rules/sigma/diagnostic.h"

// Finds the rule files under a path: *.yml and *.yaml, in the order of their names, folders
// included, symbolic links followed, hidden names left out. A file or folder that is reached twice
// (device and inode) is visited once; a folder that contains itself is reported.
// Thread safety: none. Cost: one stat per directory entry.
namespace catena::compile {

inline constexpr std::size_t kMaxRuleFiles = 200'000;
inline constexpr std::size_t kMaxRuleFolderDepth = 32;

class RuleFileFinder {
 public:
  // Appends to files() and problems(). kNotFound or kIo when `path` itself cannot be read; anything
  // below it that cannot be read becomes a problem and the search goes on.
  Status find(const std::string& path);

  [[nodiscard]] const std::vector<std::string>& files() const noexcept { return files_; }
  [[nodiscard]] const std::vector<sigma::Diagnostic>& problems() const noexcept {
    return problems_;
  }
  // Forgets files and problems, but not what has been visited.
  void clear();

 private:
  using Identity = std::pair<unsigned long long, unsigned long long>;  // device, inode

  void visit_folder(const std::string& path, std::vector<Identity>& ancestors);
  void visit_entry(const std::string& path, std::vector<Identity>& ancestors);
  void add_file(const std::string& path, const Identity& identity);
  void report(const std::string& path, std::string reason);

  std::vector<std::string> files_;
  std::vector<sigma::Diagnostic> problems_;
  std::set<Identity> visited_;
  bool is_full_ = false;
};

}  // namespace catena::compile
