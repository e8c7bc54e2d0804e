// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/report/guidance.h"
#include "engine/report/story.h"

// A finished chain in one of the forms that other people and programs read. Thread safety: pure
// function; the same story gives the same bytes.
namespace catena::report {

enum class ReportFormat : std::uint8_t {
  kJsonLines,   // the chain, then its detections: what `incidents show --format jsonl` prints
  kMarkdown,    // markdown_page.h
  kHtml,        // html_page.h
  kStix,        // stix_bundle.h
  kAttackFlow,  // attack_flow.h
  kOcsf,        // ocsf_findings.h
  kNavigator,   // navigator_layer.h
};

struct ReportOptions {
  std::string_view product_version;    // ours, for formats that name their producer
  const Guidance* guidance = nullptr;  // what pages for people say besides the story; may be absent
};

[[nodiscard]] std::string write_report(const StoryView& view, ReportFormat format,
                                       const ReportOptions& options);

}  // namespace catena::report
