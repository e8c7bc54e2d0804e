// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_corpus.h"

#include <optional>
#include <utility>

#include "rules/compile/rule_loader.h"
#include "rules/compile/rule_sources.h"

namespace catena::compile {
namespace {

// One load; holds what its steps share.
class CorpusLoad {
 public:
  CorpusLoad(const CorpusRequest& request, FieldCatalog& fields)
      : request_(request), fields_(fields), sources_(request.max_source_bytes) {}

  Result<RuleCorpus> run() {
    const Status read = read_sources();
    if (read.code() == StatusCode::kLimit) return load_file_by_file(read.message());
    RETURN_IF_ERROR(read);
    open_cache();
    if (!find()) {
      RETURN_IF_ERROR(compile());
      keep();
    }
    RETURN_IF_ERROR(check_strict(request_.options, corpus_.loaded.report));
    return std::move(corpus_);
  }

 private:
  Status read_sources() {
    for (const std::string& path : request_.paths) RETURN_IF_ERROR(sources_.add_path(path));
    for (const RuleText& text : request_.texts) sources_.add_text(text.text, text.name);
    return ok_status();
  }

  // Holds no two files in memory at a time.
  Result<RuleCorpus> load_file_by_file(const std::string& reason) {
    RuleLoader loader(fields_, request_.options);
    RETURN_IF_ERROR(loader.add_paths(request_.paths));
    for (const RuleText& text : request_.texts) loader.add_text(text.text, text.name);
    ASSIGN_OR_RETURN(corpus_.loaded.rules, loader.finish());
    corpus_.loaded.report = loader.report();
    corpus_.cache_note = "rules compiled and not kept: " + reason;
    return std::move(corpus_);
  }

  void open_cache() {
    if (request_.cache_folder.empty()) return note("no cache folder");
    if (request_.build.empty()) return note("this build has no identity");
    auto folder = CacheFolder::open(request_.cache_folder);
    if (!folder.ok()) return note(folder.status().message());
    cache_.emplace(*std::move(folder), request_.build);
    key_ = cache_->key(sources_, request_.options, fields_);
  }

  bool find() {
    if (!cache_) return false;
    auto found = cache_->find(key_, fields_);
    if (!found.ok()) {
      const bool is_new = found.status().code() == StatusCode::kNotFound;
      note(is_new ? "not in the cache" : found.status().message());
      return false;
    }
    corpus_.loaded = *std::move(found);
    corpus_.from_cache = true;
    corpus_.cache_note = "rules from the cache: " + key_.hex();
    return true;
  }

  Status compile() {
    CompileOptions options = request_.options;
    options.strict = false;  // what was refused is kept too; strictness is asked of the report
    first_new_ = static_cast<FieldId>(fields_.size());
    RuleLoader loader(fields_, std::move(options));
    loader.add_sources(sources_.all(), request_.threads);
    ASSIGN_OR_RETURN(corpus_.loaded.rules, loader.finish());
    corpus_.loaded.report = loader.report();
    return ok_status();
  }

  void keep() {
    if (!cache_) return;
    const Status kept = cache_->keep(key_, corpus_.loaded, fields_, first_new_);
    corpus_.cache_note += kept.ok() ? "; kept as " + key_.hex() : "; not kept: " + kept.message();
  }

  void note(const std::string& reason) { corpus_.cache_note = "rules compiled: " + reason; }

  const CorpusRequest& request_;
  FieldCatalog& fields_;
  RuleSources sources_;
  std::optional<RuleCache> cache_;
  Id128 key_;
  FieldId first_new_ = 0;
  RuleCorpus corpus_;
};

}  // namespace

Result<RuleCorpus> load_corpus(const CorpusRequest& request, FieldCatalog& fields) {
  return CorpusLoad(request, fields).run();
}

}  // namespace catena::compile
