// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// A list of processors as people write it ("0,2-5", the form of taskset and /sys), and binding a
// thread to one of them. It does not know about NUMA nodes: memory lies where the thread that
// touches it first runs, so a thread that is bound before it makes its buffers has them near.
// Thread safety: pure, apart from bind_to_cpu, which changes the calling thread.
namespace catena::pipeline {

// Processors are numbered below this, as far as the kernel's fixed-size mask goes.
inline constexpr unsigned kMaxCpus = 1024;
// Characters of a list.
inline constexpr std::size_t kMaxCpuListBytes = 8192;

// In the order written; a processor may come once. kInvalidInput with the wrong part otherwise.
Result<std::vector<unsigned>> parse_cpu_list(std::string_view text);

// kInvalidInput when a processor is not there or not allowed to this process.
Status check_cpus(const std::vector<unsigned>& cpus);

// Binds the calling thread to one processor, for the rest of its life.
Status bind_to_cpu(unsigned cpu);

}  // namespace catena::pipeline
