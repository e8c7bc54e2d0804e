// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/audit_record.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

using normalise::RecordFormat;

TEST(AuditRecord, IsRecognisedByTypeAndStamp) {
  EXPECT_EQ(AuditDecoder::recognise("type=CWD msg=audit(1.2:3): cwd=\"/\""), RecordFormat::kAuditd);
  EXPECT_EQ(AuditDecoder::recognise("node=a type=CWD msg=audit(1.2:3): x"), RecordFormat::kAuditd);
  EXPECT_EQ(AuditDecoder::recognise("type=AUOMS_LOGIN audit(1.2:3): x"), RecordFormat::kAuoms);
  for (const char* other : {"", "type=CWD", "audit(1.2:3): x", "type= audit(1:2)",
                            "type=CWD audit(", "type=CWD audit()"}) {
    EXPECT_FALSE(AuditDecoder::recognise(other).has_value()) << other;
  }
}

TEST(AuditRecord, HexIsDecodedWhenItIsWholeHex) {
  Arena arena;
  EXPECT_EQ(decode_audit_hex("2F62696E2F7368", arena), "/bin/sh");
  EXPECT_EQ(decode_audit_hex("6C73002D6C", arena), "ls -l");
  EXPECT_EQ(decode_audit_hex("ff", arena), "\xEF\xBF\xBD");
  for (const char* other : {"", "2", "2G", "123", "(null)", "/bin/sh"}) {
    EXPECT_FALSE(decode_audit_hex(other, arena).has_value()) << other;
  }
}

}  // namespace
}  // namespace catena::codec
