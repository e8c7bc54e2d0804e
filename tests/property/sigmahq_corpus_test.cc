// SPDX-License-Identifier: Apache-2.0
// The public Sigma rules, where they are at hand: everything must load but what needs a value for a
// placeholder.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/base/text_fold.h"
#include "rules/compile/rule_loader.h"

namespace catena::compile {
namespace {

std::string shared_folder() {
  const char* given = std::getenv("CATENA_SHARED");
  return given != nullptr ? given : std::string(CATENA_SOURCE_DIR) + "/../shared";
}

TEST(SharedCorpus, LoadsAllButUnresolvedPlaceholders) {
  const std::string root = shared_folder() + "/sigma/";
  if (!std::filesystem::is_directory(root + "rules")) {
    GTEST_SKIP() << "no public Sigma rules at " << root << "rules";
  }
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  const auto start = std::chrono::steady_clock::now();
  for (const char* folder : {"rules", "rules-emerging-threats", "rules-threat-hunting"}) {
    const Status status = loader.add_path(root + folder);
    ASSERT_TRUE(status.ok()) << status.message();
  }
  const auto set = loader.finish();
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  ASSERT_TRUE(set.ok()) << set.status().message();
  const LoadReport& report = loader.report();
  const auto regexes =
      std::count_if(set->predicates.begin(), set->predicates.end(),
                    [](const plan::Predicate& p) { return p.op == plan::Op::kRegex; });
  std::cout << "files " << report.files << ", loaded " << report.rules_loaded << ", refused "
            << report.refused.size() << ", warnings " << report.warnings.size() << ", predicates "
            << set->predicates.size() << " (" << regexes << " regular expressions), nodes "
            << set->nodes.size() << ", fields " << catalog.size() - 1 << ", " << spent.count()
            << " ms\n";
  for (const auto& refusal : report.refused) {
    std::cout << refusal.to_string() << "\n";
    EXPECT_EQ(refusal.code, sigma::DiagnosticCode::kPlaceholder) << refusal.to_string();
    EXPECT_GT(refusal.place.line, 0u);
  }
  for (const auto& warning : report.warnings) std::cout << warning.to_string() << "\n";
  EXPECT_EQ(report.unresolved_placeholders, report.refused.size());
  EXPECT_EQ(report.rules_loaded + report.refused.size(), report.files);
  EXPECT_GT(report.rules_loaded, 3'700u);
}

}  // namespace
}  // namespace catena::compile
