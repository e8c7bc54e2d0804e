// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/cpu_list.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

namespace catena::pipeline {
namespace {

static_assert(kMaxCpus <= CPU_SETSIZE);

Status bad_part(std::string_view part) {
  return invalid_input("'" + std::string(part.substr(0, 32)) + "' is not a processor below " +
                       std::to_string(kMaxCpus) + " or a range of them");
}

bool parse_cpu(std::string_view text, unsigned& cpu) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cpu);
  return error == std::errc() && end == text.data() + text.size() && cpu < kMaxCpus;
}

Status add_part(std::string_view part, std::vector<unsigned>& cpus) {
  const std::size_t dash = part.find('-');
  unsigned first = 0;
  unsigned last = 0;
  if (!parse_cpu(part.substr(0, dash), first)) return bad_part(part);
  last = first;
  if (dash != std::string_view::npos && !parse_cpu(part.substr(dash + 1), last)) {
    return bad_part(part);
  }
  if (last < first) return invalid_input("'" + std::string(part) + "' counts down");
  for (unsigned cpu = first; cpu <= last; ++cpu) {
    if (std::find(cpus.begin(), cpus.end(), cpu) != cpus.end()) {
      return invalid_input("processor " + std::to_string(cpu) + " is listed twice");
    }
    cpus.push_back(cpu);
  }
  return ok_status();
}

}  // namespace

Result<std::vector<unsigned>> parse_cpu_list(std::string_view text) {
  if (text.size() > kMaxCpuListBytes) {
    return invalid_input("a list of processors has at most " + std::to_string(kMaxCpuListBytes) +
                         " characters");
  }
  std::vector<unsigned> cpus;
  while (true) {
    const std::size_t comma = text.find(',');
    RETURN_IF_ERROR(add_part(text.substr(0, comma), cpus));
    if (comma == std::string_view::npos) return cpus;
    text.remove_prefix(comma + 1);
  }
}

Status check_cpus(const std::vector<unsigned>& cpus) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
    return io_error("allowed processors: " + std::generic_category().message(errno));
  }
  for (const unsigned cpu : cpus) {
    if (cpu >= kMaxCpus || !CPU_ISSET(cpu, &allowed)) {
      return invalid_input("processor " + std::to_string(cpu) +
                           " is not there or not allowed to this process");
    }
  }
  return ok_status();
}

Status bind_to_cpu(unsigned cpu) {
  if (cpu >= kMaxCpus) return invalid_input("no processor " + std::to_string(cpu));
  cpu_set_t mask;
  CPU_ZERO(&mask);
  CPU_SET(cpu, &mask);
  if (sched_setaffinity(0, sizeof(mask), &mask) == 0) return ok_status();
  return io_error("processor " + std::to_string(cpu) + ": " +
                  std::generic_category().message(errno));
}

}  // namespace catena::pipeline
