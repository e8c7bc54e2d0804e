// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/parsed_source.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "rules/sigma/filter_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;

ParsedDocument parse_document(const yaml::YamlDocument& document, ParseOptions options) {
  ParsedDocument parsed;
  parsed.kind = sigma::document_kind(document.root);
  parsed.place = {document.root.line(), document.root.column()};
  parsed.line = document.line;
  if (parsed.kind == sigma::DocumentKind::kRule) {
    parsed.problem = sigma::parse_rule(document.root, parsed.rule);
    if (options.attributes) parsed.rule.rule.attributes = sigma::read_attributes(document.root);
  } else if (parsed.kind == sigma::DocumentKind::kCorrelation) {
    parsed.problem = sigma::parse_correlation(document.root, parsed.correlation);
    if (options.attributes) {
      parsed.correlation.rule.body.attributes = sigma::read_attributes(document.root);
    }
  } else if (parsed.kind == sigma::DocumentKind::kFilter) {
    parsed.problem = sigma::parse_filter(document.root, parsed.filter);
  }
  parsed.names = sigma::read_names(document.root);
  return parsed;
}

}  // namespace

ParsedSource parse_source(const RuleSource& source, ParseOptions options) {
  ParsedSource parsed;
  if (source.problem) {
    parsed.problem = source.problem;
    return parsed;
  }
  std::vector<yaml::YamlDocument> documents;
  if (auto problem = yaml::parse_yaml(source.text, source.name, {}, documents)) {
    const bool limit = problem->code == StatusCode::kLimit;
    parsed.problem = {limit ? DiagnosticCode::kLimit : DiagnosticCode::kYaml,
                      {problem->line, problem->column},
                      std::move(problem->reason)};
    return parsed;
  }
  parsed.documents.reserve(documents.size());
  for (const yaml::YamlDocument& document : documents) {
    parsed.documents.push_back(parse_document(document, options));
  }
  return parsed;
}

std::vector<ParsedSource> parse_sources(std::span<const RuleSource> sources, std::size_t threads,
                                        ParseOptions options) {
  std::vector<ParsedSource> parsed(sources.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;  // out of memory: goes on in the caller's thread
  const auto work = [&] {
    try {
      for (std::size_t i = next.fetch_add(1); i < sources.size(); i = next.fetch_add(1)) {
        parsed[i] = parse_source(sources[i], options);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> helpers;
  const std::size_t wanted = std::min(std::max<std::size_t>(threads, 1), sources.size());
  helpers.reserve(wanted);
  try {
    while (helpers.size() + 1 < wanted) helpers.emplace_back(work);
  } catch (const std::system_error&) {
    // The system gives no more threads; those that there are do it.
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
  return parsed;
}

}  // namespace catena::compile
