// SPDX-License-Identifier: Apache-2.0
#include "engine/report/report.h"

#include "engine/incident/json_lines.h"
#include "engine/report/attack_flow.h"
#include "engine/report/html_page.h"
#include "engine/report/markdown_page.h"
#include "engine/report/navigator_layer.h"
#include "engine/report/ocsf_findings.h"
#include "engine/report/stix_bundle.h"

namespace catena::report {
namespace {

std::string json_lines(const StoryView& view) {
  const incident::Chain& chain = view.chain();
  std::string out = incident::chain_json(chain) + "\n";
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    out += incident::detection_json(view.detection(i), chain.id, &chain.steps[i]) + "\n";
  }
  return out;
}

}  // namespace

std::string write_report(const StoryView& view, ReportFormat format, const ReportOptions& options) {
  switch (format) {
    case ReportFormat::kJsonLines:
      return json_lines(view);
    case ReportFormat::kMarkdown:
      return markdown_page(view, options.guidance);
    case ReportFormat::kHtml:
      return html_page(view, options.guidance);
    case ReportFormat::kStix:
      return stix_bundle(view);
    case ReportFormat::kAttackFlow:
      return attack_flow(view);
    case ReportFormat::kOcsf:
      return ocsf_findings(view, options.product_version);
    case ReportFormat::kNavigator:
      break;
  }
  return navigator_layer(view);
}

}  // namespace catena::report
