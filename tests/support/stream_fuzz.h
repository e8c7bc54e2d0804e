// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/session_run.h"

// What every session of a stream must hold for any bytes: however they are cut, the records, the
// answers and whether the connection ends are the same; no record is blank or longer than an offer
// allows; what is held is bounded by what was received.
namespace catena::tests {

// A session that refers to nothing.
template <typename Session>
struct Alone {
  template <typename Options>
  explicit Alone(Options options) : session(options) {}
  net::StreamSession& stream() noexcept { return session; }
  Session session;
};

struct StreamOutcome {
  std::vector<std::string> records;
  std::string answer;
  bool ended = false;
};

template <typename MakeSession>
StreamOutcome run_stream(MakeSession make, std::string_view bytes, std::size_t piece) {
  const auto fresh = make();  // a session, or something that has one and what it refers to
  net::StreamSession* const session = &fresh->stream();
  SessionRun run(*session);
  run.send(bytes, piece);
  // A body is expanded by bounds of its own; what waits for more bytes is at most those received.
  if (!run.closed && session->held_bytes() > 2 * bytes.size() + 4096) std::abort();
  for (const std::string& record : run.records) {
    if (record.size() > pipeline::kMaxOfferedRecordBytes) std::abort();
    if (record.find_first_not_of(" \t\r\n") == std::string::npos) std::abort();
  }
  return {run.records, run.answer, run.closed || run.finished};
}

// `comparable` takes out of an answer what may depend on how the bytes came.
template <typename MakeSession, typename Comparable>
void check_stream(MakeSession make, std::string_view bytes, Comparable comparable) {
  const StreamOutcome whole = run_stream(make, bytes, std::string_view::npos);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size() / 2 + 1}) {
    const StreamOutcome cut = run_stream(make, bytes, piece);
    if (cut.records != whole.records || comparable(cut.answer) != comparable(whole.answer) ||
        cut.ended != whole.ended) {
      std::abort();
    }
  }
}

template <typename MakeSession>
void check_stream(MakeSession make, std::string_view bytes) {
  check_stream(make, bytes, [](const std::string& answer) { return answer; });
}

}  // namespace catena::tests
