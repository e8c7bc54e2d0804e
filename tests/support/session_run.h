// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/net/stream_session.h"

// SessionRun drives one StreamSession as the server would, without a socket: bytes in, in pieces of
// any size; every offer is settled with the answer it is told, in order, at once or later.
// Thread safety: none.
namespace catena::tests {

class SessionRun {
 public:
  explicit SessionRun(net::StreamSession& session,
                      pipeline::Outcome outcome = pipeline::Outcome::kDurable)
      : session_(session), outcome_(outcome) {
    net::Turn turn;
    session_.begin("192.0.2.7:40000", turn);
    apply(turn);
  }

  // Of the offers from now on.
  void answer_with(pipeline::Outcome outcome) { outcome_ = outcome; }
  void settle_later() { settles_ = false; }
  void settle_all() {
    settles_ = true;
    settle();
  }

  // Sends `bytes` in pieces of `piece` bytes.
  void send(std::string_view bytes, std::size_t piece = std::string_view::npos) {
    waiting_.append(bytes);
    take_input(piece);
  }
  // Sends `bytes` in two parts.
  void send_split(std::string_view bytes, std::size_t at) {
    send(bytes.substr(0, at));
    send(bytes.substr(at));
  }
  void end() {
    if (closed || finished) return;
    net::Turn turn;
    session_.end_of_input(turn);
    apply(turn);
  }
  void still_waiting() {
    net::Turn turn;
    session_.still_waiting(turn);
    apply(turn);
  }
  void stop() {
    net::Turn turn;
    session_.stopping(turn);
    apply(turn);
  }
  // What was answered since the last call.
  std::string take_answer() { return std::exchange(answer, std::string()); }

  std::string answer;
  std::vector<std::string> records;       // of all offers
  std::vector<pipeline::Record> details;  // of the same, without their bytes
  std::size_t offers = 0;
  bool closed = false;
  bool finished = false;
  std::string problem;

 private:
  void take_input(std::size_t piece) {
    while (!waiting_.empty() && !closed && !finished && session_.wants_input()) {
      const std::size_t size = std::min(piece, waiting_.size());
      const std::string part = waiting_.substr(0, size);  // exact size, for the sanitizer
      waiting_.erase(0, size);
      net::Turn turn;
      session_.receive(part, turn);
      apply(turn);
    }
  }

  void apply(net::Turn& turn) {
    answer += turn.answer;
    closed = closed || turn.close;
    finished = finished || turn.finish;
    if (!turn.problem.empty()) problem = turn.problem;
    for (net::RecordBuffer& offer : turn.offers) {
      ++offers;
      for (const pipeline::Record& record : offer.records()) {
        records.emplace_back(record.bytes);
        details.push_back({{}, record.refused, record.shortened});
      }
      pending_.push_back({outcome_, ok_status()});
    }
    if (settles_) settle();
  }

  void settle() {
    if (settling_) return;
    settling_ = true;
    while (!pending_.empty() && !closed) {
      const pipeline::Answer next = pending_.front();
      pending_.erase(pending_.begin());
      net::Turn turn;
      session_.settle(next, turn);
      apply(turn);
    }
    settling_ = false;
    take_input(std::string_view::npos);
  }

  net::StreamSession& session_;
  pipeline::Outcome outcome_;
  std::string waiting_;  // sent, but the session does not want it yet
  std::vector<pipeline::Answer> pending_;
  bool settles_ = true;
  bool settling_ = false;
};

}  // namespace catena::tests
