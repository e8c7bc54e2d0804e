// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/event_stream.h"

#include <algorithm>

namespace catena::generator {
namespace {

// 2026-01-05T08:00:00Z, a Monday.
constexpr Timestamp kStart = 1'767'600'000 * kNanosPerSecond;
constexpr double kMillion = 1'000'000;

// Process creation per million where nothing else is asked for.
constexpr std::uint32_t kWindowsStarts = 4'000;  // 0.4 %, as in recorded networks
constexpr std::uint32_t kLinuxStarts = 150'000;

std::uint32_t per_million(double share) {
  return static_cast<std::uint32_t>(std::clamp(share, 0.0, 1.0) * kMillion + 0.5);
}

}  // namespace

const std::map<std::string, Mix>& mix_names() {
  static const std::map<std::string, Mix> names = {{"windows", Mix::kWindows},
                                                   {"process", Mix::kProcess},
                                                   {"linux", Mix::kLinux},
                                                   {"cloud", Mix::kCloud},
                                                   {"all", Mix::kAll}};
  return names;
}

EventStream::EventStream(const StreamOptions& options)
    : options_(options),
      random_(options.seed),
      windows_(random_, std::min(options.event_bytes, kMaxEventBytes)),
      linux_(random_),
      cloud_(random_),
      time_(kStart) {}

Mix EventStream::kind_of_next() {
  if (options_.mix != Mix::kAll) return options_.mix;
  const std::uint64_t draw = random_.below(100);
  if (draw < 80) return Mix::kWindows;
  return draw < 92 ? Mix::kLinux : Mix::kCloud;
}

bool EventStream::is_process_start(Mix kind) {
  if (kind == Mix::kProcess) return true;
  if (options_.process_share) return random_.chance(per_million(*options_.process_share));
  return random_.chance(kind == Mix::kLinux ? kLinuxStarts : kWindowsStarts);
}

bool EventStream::next(std::string& out) {
  if (made_ >= options_.events) return false;
  // Steps of zero to two mean distances: event time goes at the wanted rate, unevenly.
  const auto mean = kNanosPerSecond /
                    static_cast<Timestamp>(std::max<std::uint64_t>(options_.events_per_second, 1));
  time_ += static_cast<Timestamp>(random_.below(static_cast<std::uint64_t>(2 * mean) + 1));
  const Mix kind = kind_of_next();
  const bool process_start = is_process_start(kind);
  // Attacks of the everyday mixes are of all kinds, not only the rare process creation.
  constexpr std::uint32_t kAttackStarts = 400'000;
  is_attack_ = random_.chance(per_million(options_.attack_share));
  const bool attack_start =
      kind == Mix::kProcess ||
      (options_.process_share ? process_start : random_.chance(kAttackStarts));
  lines_ = 1;
  switch (kind) {
    case Mix::kLinux:
      lines_ = is_attack_ ? linux_.add_attack(time_, attack_start, out)
                          : linux_.add_everyday(time_, process_start, out);
      break;
    case Mix::kCloud:
      is_attack_ ? cloud_.add_attack(time_, out) : cloud_.add_everyday(time_, out);
      break;
    default:
      is_attack_ ? windows_.add_attack(time_, attack_start, out)
                 : windows_.add_everyday(time_, process_start, out);
  }
  made_ += lines_;
  return true;
}

}  // namespace catena::generator
