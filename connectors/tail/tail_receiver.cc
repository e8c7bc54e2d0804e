// SPDX-License-Identifier: Apache-2.0
#include "connectors/tail/tail_receiver.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "connectors/tail/followed_file.h"

namespace catena::tail {

namespace {

constexpr std::string_view kStateHead = "catena tail 1";

void add(net::Figures::Count& count, std::uint64_t value) noexcept {
  count.fetch_add(value, std::memory_order_relaxed);
}

// Lines "DEVICE INODE OFFSET PATH" behind a head.
Result<std::map<std::string, Position>> read_state(const std::string& path) {
  std::map<std::string, Position> positions;
  std::ifstream file(path);
  if (!file) {
    if (::access(path.c_str(), F_OK) == 0) return io_error(path + ": cannot be read");
    return positions;
  }
  std::string line;
  if (!std::getline(file, line) || line != kStateHead) return corrupt(path + ": no positions");
  for (int number = 2; std::getline(file, line); ++number) {
    std::istringstream words(line);
    Position position;
    std::string name;
    if (!(words >> position.device >> position.inode >> position.offset) || words.get() != ' ' ||
        !std::getline(words, name)) {
      return corrupt(path + ":" + std::to_string(number) + ": no position");
    }
    positions[name] = position;
  }
  return positions;
}

// Whole or not at all: written beside, synced, renamed.
Status write_state(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return io_error(beside + ": " + std::strerror(errno));
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fdatasync(file) == 0;
  ::close(file);
  if (!written || std::rename(beside.c_str(), path.c_str()) != 0) {
    return io_error(path + ": " + std::strerror(errno));
  }
  return ok_status();
}

// One answer on its way from the journal's thread. Outlives the receiver in a late one.
struct Mailbox {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<pipeline::Outcome> answer;
  bool stopping = false;
};

}  // namespace

class TailReceiver::Running {
 public:
  Running(TailOptions options, pipeline::ReceiverPort& port)
      : options_(std::move(options)), port_(port) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }

  Status start();
  void stop();
  [[nodiscard]] const TailOptions& options() const noexcept { return options_; }
  [[nodiscard]] const net::Figures& figures() const noexcept { return figures_; }

 private:
  void run();
  bool follow(FollowedFile& file);
  std::optional<pipeline::Outcome> offer(const FollowedFile& file, net::RecordBuffer& records);
  // False when it is time to end.
  bool pause();
  Status keep_positions();

  TailOptions options_;
  pipeline::ReceiverPort& port_;
  net::Figures figures_;
  std::vector<std::unique_ptr<FollowedFile>> files_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::thread thread_;
};

Status TailReceiver::Running::start() {
  ASSIGN_OR_RETURN(const auto positions, read_state(options_.state_file));
  for (const std::string& path : options_.paths) {
    const auto known = positions.find(path);
    files_.push_back(std::make_unique<FollowedFile>(
        path, known == positions.end() ? Position{} : known->second, options_.max_line_bytes));
  }
  RETURN_IF_ERROR(keep_positions());
  thread_ = std::thread([this]() { run(); });
  return ok_status();
}

void TailReceiver::Running::stop() {
  {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->stopping = true;
  }
  mailbox_->changed.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status TailReceiver::Running::keep_positions() {
  std::string text(kStateHead);
  text += '\n';
  for (const auto& file : files_) {
    const Position& at = file->position();
    if (at.inode == 0) continue;
    text += std::to_string(at.device) + " " + std::to_string(at.inode) + " " +
            std::to_string(at.offset) + " " + file->path() + "\n";
  }
  return write_state(options_.state_file, text);
}

bool TailReceiver::Running::pause() {
  std::unique_lock lock(mailbox_->mutex);
  return !mailbox_->changed.wait_for(lock, options_.interval,
                                     [this] { return mailbox_->stopping; });
}

void TailReceiver::Running::run() {
  bool more = true;
  while (more || pause()) {
    more = false;
    for (const auto& file : files_) more = follow(*file) || more;
    const std::lock_guard lock(mailbox_->mutex);
    if (mailbox_->stopping) break;
  }
}

// True when the file may have more.
bool TailReceiver::Running::follow(FollowedFile& file) {
  if (port_.overloaded() || port_.stopping()) return false;
  net::RecordBuffer records(options_.max_line_bytes);
  if (!file.read(records).ok()) {
    add(figures_.protocol_errors_total, 1);
    return false;
  }
  if (records.empty()) return false;
  add(figures_.records_total, records.count());
  add(figures_.received_bytes_total, records.bytes());
  const std::optional<pipeline::Outcome> outcome = offer(file, records);
  const bool durable = outcome == pipeline::Outcome::kDurable;
  if (durable) add(figures_.records_durable_total, records.count());
  if (outcome == pipeline::Outcome::kRefused) {
    add(figures_.records_refused_total, records.count());
  }
  if (!durable && outcome != pipeline::Outcome::kRefused) {
    // Read again later, as if for the first time.
    figures_.records_total.fetch_sub(records.count(), std::memory_order_relaxed);
    add(figures_.offers_repeated_total, 1);
    return false;
  }
  file.settled();
  if (!keep_positions().ok()) add(figures_.protocol_errors_total, 1);
  return true;
}

// Nothing when it is time to end before the answer comes.
std::optional<pipeline::Outcome> TailReceiver::Running::offer(const FollowedFile& file,
                                                              net::RecordBuffer& records) {
  {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->answer.reset();
  }
  const std::string_view peer = std::string_view(file.path()).substr(0, pipeline::kMaxPeerBytes);
  port_.offer({options_.name, peer, records.records()},
              [mailbox = mailbox_](const pipeline::Answer& answer) {
                const std::lock_guard lock(mailbox->mutex);
                mailbox->answer = answer.outcome;
                mailbox->changed.notify_all();
              });
  std::unique_lock lock(mailbox_->mutex);
  mailbox_->changed.wait(lock, [this] { return mailbox_->answer || mailbox_->stopping; });
  return mailbox_->answer;
}

TailReceiver::TailReceiver(TailOptions options, pipeline::ReceiverPort& port)
    : running_(std::make_unique<Running>(std::move(options), port)) {}

TailReceiver::~TailReceiver() = default;

std::string_view TailReceiver::name() const noexcept { return running_->options().name; }
Status TailReceiver::start() { return running_->start(); }
void TailReceiver::drain() {}  // the port says that it is stopping
void TailReceiver::stop() { running_->stop(); }

void TailReceiver::for_each_figure(
    const std::function<void(std::string_view name, std::uint64_t value)>& visit) const {
  running_->figures().for_each(visit);
}

}  // namespace catena::tail
