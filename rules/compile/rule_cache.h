// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/cache_folder.h"
#include "engine/base/result.h"
#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/rule_loader.h"
#include "rules/compile/rule_sources.h"

// RuleCache keeps the outcome of a load (rule set, report, field names) under a hash of all that
// decides it, so that a second start need not parse. What comes back is equal to what a load would
// give, field ids and diagnostics included; on any doubt nothing comes back, and the caller
// compiles.
// The key covers every source's name and bytes rather than sizes and times: reading 3,800 files
// costs a few hundredths of a second, and an edit that a time stamp hides would be a detection that
// is missed. It also covers the build, so another compiler's work is never taken for one's own.
// Thread safety: const. Errors: those of CacheFolder and decode_rule_set.
namespace catena::compile {

// Of this file's own payload; the codec has a version too.
inline constexpr std::uint32_t kRuleCacheVersion = 2;
inline constexpr std::size_t kMaxRuleCacheBytes = 256UL * 1024 * 1024;
inline constexpr std::size_t kMaxRuleCacheFiles = 8;
inline constexpr std::uint64_t kMaxRuleCacheFolderBytes = 1024UL * 1024 * 1024;

// What a load gives, beside the names that the catalog learnt.
struct LoadedRules {
  plan::RuleSet rules;
  LoadReport report;
};

// As bytes. `first_new` is the catalog's size before the load.
Result<std::string> encode_load(const LoadedRules& load, const FieldCatalog& fields,
                                FieldId first_new);
// Teaches `fields` the names, in the order in which the load did; on failure it is unchanged.
Result<LoadedRules> decode_load(std::string_view bytes, FieldCatalog& fields);

class RuleCache {
 public:
  // `build` names the program: no two that compile differently may share it.
  RuleCache(CacheFolder folder, std::string build)
      : folder_(std::move(folder)), build_(std::move(build)) {}

  // The fields are those known before the load.
  [[nodiscard]] Id128 key(const RuleSources& sources, const CompileOptions& options,
                          const FieldCatalog& fields) const;

  // kNotFound, or why what is there cannot be used. `fields` must be as it was for key().
  Result<LoadedRules> find(const Id128& key, FieldCatalog& fields) const;
  [[nodiscard]] Status keep(const Id128& key, const LoadedRules& load, const FieldCatalog& fields,
                            FieldId first_new) const;

 private:
  CacheFolder folder_;
  std::string build_;
};

}  // namespace catena::compile
