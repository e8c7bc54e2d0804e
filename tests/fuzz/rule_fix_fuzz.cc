// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file for the linter: every finding has its place in the file, and safe fixes
// give a file that the product compiles to the same program.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/findings/finding_json.h"
#include "rules/lint/fixer.h"
#include "rules/lint/linter.h"
#include "tests/support/fix_judge.h"

namespace {

using namespace catena;

void check(bool holds) {
  if (!holds) std::abort();
}

std::vector<lint::Finding> findings_of(const std::string& text) {
  static const attack::AttackCatalog kCatalog;
  static const lint::Taxonomy kTaxonomy;
  lint::LintOptions options;
  options.with_conventions = true;
  lint::Linter linter(options, kCatalog, kTaxonomy);
  const compile::RuleSource source = {"fuzz.yml", text, std::nullopt, true};
  linter.add(source);
  return linter.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto findings = findings_of(text);
  for (const lint::Finding& finding : findings) {
    check(finding.span.begin <= finding.span.end && finding.span.end <= text.size());
    check(finding.place.line >= 1 && finding.place.column >= 1);
    check(!finding.message.empty() && lint::find_code(finding.code) != nullptr);
  }
  check(!lint::findings_as_sarif(findings, {"0"}).empty());
  const auto fixed = lint::apply_fixes(text, findings, lint::FixScope::kSafe, {});
  check(fixed.applied > 0 || fixed.text == text);
  if (fixed.text == text) return 0;
  const std::string before = test::program_of(text);
  const std::string after = test::program_of(fixed.text);
  check(before == "refused" || before == after);
  check(lint::keeps_meaning(text, fixed.text, {}));
  return 0;
}
