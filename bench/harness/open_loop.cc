// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/open_loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "engine/pipeline/batch_pipeline.h"

namespace catena::harness {
namespace {

// A batch on its way: which, and the number of its first event.
struct Sending {
  std::size_t batch;
  std::uint64_t first_event;
};

// The batches, over and over, until the time is full.
std::vector<Sending> plan_sendings(const LoadedEvents& events, double rate) {
  constexpr double kMaxEvents = 1e8;
  const double wanted = std::min(rate * kOpenLoopSeconds, kMaxEvents);
  std::vector<Sending> sendings;
  std::uint64_t sent = 0;
  do {
    for (std::size_t i = 0; i < events.batch_count(); ++i) {
      sendings.push_back({i, sent});
      sent += events.events_in(i);
      if (static_cast<double>(sent) >= wanted) return sendings;
    }
  } while (sent > 0);
  return sendings;
}

void wait_until(double moment) {
  // Sleep while it is long, then look at the clock: a sleep alone wakes late.
  constexpr double kSpinSeconds = 0.0002;
  for (double left = moment - wall_seconds(); left > 0; left = moment - wall_seconds()) {
    if (left > kSpinSeconds) {
      std::this_thread::sleep_for(std::chrono::duration<double>(left - kSpinSeconds));
    }
  }
}

void count_events(LatencyHistogram& histogram, double first_due, double done, double rate,
                  std::uint64_t events) {
  for (std::uint64_t i = 0; i < events; ++i) {
    const double due = first_due + static_cast<double>(i) / rate;
    histogram.add(static_cast<std::uint64_t>(std::max(0.0, done - due) * 1e9));
  }
}

}  // namespace

Result<Latency> run_open_loop(LoadedEvents& events,
                              const std::vector<std::unique_ptr<StageWorker>>& workers,
                              double rate) {
  if (!(rate > 0)) return invalid_input("the offered rate must be positive");
  const std::vector<Sending> sendings = plan_sendings(events, rate);
  std::vector<std::mutex> lent(events.batch_count());  // a batch may come round before it is back
  LatencyHistogram histogram;
  std::mutex mutex;
  Status failure;
  double behind = 0;
  std::atomic<std::size_t> next{0};
  const double start = wall_seconds() + 0.01;
  const auto body = [&](std::size_t worker) {
    EventBatch batch;
    LatencyHistogram own;
    for (std::size_t i = next++; i < sendings.size(); i = next++) {
      if (wall_seconds() > start + kMaxOpenLoopSeconds) break;
      const Sending& sending = sendings[i];
      const std::uint64_t count = events.events_in(sending.batch);
      const double first_due = start + static_cast<double>(sending.first_event) / rate;
      wait_until(first_due + static_cast<double>(count > 0 ? count - 1 : 0) / rate);
      const std::lock_guard batch_lock(lent[sending.batch]);
      events.lend(sending.batch, batch);
      Status status = workers[worker]->work(batch);
      const double done = wall_seconds();
      events.give_back(sending.batch, batch);
      count_events(own, first_due, done, rate, count);
      const std::lock_guard lock(mutex);
      const double due = first_due + static_cast<double>(count) / rate;
      behind = std::max(behind, done - due);
      if (!status.ok()) failure = std::move(status);
    }
    const std::lock_guard lock(mutex);
    histogram.add(own);
  };
  RETURN_IF_ERROR(pipeline::run_on_threads(workers.size(), false, body, [] {}));
  RETURN_IF_ERROR(failure);
  return Latency{rate,
                 histogram.count(),
                 histogram.percentile(0.5),
                 histogram.percentile(0.9),
                 histogram.percentile(0.99),
                 histogram.percentile(0.999),
                 histogram.max(),
                 behind};
}

}  // namespace catena::harness
