// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/field_catalog.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/rule_cache.h"

// Loads a whole rule corpus: from the cache when it holds exactly these sources compiled by exactly
// this build, otherwise through RuleLoader, and keeps the outcome for the next start. Both ways
// give the same; a cache that cannot be used costs time, never a rule.
// Thread safety: none; `fields` is filled. Cost: rules/README.md, "How long a load takes".
namespace catena::compile {

struct RuleText {
  std::string_view text;
  std::string_view name;
};

struct CorpusRequest {
  std::vector<std::string> paths;  // files and folders
  std::vector<RuleText> texts;     // after the paths
  CompileOptions options;
  std::size_t threads = 1;   // for parsing; the outcome is the same for any number
  std::string cache_folder;  // "" for none
  std::string build;         // names the program (RuleCache); "" for no cache
  // Files beyond are compiled one by one and not kept.
  std::size_t max_source_bytes = kMaxSourceBytes;
};

struct RuleCorpus {
  LoadedRules loaded;
  bool from_cache = false;
  // What became of the cache, for a person who asks: "rules compiled, kept in …", or the reason why
  // a cached corpus was not used or kept.
  std::string cache_note;
};

// Fails as RuleLoader does: a path cannot be read, or `strict` and something was refused.
Result<RuleCorpus> load_corpus(const CorpusRequest& request, FieldCatalog& fields);

}  // namespace catena::compile
