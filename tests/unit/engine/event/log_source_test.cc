// SPDX-License-Identifier: Apache-2.0
#include "engine/event/log_source.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(LogSource, ARuleAppliesWhenEveryPartItNamesIsThere) {
  const LogSource sysmon13 = {"windows", {"registry_event", "registry_set"}, {"sysmon"}};
  EXPECT_TRUE(applies({"windows", "registry_set", ""}, sysmon13));
  EXPECT_TRUE(applies({"windows", "registry_event", ""}, sysmon13));
  EXPECT_TRUE(applies({"", "", "sysmon"}, sysmon13));
  EXPECT_TRUE(applies({"windows", "", ""}, sysmon13));
  EXPECT_FALSE(applies({"windows", "registry_add", ""}, sysmon13));
  EXPECT_FALSE(applies({"linux", "registry_set", ""}, sysmon13));
  EXPECT_FALSE(applies({"windows", "registry_set", "security"}, sysmon13));
}

TEST(LogSource, ARuleThatNamesNothingAppliesToNothing) {
  EXPECT_FALSE(applies({}, {"windows", {}, {}}));
  EXPECT_FALSE(applies({}, {}));
}

TEST(LogSourceCatalog, EqualSetsHaveOneIdWhateverTheirOrder) {
  LogSourceCatalog catalog;
  const auto a = catalog.intern({"linux", {}, {"sshd", "auth", "auth"}});
  const auto b = catalog.intern({"linux", {}, {"auth", "sshd"}});
  EXPECT_EQ(a, b);
  EXPECT_NE(a, kUnmappedLogSource);
  EXPECT_TRUE(catalog.reachable({"linux", "", "sshd"}));
  EXPECT_FALSE(catalog.reachable({"linux", "", "cron"}));
}

}  // namespace
}  // namespace catena
