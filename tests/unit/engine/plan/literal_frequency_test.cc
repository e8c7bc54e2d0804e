// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/literal_frequency.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace catena::plan {
namespace {

using Anchor = PlanLiteral::Anchor;

TEST(LiteralFrequency, TableIsWellFormed) {
  std::set<std::string> seen;
  for (const FrequentPieces& common : frequent_pieces()) {
    EXPECT_EQ(common.pieces.size() % 3, 0U);
    for (std::size_t i = 0; i + 3 <= common.pieces.size(); i += 3) {
      const std::string piece(common.pieces.substr(i, 3));
      EXPECT_TRUE(seen.insert(std::to_string(static_cast<int>(common.kind)) + piece).second)
          << piece << " twice";
    }
  }
  EXPECT_GT(seen.size(), 1'000U);
}

TEST(LiteralFrequency, NamesTellTheKindOfField) {
  EXPECT_EQ(field_kind("Image"), FieldKind::kPath);
  EXPECT_EQ(field_kind("ParentImage"), FieldKind::kPath);
  EXPECT_EQ(field_kind("TargetFilename"), FieldKind::kPath);
  EXPECT_EQ(field_kind("CommandLine"), FieldKind::kCommand);
  EXPECT_EQ(field_kind("ScriptBlockText"), FieldKind::kCommand);
  EXPECT_EQ(field_kind("TargetObject"), FieldKind::kRegistry);
  EXPECT_EQ(field_kind("User"), FieldKind::kOther);
  EXPECT_EQ(field_kind(""), FieldKind::kOther);
}

TEST(LiteralFrequency, IsAShare) {
  FieldCatalog fields;
  const FieldId image = fields.intern("Image");
  const LiteralFrequency frequency(fields);
  for (const char* text :
       {"a", "ab", "abc", "\\", "c:\\windows\\system32\\", "\u00e9", "zzqqzzqqzzqq"}) {
    for (const Anchor anchor : {Anchor::kNone, Anchor::kStart, Anchor::kEnd, Anchor::kBoth}) {
      for (const FieldId field : {kUnknownField, image, FieldId{999}}) {
        const double share = frequency.of({field, anchor, text});
        EXPECT_GT(share, 0) << text;
        EXPECT_LE(share, 1) << text;
      }
    }
  }
  EXPECT_GT(frequency.of({image, Anchor::kNone, std::string(10'000, 'q')}), 0);
}

TEST(LiteralFrequency, RareTextsAreRarer) {
  FieldCatalog fields;
  const FieldId image = fields.intern("Image");
  const FieldId command = fields.intern("CommandLine");
  const LiteralFrequency frequency(fields);
  const double system = frequency.of({image, Anchor::kStart, "c:\\windows\\system32\\"});
  const double tool = frequency.of({image, Anchor::kEnd, "\\mimikatz.exe"});
  EXPECT_GT(system, 100 * tool);
  EXPECT_GT(frequency.of({image, Anchor::kEnd, ".exe"}), 100 * tool);
  EXPECT_LE(frequency.of({command, Anchor::kNone, "sekurlsa::logonpasswords"}),
            frequency.of({command, Anchor::kNone, "sekurlsa"}));
}

// Without names every field is of the same kind.
TEST(LiteralFrequency, DoesNotNeedNames) {
  const LiteralFrequency frequency;
  EXPECT_EQ(frequency.of({FieldId{1}, Anchor::kNone, "svchost"}),
            frequency.of({FieldId{2}, Anchor::kNone, "svchost"}));
}

}  // namespace
}  // namespace catena::plan
