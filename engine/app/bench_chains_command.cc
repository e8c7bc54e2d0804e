// SPDX-License-Identifier: Apache-2.0
#include "engine/app/bench_chains_command.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/terminal.h"
#include "engine/match/matcher.h"

namespace catena::app {
namespace {

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Status append_line(const std::string& path, const std::string& line) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << line << '\n';
  file.close();
  return file.good() ? ok_status() : io_error(path + ": cannot be written");
}

// Where archives are unpacked unless the user says otherwise.
std::string default_work_folder() {
  std::error_code error;
  return (std::filesystem::temp_directory_path(error) / "catena-bench-chains").string();
}

Status bench(BenchChainsOptions options) {
  std::vector<evaluation::Figure> earlier;
  if (!options.compare.empty()) {
    ASSIGN_OR_RETURN(earlier, evaluation::read_figures(options.compare));
  }
  ASSIGN_OR_RETURN(const auto content,
                   Content::load({options.rule_paths, "", 1, default_cache_folder()}));
  if (content->rules.rules.empty()) return invalid_input("no rule could be loaded");
  if (options.evaluation.work.empty()) options.evaluation.work = default_work_folder();
  const match::Matcher matcher(content->rules, content->mapping->log_sources(), content->fields,
                               content->scanners.get());
  const harness::Subject subject{content->rules,    content->fields,  *content->mapping,
                                 content->entities, content->lineage, content->attack};
  const bool counting = !options.json && is_terminal(2);
  std::size_t done = 0;
  const auto on_set = [&](const evaluation::SetScore&) {
    if (counting) std::fprintf(stderr, "\r%zu sets", ++done);
  };
  ASSIGN_OR_RETURN(const auto result,
                   evaluation::evaluate(subject, matcher, options.evaluation, on_set));
  if (counting) std::fprintf(stderr, "\r");
  const std::string line = evaluation::evaluation_json(result);
  print(options.json ? line + "\n" : evaluation::evaluation_text(result));
  if (!options.result_file.empty()) RETURN_IF_ERROR(append_line(options.result_file, line));
  if (!options.compare.empty()) {
    print("\n" + evaluation::comparison_text(earlier, evaluation::figures_of(result)));
  }
  return std::fflush(stdout) == 0 ? ok_status() : io_error("standard output cannot be written");
}

}  // namespace

int run_bench_chains(const BenchChainsOptions& options) {
  const Status status = bench(options);
  if (status.ok()) return kExitOk;
  std::fprintf(stderr, "catena: %s\n", printable(status.message()).c_str());
  return kExitError;
}

}  // namespace catena::app
