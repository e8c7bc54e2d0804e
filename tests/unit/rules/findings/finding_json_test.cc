// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/finding_json.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

Finding sample() {
  Finding finding;
  finding.code = "idle-wildcard";
  finding.level = Level::kWarning;
  finding.file = "./my rules/\xC3\xA4#.yml";
  finding.place = {3, 5};
  finding.end = {3, 6};
  finding.message = "say \"why\"";
  finding.line = "    - '*a'";
  finding.fix = Fix{"remove it", {{{30, 31}, "", {3, 5}, {3, 6}}}, true};
  return finding;
}

TEST(FindingJson, WritesOneLine) {
  EXPECT_EQ(
      finding_as_json(sample()),
      "{\"kind\":\"rule_finding\",\"schema\":1,\"file\":\"./my rules/\xC3\xA4#.yml\",\"line\":3,"
      "\"column\":5,\"end_line\":3,\"end_column\":6,\"code\":\"idle-wildcard\",\"level\":"
      "\"warning\",\"message\":\"say \\\"why\\\"\",\"suppressed\":false,\"fix\":{\"title\":"
      "\"remove it\",\"safe\":true,\"edits\":[{\"line\":3,\"column\":5,\"end_line\":3,"
      "\"end_column\":6,\"text\":\"\"}]}}");
  Finding refusal = sample();
  refusal.is_refusal = true;
  refusal.fix.reset();
  EXPECT_TRUE(finding_as_json(refusal).starts_with("{\"kind\":\"refused_rule\""));
}

TEST(FindingJson, WritesSarif) {
  Finding suppressed = sample();
  suppressed.is_suppressed = true;
  Finding without_place = sample();
  without_place.place = {};
  without_place.fix.reset();
  const std::string log = findings_as_sarif({sample(), suppressed, without_place}, {"1.2"});
  for (const char* part :
       {"\"version\":\"2.1.0\"", "\"uri\":\"my%20rules/%C3%A4%23.yml\"",
        "\"region\":{\"startLine\":3,\"startColumn\":5,\"endLine\":3,\"endColumn\":6}",
        "\"suppressions\":[{\"kind\":\"inSource\"}]", "\"ruleIndex\":0",
        "\"insertedContent\":{\"text\":\"\"}", "\"id\":\"idle-wildcard\""}) {
    EXPECT_NE(log.find(part), std::string::npos) << part << "\n" << log;
  }
  // The same finding twice has two fingerprints.
  EXPECT_NE(log.find(":1\"}"), std::string::npos);
  EXPECT_NE(log.find(":2\"}"), std::string::npos);
  EXPECT_NE(findings_as_sarif({}, {"1"}).find("\"results\":[]"), std::string::npos);
}

}  // namespace
}  // namespace catena::lint
