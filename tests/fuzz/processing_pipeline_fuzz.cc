// SPDX-License-Identifier: Apache-2.0
// Any text as a processing pipeline: refused with a place and a reason, or a pipeline under which a
// rule with every kind of value stays a rule or is refused with a reason, within the bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile/rule_loader.h"
#include "rules/processing/pipeline_transformer.h"

namespace {

constexpr std::string_view kRule = R"(title: t
id: 11111111-2222-4333-8444-555555555555
logsource: {product: windows, category: process_creation}
level: high
status: test
date: 2024-05-06
fields: [CommandLine]
tags: [attack.t1059]
detection:
  kw: [error, 'fail*']
  sel:
    Image|endswith: ['\cmd.exe', '\po?er*.exe']
    User|expand: '%a%-%b%'
    EventID: [1, 4688]
    Flag: true
    None: null
    Number|gte: 10
    Here|exists: true
    Path|re: 'a.*b'
    Ref|fieldref: Other
    Hashes: ['MD5=987b65cd9b9f4e9a1afd8f8b48cf64a7', 'SHA1=1']
    Dash|windash|contains: ' -x'
  all: {CommandLine|contains|all: [a, b]}
  maps: [{A: '1'}, {B: '2', C: '3'}]
  condition: kw or sel and not 1 of m* or all of them
)";

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact-size copy lets the address sanitizer see one byte too far.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  const std::string_view text(copy.get(), size);
  std::vector<catena::processing::ProcessingPipeline> pipelines(1);
  std::vector<catena::sigma::Diagnostic> problems;
  catena::processing::read_pipeline(text, "p.yml", pipelines[0], problems);
  for (const auto& problem : problems) {
    check(!problem.message.empty());
    check(problem.place.line > 0);
  }
  if (!problems.empty()) return 0;
  catena::compile::CompileOptions options;
  options.transformer =
      std::make_shared<const catena::processing::PipelineTransformer>(std::move(pipelines), "x");
  catena::FieldCatalog fields;
  catena::compile::RuleLoader loader(fields, options);
  loader.add_text(kRule, "r.yml");
  const auto set = loader.finish();
  check(set.ok());
  check(set->rules.size() + loader.report().refused.size() == 1);
  for (const auto& refused : loader.report().refused) check(!refused.message.empty());
  return 0;
}
