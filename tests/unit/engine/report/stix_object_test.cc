// SPDX-License-Identifier: Apache-2.0
#include "engine/report/stix_object.h"

#include <gtest/gtest.h>

namespace catena::report {
namespace {

// The ids that the Python library `stix2` (3.0.2) gives the same objects.
TEST(StixObservable, HasTheIdThatEverybodyGivesIt) {
  std::string id;
  (void)stix_observable({incident::EntityType::kIp, "177.60.40.7"}, id);
  EXPECT_EQ(id, "ipv4-addr--dc63603e-e634-5357-b239-d4b562bc5445");
  (void)stix_observable({incident::EntityType::kUser, "eve"}, id);
  EXPECT_EQ(id, "user-account--b20965e7-0895-530e-a80d-7e3ec53613af");
  (void)stix_observable({incident::EntityType::kFile, "host|a\"b.exe"}, id);
  EXPECT_EQ(id, "file--ab3a1d1c-9e35-5d87-adfe-9ab1ac6da4d8");
  EXPECT_EQ(stix_observable({incident::EntityType::kHost, "h"}, id), "");
}

TEST(StixId, IsMadeOfContent) {
  EXPECT_EQ(stix_id("incident", "a"), stix_id("incident", "a"));
  EXPECT_NE(stix_id("incident", "a"), stix_id("incident", "b"));
  EXPECT_NE(stix_id("incident", "a").substr(10), stix_id("sighting", "a").substr(10));
}

TEST(Base64, PadsAsTheStandardSays) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob\xff"), "Zm9vYv8=");
}

}  // namespace
}  // namespace catena::report
