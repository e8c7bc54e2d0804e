// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/figures.h"
#include "engine/pipeline/receiver.h"

// TailReceiver follows log files (followed_file.h) and offers their lines. How far each file is
// durable is kept in a file of its own, written when it changed and at the end, so another life of
// the daemon goes on there; what it may read twice is found once. While the daemon has no room it
// waits: the files keep what is not read.
// Thread safety: the methods of Receiver from any one thread; for_each_figure from any. Ownership:
// owns its thread; the port outlives it.
namespace catena::tail {

struct TailOptions {
  std::string name;
  std::vector<std::string> paths;
  std::string state_file;  // its folder is there
  std::size_t max_line_bytes = std::size_t{64} * 1024;
  // Between two looks at files that had nothing new, and after an offer was not taken.
  std::chrono::milliseconds interval{250};
};

class TailReceiver final : public pipeline::Receiver {
 public:
  TailReceiver(TailOptions options, pipeline::ReceiverPort& port);
  ~TailReceiver() override;

  [[nodiscard]] std::string_view name() const noexcept override;
  // kIo or kCorrupt for a state file that cannot be read or written.
  Status start() override;
  void drain() override;
  void stop() override;
  void for_each_figure(
      const std::function<void(std::string_view name, std::uint64_t value)>& visit) const override;

 private:
  class Running;
  std::unique_ptr<Running> running_;
};

}  // namespace catena::tail
