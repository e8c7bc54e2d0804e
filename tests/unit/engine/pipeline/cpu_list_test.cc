// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/cpu_list.h"

#include <sched.h>

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace catena::pipeline {
namespace {

using Cpus = std::vector<unsigned>;

TEST(CpuList, ReadsNumbersAndRangesInTheirOrder) {
  EXPECT_EQ(*parse_cpu_list("0"), Cpus{0});
  EXPECT_EQ(*parse_cpu_list("0,2-5"), (Cpus{0, 2, 3, 4, 5}));
  EXPECT_EQ(*parse_cpu_list("7,3-3,1"), (Cpus{7, 3, 1}));
  EXPECT_EQ(parse_cpu_list("0-1023")->size(), 1024U);
}

TEST(CpuList, SaysWhichPartIsWrong) {
  for (const char* bad : {"", ",", "1,", "a", "-1", "1-", "-", "1-2-3", " 1", "1024", "+1", "1x",
                          "99999999999999999999", "0-1024", "5-3", "1,1", "0-3,2"}) {
    const auto cpus = parse_cpu_list(bad);
    ASSERT_FALSE(cpus.ok()) << bad;
    EXPECT_EQ(cpus.status().code(), StatusCode::kInvalidInput) << bad;
  }
  EXPECT_NE(parse_cpu_list("0,a-b").status().message().find("'a-b'"), std::string::npos);
  EXPECT_NE(parse_cpu_list("3,1-4").status().message().find("3 is listed twice"),
            std::string::npos);
  EXPECT_FALSE(parse_cpu_list(std::string(kMaxCpuListBytes + 1, '1')).ok());
}

TEST(CpuList, BindsTheThreadToAnAllowedProcessor) {
  cpu_set_t allowed;
  ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
  unsigned last = 0;
  for (unsigned cpu = 0; cpu < kMaxCpus; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) last = cpu;
  }
  EXPECT_TRUE(check_cpus({last}).ok());
  std::thread([last] {
    ASSERT_TRUE(bind_to_cpu(last).ok());
    EXPECT_EQ(sched_getcpu(), static_cast<int>(last));
  }).join();
  // The thread's binding is its own.
  cpu_set_t after;
  ASSERT_EQ(sched_getaffinity(0, sizeof(after), &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&allowed, &after));
}

TEST(CpuList, RefusesAProcessorThatIsNotThere) {
  const Status status = check_cpus({kMaxCpus - 1});
  EXPECT_EQ(status.code(), StatusCode::kInvalidInput);
  EXPECT_NE(status.message().find("1023"), std::string::npos);
  EXPECT_FALSE(bind_to_cpu(kMaxCpus - 1).ok());
  EXPECT_FALSE(bind_to_cpu(kMaxCpus).ok());
}

}  // namespace
}  // namespace catena::pipeline
