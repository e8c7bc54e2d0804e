// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/windows_record.h"

#include <gtest/gtest.h>

namespace catena::generator {
namespace {

constexpr Timestamp kTime = 1'767'600'000 * kNanosPerSecond;

WindowsRecord record() {
  WindowsRecord made({"Security", "Auditing", "{guid}", 4688, "A process.", "0x0", true}, "ws-1",
                     kTime);
  made.add("Image", "C:\\a.exe", Need::kEssential).add("Hashes", std::string(300, 'F'));
  return made;
}

std::string written(WindowsShape shape, std::size_t bytes) {
  std::string out;
  record().write(shape, bytes, out);
  return out;
}

TEST(WindowsRecord, WritesOneLineWithItsMessage) {
  const std::string line = written(WindowsShape::kFlat, 0);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_NE(line.find(R"("EventID":4688)"), std::string::npos);
  EXPECT_NE(line.find(R"("Image":"C:\\a.exe")"), std::string::npos);
  EXPECT_NE(line.find(R"("Message":"A process.\r\n\tImage:\t\tC:\\a.exe)"), std::string::npos);
  EXPECT_NE(line.find(R"("TimeCreated":"2026-01-05T08:00:00.000Z")"), std::string::npos);
}

TEST(WindowsRecord, WritesWinlogbeatsForm) {
  const std::string line = written(WindowsShape::kWinlogbeat, 0);
  EXPECT_NE(line.find(R"("event_id":"4688")"), std::string::npos);
  EXPECT_NE(line.find(R"("event_data":{"Image":"C:\\a.exe")"), std::string::npos);
}

TEST(WindowsRecord, ComesToTheWantedSize) {
  for (const WindowsShape shape : {WindowsShape::kFlat, WindowsShape::kWinlogbeat}) {
    for (const std::size_t bytes : {1500UL, 4000UL, 60'000UL}) {
      EXPECT_NEAR(static_cast<double>(written(shape, bytes).size()), static_cast<double>(bytes),
                  0.02 * static_cast<double>(bytes));
    }
  }
}

TEST(WindowsRecord, KeepsTheEssentialWhenSmall) {
  const std::string line = written(WindowsShape::kFlat, 100);
  EXPECT_LT(line.size(), 200U);
  EXPECT_NE(line.find("Image"), std::string::npos);
  EXPECT_EQ(line.find("Hashes"), std::string::npos);
}

TEST(WindowsRecord, UtcTimeIsSysmons) { EXPECT_EQ(utc_time(kTime), "2026-01-05 08:00:00.000"); }

}  // namespace
}  // namespace catena::generator
