// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/admin_pages.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/json_writer.h"

namespace catena::daemon {
namespace {

constexpr std::uint64_t kMaxListed = 1'000;
constexpr std::uint64_t kListedByDefault = 100;
constexpr std::size_t kExcerptBytes = 256;
constexpr std::chrono::seconds kRequeueWait{5};

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t parameter(std::string_view query, std::string_view name, std::uint64_t fallback) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return number_of(pair.substr(equals + 1)).value_or(fallback);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return fallback;
}

AdminAnswer problem(unsigned status, std::string_view text) {
  JsonWriter json;
  json.begin_object().member("error", text).end_object();
  return {status, json.take() + "\n"};
}

void write_letter(JsonWriter& json, const storage::KeptLetter& letter, std::size_t most) {
  json.begin_object().member("kind", "dead_letter").key("schema").integer(1);
  json.key("record").unsigned_integer(letter.record);
  json.member("reason", dead_letter_reason_name(letter.reason));
  json.member("received", format_iso8601(letter.received_at));
  json.member("listener", letter.listener).member("peer", letter.peer);
  if (!letter.detail.empty()) json.member("detail", letter.detail);
  if (!letter.rule.empty()) json.member("rule", letter.rule);
  json.key("bytes").unsigned_integer(letter.bytes.size());
  json.member(most < letter.bytes.size() ? "excerpt" : "content",
              std::string_view(letter.bytes).substr(0, most));
  json.end_object();
}

// One metric family after the other.
class Metrics {
 public:
  void family(std::string_view name, std::string_view help) {
    const bool total = name.size() > 6 && name.substr(name.size() - 6) == "_total";
    text_ += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " +
             std::string(name) + (total ? " counter\n" : " gauge\n");
  }
  void value(std::string_view name, std::string_view labels, std::uint64_t value) {
    text_ += name;
    if (!labels.empty()) text_ += "{" + std::string(labels) + "}";
    text_ += " " + std::to_string(value) + "\n";
  }
  void one(std::string_view name, std::string_view help, std::uint64_t number) {
    family(name, help);
    value(name, "", number);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_journal(Metrics& out, const storage::JournalFigures& journal) {
  out.family("catena_received_records_total", "offered by receivers; the outcomes add up to it");
  out.value("catena_received_records_total", "", journal.offered_records);
  out.family("catena_records_total", "records by what their sender was answered");
  out.value("catena_records_total", "outcome=\"acknowledged\"", journal.durable_records);
  out.value("catena_records_total", "outcome=\"refused\"", journal.refused_records);
  out.value("catena_records_total", "outcome=\"overloaded\"", journal.overloaded_records);
  out.value("catena_records_total", "outcome=\"failed\"", journal.failed_records);
  out.one("catena_records_in_flight", "offered and not yet answered", journal.waiting_records);
  out.one("catena_received_bytes_total", "bytes of records taken", journal.offered_bytes);
  out.one("catena_journal_syncs_total", "groups made durable", journal.groups);
  out.one("catena_journal_failures_total", "groups that could not be", journal.failures);
  out.one("catena_journal_writable", "1 when the journal can be written",
          journal.failure.empty() ? 1 : 0);
  out.one("catena_journal_bytes", "on disk", journal.bytes_on_disk);
  out.one("catena_journal_segments", "files", journal.segments);
  out.one("catena_journal_next_record", "number of the next record", journal.next_record);
  out.one("catena_journal_torn_bytes", "behind the last whole block, found at the start",
          journal.torn_bytes);
  out.one("catena_journal_damaged_bytes", "between whole blocks, found at the start",
          journal.damaged_bytes);
}

void add_evaluation(Metrics& out, const LiveFigures& live, std::uint64_t next_record) {
  out.one("catena_evaluated_records_total", "in committed epochs", live.evaluated);
  out.family("catena_dead_letters_total", "records that could not be evaluated, by reason");
  for (std::size_t i = 0; i < live.dead_letters.size(); ++i) {
    const auto name = dead_letter_reason_name(static_cast<DeadLetterReason>(i));
    out.value("catena_dead_letters_total", "reason=\"" + std::string(name) + "\"",
              live.dead_letters[i]);
  }
  const std::uint64_t cursor = live.cursor;
  out.one("catena_cursor_record", "records below it are evaluated and that is durable", cursor);
  out.one("catena_pending_records", "acknowledged and not yet evaluated",
          next_record > cursor ? next_record - cursor : 0);
  out.one("catena_shortened_records_total", "cut at a limit, evaluated", live.shortened);
  out.one("catena_missing_records_total", "damaged in the journal", live.missing_records);
  out.one("catena_rebuilt_records_total", "read again to be remembered", live.rebuilt_records);
  out.one("catena_detections_total", "new ones", live.detections);
  out.one("catena_chain_changes_total", "chains new or changed, by epoch", live.chains_changed);
  out.one("catena_epochs_total", "committed", live.epochs);
  out.one("catena_epoch_commit_nanoseconds_total", "time of all commits", live.commit_nanoseconds);
  out.one("catena_correlation_groups", "held by correlations", live.correlation_groups);
  out.one("catena_correlation_waiting", "matches that wait for their time",
          live.correlation_waiting);
  out.one("catena_correlation_late_total", "matches beyond the lateness", live.correlation_late);
  out.one("catena_quarantined_rules", "rules that asked for too much", live.quarantined_rules);
  out.one("catena_evaluation_failures_total", "lives of the evaluation that failed", live.failures);
}

}  // namespace

std::string metrics_text(Daemon& daemon, const std::string& version) {
  Metrics out;
  out.family("catena_build_info", "the program");
  out.value("catena_build_info", "version=\"" + version + "\"", 1);
  out.one("catena_ready", "1 when records are taken and evaluated", daemon.ready() ? 1 : 0);
  const storage::JournalFigures journal = daemon.journal().figures();
  add_journal(out, journal);
  add_evaluation(out, daemon.figures(), journal.next_record);
  const auto letters = daemon.dead_letters().figures();
  out.one("catena_dead_letters_kept", "in the dead-letter store", letters.letters);
  out.one("catena_dead_letters_dropped_total", "oldest ones, for want of room", letters.dropped);
  const auto rules = daemon.rules();
  out.one("catena_rules", "loaded", rules->rules);
  out.one("catena_rules_refused", "that could not be loaded", rules->refused);
  out.one("catena_reloads_total", "of rules and certificates", daemon.reloads());
  out.one("catena_failed_reloads_total", "after which everything stayed as it was",
          daemon.failed_reloads());
  // By family, as the format wants it.
  std::map<std::string, std::string> receivers;
  for (const auto& receiver : daemon.receivers()) {
    receiver->for_each_figure([&](std::string_view name, std::uint64_t value) {
      const std::string family = "catena_receiver_" + std::string(name);
      receivers[family] += family + "{listener=\"" + std::string(receiver->name()) + "\"} " +
                           std::to_string(value) + "\n";
    });
  }
  std::string text = out.take();
  for (const auto& [family, lines] : receivers) {
    const bool total = family.size() > 6 && family.substr(family.size() - 6) == "_total";
    text += "# TYPE " + family + (total ? " counter\n" : " gauge\n") + lines;
  }
  return text;
}

AdminAnswer AdminPages::ready() const {
  const std::string failure = daemon_.journal().figures().failure;
  if (!daemon_.ready()) return problem(503, "starting, catching up, or stopping");
  if (!failure.empty()) return problem(503, "the journal cannot be written: " + failure);
  return {200, "{\"ready\":true}\n"};
}

AdminAnswer AdminPages::status() const {
  const storage::JournalFigures journal = daemon_.journal().figures();
  const LiveFigures& live = daemon_.figures();
  std::uint64_t dead = 0;
  for (const auto& count : live.dead_letters) dead += count;
  const auto rules = daemon_.rules();
  const std::uint64_t cursor = live.cursor;
  JsonWriter json;
  json.begin_object().member("kind", "status").key("schema").integer(1);
  json.member("version", version_).key("ready").boolean(daemon_.ready());
  const auto number = [&](std::string_view name, std::uint64_t value) {
    json.key(name).unsigned_integer(value);
  };
  number("received", journal.offered_records);
  number("acknowledged", journal.durable_records);
  number("refused", journal.refused_records);
  number("overloaded", journal.overloaded_records);
  number("failed", journal.failed_records);
  number("evaluated", live.evaluated);
  number("dead_letters", dead);
  number("pending", journal.next_record > cursor ? journal.next_record - cursor : 0);
  number("missing", live.missing_records);
  number("detections", live.detections);
  number("journal_bytes", journal.bytes_on_disk);
  number("rules", rules->rules);
  number("rules_refused", rules->refused);
  if (!journal.failure.empty()) json.member("journal_failure", journal.failure);
  json.key("listeners").begin_array();
  for (const auto& receiver : daemon_.receivers()) json.string(receiver->name());
  json.end_array().end_object();
  return {200, json.take() + "\n"};
}

AdminAnswer AdminPages::letters(const std::string& query) const {
  const std::uint64_t after = parameter(query, "after", 0);
  std::uint64_t left = std::min(parameter(query, "limit", kListedByDefault), kMaxListed);
  std::string lines;
  const Status read = daemon_.dead_letters().for_each([&](const storage::KeptLetter& letter) {
    if (letter.record <= after) return true;
    if (left-- == 0) return false;
    JsonWriter json;
    write_letter(json, letter, kExcerptBytes);
    lines += json.take() + "\n";
    return true;
  });
  if (!read.ok()) return problem(500, read.message());
  return {200, std::move(lines), "application/x-ndjson"};
}

AdminAnswer AdminPages::letter(std::uint64_t record) const {
  const auto found = daemon_.dead_letters().get(record);
  if (!found.ok()) return problem(500, found.status().message());
  if (!found->has_value()) return problem(404, "no dead letter " + std::to_string(record));
  JsonWriter json;
  write_letter(json, **found, (*found)->bytes.size());
  return {200, json.take() + "\n"};
}

// The letter goes only when its record is durable in the journal again; a crash in between leaves
// both, and the record is the same event as before.
AdminAnswer AdminPages::requeue(std::uint64_t record) const {
  const auto found = daemon_.dead_letters().get(record);
  if (!found.ok()) return problem(500, found.status().message());
  if (!found->has_value()) return problem(404, "no dead letter " + std::to_string(record));
  const storage::KeptLetter& letter = **found;
  const auto answered = std::make_shared<std::promise<pipeline::Answer>>();
  auto answer = answered->get_future();
  const pipeline::Record again{letter.bytes, std::nullopt, false};
  daemon_.journal().offer(
      {letter.listener, letter.peer, {&again, 1}},
      [answered](const pipeline::Answer& outcome) { answered->set_value(outcome); });
  if (answer.wait_for(kRequeueWait) != std::future_status::ready) {
    return problem(503, "not durable yet; the letter stays");
  }
  const pipeline::Answer outcome = answer.get();
  if (outcome.outcome != pipeline::Outcome::kDurable) return problem(503, outcome.reason.message());
  const Status removed = daemon_.dead_letters().remove(record);
  if (!removed.ok()) return problem(500, removed.message());
  return {200, "{\"requeued\":" + std::to_string(record) + "}\n"};
}

AdminAnswer AdminPages::answer(const AdminRequest& request) const {
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  const std::string_view path = std::string_view(request.target).substr(0, mark);
  const std::string query = request.target.substr(std::min(mark + 1, request.target.size()));
  const bool get = request.method == "GET";
  constexpr std::string_view kLetters = "/dead-letters";
  if (get && path == "/healthz") return {200, "{\"healthy\":true}\n"};
  if (get && path == "/readyz") return ready();
  if (get && path == "/status") return status();
  if (get && path == "/metrics") {
    return {200, metrics_text(daemon_, version_), "text/plain; version=0.0.4"};
  }
  if (get && path == kLetters) return letters(query);
  if (path.rfind("/dead-letters/", 0) == 0) {
    std::string_view rest = path.substr(kLetters.size() + 1);
    constexpr std::string_view kRequeue = "/requeue";
    const bool again =
        rest.size() > kRequeue.size() && rest.substr(rest.size() - kRequeue.size()) == kRequeue;
    if (again) rest.remove_suffix(kRequeue.size());
    const auto record = number_of(rest);
    if (record && again && request.method == "POST") return requeue(*record);
    if (record && !again && get) return letter(*record);
  }
  return problem(get || request.method == "POST" ? 404 : 405, "nothing here");
}

}  // namespace catena::daemon
