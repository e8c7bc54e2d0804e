// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/result.h"

#include "engine/base/json_writer.h"

namespace catena::harness {
namespace {

constexpr int kDecimals = 9;

void write_summary(JsonWriter& json, std::string_view name, const Summary& summary) {
  json.key(name).begin_object();
  json.key("median").fixed(summary.median, kDecimals);
  json.key("min").fixed(summary.min, kDecimals);
  json.key("max").fixed(summary.max, kDecimals);
  json.key("mad").fixed(summary.mad, kDecimals).end_object();
}

void write_latency(JsonWriter& json, const Latency& latency) {
  json.key("latency").begin_object();
  json.key("offered_rate").fixed(latency.offered_rate, 1);
  json.key("events").unsigned_integer(latency.events);
  json.key("p50_ns").unsigned_integer(latency.p50);
  json.key("p90_ns").unsigned_integer(latency.p90);
  json.key("p99_ns").unsigned_integer(latency.p99);
  json.key("p999_ns").unsigned_integer(latency.p999);
  json.key("max_ns").unsigned_integer(latency.max);
  json.key("behind_seconds").fixed(latency.behind_seconds, kDecimals).end_object();
}

void write_costs(JsonWriter& json, const BenchResult& result) {
  json.key("stages").begin_array();
  for (const StageTime& stage : result.stages) {
    json.begin_object().member("name", stage.name);
    write_summary(json, "ns_per_event", stage.ns_per_event);
    json.end_object();
  }
  json.end_array();
  json.key("allocations_per_event");
  result.allocations_per_event ? json.fixed(*result.allocations_per_event, kDecimals) : json.null();
  json.key("peak_memory").unsigned_integer(result.peak_memory);
  json.key("loaded_memory").unsigned_integer(result.loaded_memory);
  json.key("hardware_per_event").begin_object();
  for (const auto& [name, value] : result.hardware) json.key(name).fixed(value, 3);
  json.end_object();
}

}  // namespace

double BenchResult::events_per_second() const {
  return seconds.median > 0 ? static_cast<double>(events) / seconds.median : 0;
}

double BenchResult::bytes_per_second() const {
  return seconds.median > 0 ? static_cast<double>(bytes) / seconds.median : 0;
}

double BenchResult::per_event(double amount) const {
  return events > 0 ? amount / static_cast<double>(events) : 0;
}

std::string to_json(const BenchResult& result) {
  JsonWriter json;
  json.begin_object().member("kind", "bench").key("schema").integer(kResultSchemaVersion);
  json.member("bench", result.kind).member("lane", result.lane).member("label", result.label);
  json.member("cpu", result.machine.cpu).key("cores").unsigned_integer(result.machine.cores);
  json.member("clock", result.clock);
  json.key("threads").unsigned_integer(result.threads);
  json.key("repetitions").unsigned_integer(result.repetitions);
  json.key("rules").unsigned_integer(result.rules);
  json.key("plans").unsigned_integer(result.plans);
  json.key("events").unsigned_integer(result.events);
  json.key("bytes").unsigned_integer(result.bytes);
  json.key("dead_letters").unsigned_integer(result.dead_letters);
  json.key("candidates").unsigned_integer(result.counts.candidates);
  json.key("matches").unsigned_integer(result.counts.matches);
  json.key("values_found").unsigned_integer(result.counts.values_found);
  json.key("values_missed").unsigned_integer(result.counts.values_missed);
  json.key("values_left").unsigned_integer(result.counts.values_left);
  json.key("events_per_second").fixed(result.events_per_second(), 1);
  json.key("bytes_per_second").fixed(result.bytes_per_second(), 1);
  write_summary(json, "seconds", result.seconds);
  write_summary(json, "walk_seconds", result.walk_seconds);
  write_summary(json, "walk_ratio", result.walk_ratio);
  json.key("walked_share").fixed(result.walked_share, kDecimals);
  write_costs(json, result);
  if (result.latency) write_latency(json, *result.latency);
  json.end_object();
  return json.take();
}

}  // namespace catena::harness
