// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/scan_command.h"
#include "engine/casework/decision.h"
#include "engine/casework/edited_store.h"

// `catena incidents mark|note|cut|merge|history|filter`: what people decide about chains. Each
// decision is appended to the store with who took it and when; nothing is overwritten.
namespace catena::app {

struct CaseOptions {
  std::string store;
  std::string id;                            // a chain, or a detection in it
  std::string other_id;                      // merge
  std::vector<std::string> steps;            // cut: detections, or enough of their first digits
  std::optional<casework::CaseState> state;  // mark
  std::string author;
  std::string note;
  std::string time;                           // ISO 8601; "" for now
  std::string output;                         // filter; "" for standard output
  OutputFormat format = OutputFormat::kText;  // history
};

int run_case_mark(const CaseOptions& options);
int run_case_note(const CaseOptions& options);
int run_case_cut(const CaseOptions& options);
int run_case_merge(const CaseOptions& options);
int run_case_history(const CaseOptions& options);
int run_case_filter(const CaseOptions& options);

// The store as people corrected it, for every command that shows chains.
Result<std::unique_ptr<casework::EditedStore>> open_cases(const std::string& folder);

// Who runs this program, for --by; "" when the system does not say.
std::string default_author();

}  // namespace catena::app
