// SPDX-License-Identifier: Apache-2.0
#include "connectors/file/file_source.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/layout.h"
#include "rules/mapping/mapping_pack.h"
#include "tests/support/decoding.h"
#include "tests/support/gzip_bytes.h"
#include "tests/support/scratch_folder.h"

namespace catena::file {
namespace {

using tests::Decoded;
using tests::Decoding;
using tests::ScratchFolder;

using tests::gzip;

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 19));
  return out;
}

class FileSourceTest : public testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    const std::string path = folder_.inside("log" + std::to_string(files_++));
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  struct Read {
    std::string bytes;  // all batches joined
    std::size_t batches = 0;
    std::vector<DeadLetterReason> letters;
    std::vector<std::uint64_t> letter_lines;
    bool ends_truncated = false;
    Status status;
  };

  static Read read(const std::string& path, FileSourceOptions options = {}) {
    Read out;
    auto source = FileSource::open(path, 3, options);
    if (!source.ok()) {
      out.status = source.status();
      return out;
    }
    EventBatch batch;
    std::uint64_t line = 1;
    while (true) {
      const auto more = (*source)->next(batch);
      if (!more.ok()) {
        out.status = more.status();
        return out;
      }
      if (!*more) return out;
      EXPECT_EQ(batch.source, 3U);
      EXPECT_GE(batch.first_line, line);
      line = batch.first_line;
      EXPECT_GE(batch.bytes.size(), batch.size + EventBatch::kPadding);
      ++out.batches;
      out.bytes += batch.received();
      for (const DeadLetter& letter : batch.dead_letters) {
        out.letters.push_back(letter.reason);
        out.letter_lines.push_back(letter.origin.line);
      }
      out.ends_truncated = out.ends_truncated || batch.ends_truncated;
    }
  }

  Decoded decode(const std::string& path, FileSourceOptions options) {
    auto source = FileSource::open(path, 0, options);
    EXPECT_TRUE(source.ok());
    Decoded out;
    EventBatch batch;
    while (true) {
      const auto more = (*source)->next(batch);
      if (!more.ok() || !*more) return out;
      decoding_.decode(batch, out);
    }
  }

  ScratchFolder folder_;
  Decoding decoding_{{"a", "message", "type"}};
  int files_ = 0;
};

std::string mixed_records(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    switch (i % 9) {
      case 0:
        text += "{\"a\":" + n + "}\n";
        break;
      case 1:
        text += "Jan  2 03:04:05 host sshd[" + n + "]: text\n";
        break;
      case 2:
        text += "{\n  \"a\": [\n    " + n + ",\n    2\n  ]\n}\n";
        break;
      case 3:
        text += "{\"a\":1}{\"a\":2}\n\n";
        break;
      case 4:
        text += "[{\"a\":" + n + "},\n {\"a\":\"x\"}]\n";
        break;
      case 5:
        text += "{\"a\": broken\n";
        break;
      case 6:
        text += "{\"a\":[{\"b\":1},\n";
        break;
      case 7:
        text += "type=SYSCALL msg=audit(1604996384.965:" + n + "): exe=\"/bin/x\" pid=1\n" +
                "type=EXECVE msg=audit(1604996384.965:" + n + "): argc=1 a0=\"x\"\n" +
                "type=CWD msg=audit(1604996384.965:" + n + "): cwd=\"/tmp\"\n";
        break;
      default:
        text += "plain " + n + "\r\n";
        break;
    }
  }
  return text;
}

TEST_F(FileSourceTest, DeliversEveryByteInOrder) {
  const std::string text = mixed_records(300);
  const Read whole = read(write(text));
  EXPECT_EQ(whole.bytes, text);
  EXPECT_EQ(whole.batches, 1U);
  FileSourceOptions small;
  small.batch_bytes = 500;
  const Read parts = read(write(text), small);
  EXPECT_EQ(parts.bytes, text);
  EXPECT_GT(parts.batches, 10U);
}

TEST_F(FileSourceTest, EventsDoNotDependOnTheCuts) {
  const std::string path = write(mixed_records(120));
  const Decoded whole = decode(path, {});
  ASSERT_GT(whole.events.size(), 100U);
  ASSERT_GT(whole.letters.size(), 20U);
  for (const std::size_t batch_bytes : {1U, 2U, 7U, 31U, 64U, 97U, 256U, 1000U, 4096U}) {
    FileSourceOptions options;
    options.batch_bytes = batch_bytes;
    const Decoded parts = decode(path, options);
    EXPECT_EQ(parts.events.size(), whole.events.size()) << batch_bytes;
    EXPECT_TRUE(parts.events == whole.events) << batch_bytes;
    EXPECT_TRUE(parts.letters == whole.letters) << batch_bytes;
  }
}

TEST_F(FileSourceTest, ArraysAreStreamed) {
  std::string text = "{\"Records\":[";
  for (int i = 0; i < 500; ++i) text += (i == 0 ? "{\"a\":" : ",{\"a\":") + std::to_string(i) + "}";
  const std::string path = write(text + "]}\n");
  FileSourceOptions small;
  small.batch_bytes = 100;
  const Decoded parts = decode(path, small);
  EXPECT_EQ(parts.events.size(), 500U);
  EXPECT_TRUE(parts.letters.empty());
  EXPECT_TRUE(parts == decode(path, {}));
}

TEST_F(FileSourceTest, ALongRecordGrowsTheBatch) {
  const std::string text = "{\"a\":\"" + std::string(5000, 'x') + "\"}\n{\"a\":1}\n";
  FileSourceOptions small;
  small.batch_bytes = 64;
  EXPECT_EQ(decode(write(text), small).events.size(), 2U);
}

TEST_F(FileSourceTest, ATooLongRecordIsSkippedAndReadingGoesOn) {
  FileSourceOptions options;
  options.batch_bytes = 64;
  options.max_record_bytes = 1000;
  const std::string long_document = "{\"a\":\"" + std::string(50'000, 'x') + "\\\"\"}";
  const std::string long_pretty =
      "{\n\"a\": [\n" + std::string(3000, '\n') + std::string(3000, ' ') + "1\n]\n}";
  const std::string text = "{\"a\":1}\n" + long_document + "{\"a\":2}\n" + long_pretty +
                           "\n{\"a\":3}\n" + std::string(70'000, 'y') + "\nlast\n";
  const std::string path = write(text);
  const Decoded decoded = decode(path, options);
  ASSERT_EQ(decoded.letters.size(), 3U);
  for (const auto& letter : decoded.letters) EXPECT_EQ(letter.reason, "too_long");
  EXPECT_EQ(decoded.letters[0].line, 2U);
  EXPECT_EQ(decoded.letters[0].offset, 8U);
  EXPECT_EQ(decoded.letters[1].line, 3U);
  ASSERT_EQ(decoded.events.size(), 4U);
  EXPECT_EQ(decoded.events[1].text("a"), "2");
  EXPECT_EQ(decoded.events[1].line, 2U);
  EXPECT_EQ(decoded.events[2].text("a"), "3");
  EXPECT_EQ(decoded.events[2].offset, text.find("{\"a\":3}"));
  EXPECT_EQ(decoded.events[3].text("message"), "last");
}

TEST_F(FileSourceTest, ATooLongRecordAtTheEndIsCounted) {
  FileSourceOptions options;
  options.batch_bytes = 64;
  options.max_record_bytes = 1000;
  const Decoded decoded = decode(write("x\n{\"a\":\"" + std::string(5000, 'x')), options);
  EXPECT_EQ(decoded.events.size(), 1U);
  ASSERT_EQ(decoded.letters.size(), 1U);
  EXPECT_EQ(decoded.letters[0].reason, "too_long");
}

TEST_F(FileSourceTest, ReadsGzipAndZstdByContent) {
  const std::string text = mixed_records(200);
  EXPECT_EQ(read(write(gzip(text))).bytes, text);
  EXPECT_EQ(read(write(zstd(text))).bytes, text);
  // Several members or frames, and zeros behind them.
  EXPECT_EQ(read(write(gzip("a\n") + gzip("b\n") + std::string(100, '\0'))).bytes, "a\nb\n");
  EXPECT_EQ(read(write(zstd("a\n") + zstd("b\n"))).bytes, "a\nb\n");
}

TEST_F(FileSourceTest, TruncatedCompressedDataIsDeliveredThenReported) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 100'003) + "\n";
  for (const std::string& whole : {gzip(text), zstd(text)}) {
    const Read cut = read(write(whole.substr(0, whole.size() - whole.size() / 3)));
    EXPECT_EQ(cut.status.code(), StatusCode::kCorrupt) << cut.status.to_string();
    EXPECT_NE(cut.status.message().find("ends early"), std::string::npos);
    EXPECT_TRUE(cut.ends_truncated);
    EXPECT_EQ(text.compare(0, cut.bytes.size(), cut.bytes), 0);
  }
  const std::string whole = gzip(text);
  EXPECT_GT(read(write(whole.substr(0, whole.size() - 100))).bytes.size(), text.size() / 2);
}

TEST_F(FileSourceTest, DamagedCompressedDataIsAnError) {
  std::string bytes = gzip(mixed_records(500));
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  EXPECT_EQ(read(write(bytes)).status.code(), StatusCode::kCorrupt);
  EXPECT_EQ(read(write(std::string("\x1F\x8B garbage"))).status.code(), StatusCode::kCorrupt);
  EXPECT_EQ(read(write(std::string("\x28\xB5\x2F\xFD garbage"))).status.code(),
            StatusCode::kCorrupt);
}

TEST_F(FileSourceTest, ExpansionIsBounded) {
  const std::string text(8 << 20, '\n');
  FileSourceOptions strict;
  strict.expansion = {100, 1 << 20};
  for (const std::string& bomb : {gzip(text), zstd(text)}) {
    const Read result = read(write(bomb), strict);
    EXPECT_EQ(result.status.code(), StatusCode::kLimit);
    EXPECT_LT(result.bytes.size(), text.size());
    EXPECT_EQ(result.status.message().find('\n'), std::string::npos);
  }
  EXPECT_TRUE(read(write(gzip(text))).status.ok());
}

TEST_F(FileSourceTest, SkipsTheUtf8Mark) {
  const Read result = read(write("\xEF\xBB\xBF{\"a\":1}\n"));
  EXPECT_EQ(result.bytes, "{\"a\":1}\n");
  EXPECT_EQ(decode(write("\xEF\xBB\xBF{\"a\":1}\n"), {}).events.at(0).offset, 3U);
}

TEST_F(FileSourceTest, TranscodesUtf16) {
  const std::u16string text = u"{\"a\":\"\u00e9\U0001F600\"}\n";
  std::string little = "\xFF\xFE";
  std::string big = "\xFE\xFF";
  for (const char16_t unit : text) {
    little += {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8)};
    big += {static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
  }
  const std::string expected = "{\"a\":\"\xC3\xA9\xF0\x9F\x98\x80\"}\n";
  EXPECT_EQ(read(write(little)).bytes, expected);
  EXPECT_EQ(read(write(big)).bytes, expected);
  EXPECT_EQ(read(write(gzip(little))).bytes, expected);
  // An odd byte and a lone surrogate become replacement characters.
  EXPECT_EQ(read(write(std::string("\xFF\xFE\x00\xD8"
                                   "a\x00"
                                   "b",
                                   7)))
                .bytes,
            "\xEF\xBF\xBD"
            "a\xEF\xBF\xBD");
}

TEST_F(FileSourceTest, SaysWhatCannotBeOpened) {
  EXPECT_EQ(read(folder_.inside("nothing")).status.code(), StatusCode::kNotFound);
  EXPECT_EQ(read(folder_.path().string()).status.code(), StatusCode::kInvalidInput);
  EXPECT_TRUE(read(write("")).status.ok());
  EXPECT_EQ(read(write("")).batches, 0U);
}

TEST_F(FileSourceTest, CountsStoredBytes) {
  const std::string text(100'000, '\n');
  const std::string path = write(gzip(text + "x"));
  auto source = FileSource::open(path, 0);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->total_bytes(), std::filesystem::file_size(path));
  EventBatch batch;
  while (*(*source)->next(batch)) {
  }
  EXPECT_EQ((*source)->bytes_read(), std::filesystem::file_size(path));
  EXPECT_FALSE(*(*source)->next(batch));
}

TEST_F(FileSourceTest, GivesTheModificationTimeAsReference) {
  const std::string path = write("Jan  2 03:04:05 h p: m\n");
  const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};  // 2001-09-09
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  EXPECT_EQ(decode(path, {}).events.at(0).time, "2001-01-02T03:04:05.000Z");
}

TEST_F(FileSourceTest, AnAuditEventStaysInOneBatch) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    const std::string id = "msg=audit(1604996384.965:" + std::to_string(i) + "): ";
    text += "type=SYSCALL " + id + "exe=\"/bin/x\" pid=7\n" + "type=EXECVE " + id +
            "argc=1 a0=\"x\"\n" + "type=CWD " + id + "cwd=\"/tmp\"\n";
  }
  FileSourceOptions options;
  for (const std::size_t bytes : {10U, 100U, 200U, 333U}) {
    options.batch_bytes = bytes;
    auto source = FileSource::open(write(text), 0, options);
    ASSERT_TRUE(source.ok());
    EventBatch batch;
    while (*(*source)->next(batch)) {
      EXPECT_EQ(batch.received().substr(0, 12), "type=SYSCALL") << bytes;
    }
  }
}

TEST_F(FileSourceTest, ABadByteCostsItsLineAndNothingElse) {
  const std::string bad[] = {
      "{\"a\":\"unbalanced}", "{\"a\":\"x\"\"}", std::string("{\"a\":\"\0\"}", 9),
      "{\"a\":\"\x01\"}",     "{\"a\":1}}\"",    "{\"a\":\"x\\\"}",
  };
  std::string text;
  std::vector<std::uint64_t> bad_lines;
  std::size_t good = 0;
  for (std::uint64_t line = 1; line <= 3000; ++line) {
    if (line % 101 == 0) {
      text += bad[bad_lines.size() % std::size(bad)] + "\n";
      bad_lines.push_back(line);
      if (text.ends_with("}}\"\n")) ++good;  // an event, and a broken rest behind it
    } else {
      // A byte that is not UTF-8 costs not even its own line.
      text += "{\"a\":\"" + std::to_string(line) + (line % 50 == 0 ? "\xFF" : "") + "\"}\n";
      ++good;
    }
  }
  const std::string path = write(text);
  for (const std::size_t batch_bytes : {1U, 100U, 4096U, 256U * 1024U}) {
    FileSourceOptions options;
    options.batch_bytes = batch_bytes;
    const Decoded decoded = decode(path, options);
    std::vector<std::uint64_t> letter_lines;
    for (const auto& letter : decoded.letters) letter_lines.push_back(letter.line);
    EXPECT_EQ(letter_lines, bad_lines) << batch_bytes;
    EXPECT_EQ(decoded.events.size(), good) << batch_bytes;
  }
}

std::string numbered_lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "{\"a\":" + std::to_string(i) + "}\n";
  return text;
}

TEST_F(FileSourceTest, AFileThatGrowsIsReadToItsNewEnd) {
  const std::string before = numbered_lines(1000);
  const std::string path = write(before);
  FileSourceOptions options;
  options.batch_bytes = 4096;
  auto source = FileSource::open(path, 0, options);
  ASSERT_TRUE(source.ok());
  EventBatch batch;
  ASSERT_TRUE(*(*source)->next(batch));
  std::string bytes(batch.received());
  std::ofstream(path, std::ios::binary | std::ios::app) << "{\"a\":-1}\n";
  while (*(*source)->next(batch)) bytes += batch.received();
  EXPECT_EQ(bytes, before + "{\"a\":-1}\n");
}

TEST_F(FileSourceTest, AFileThatShrinksEndsWhereItWasCut) {
  const std::string text = numbered_lines(3000);
  for (const std::size_t left : {0U, 100U, 9000U}) {
    const std::string path = write(text);
    FileSourceOptions options;
    options.batch_bytes = 4096;
    auto source = FileSource::open(path, 0, options);
    ASSERT_TRUE(source.ok());
    EventBatch batch;
    Decoded decoded;
    ASSERT_TRUE(*(*source)->next(batch));
    std::size_t size = batch.size;
    decoding_.decode(batch, decoded);
    std::filesystem::resize_file(path, left);
    while (true) {
      const auto more = (*source)->next(batch);
      ASSERT_TRUE(more.ok()) << more.status().message();
      if (!*more) break;
      EXPECT_EQ(batch.first_offset, size);
      size += batch.size;
      decoding_.decode(batch, decoded);
    }
    // What had been read before the cut is there; a record that was cut off is a dead letter.
    EXPECT_EQ(size, std::max<std::size_t>(4096, left));
    EXPECT_EQ(decoded.events.size() + decoded.letters.size(),
              static_cast<std::size_t>(std::count(
                  text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), '\n')) +
                  (text[size - 1] == '\n' ? 0U : 1U));
    EXPECT_LE(decoded.letters.size(), 1U);
  }
}

TEST_F(FileSourceTest, AStallingPipeLosesNothingAndBurnsNothing) {
  const std::string path = folder_.inside("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string text = numbered_lines(2000);
  std::thread writer([&] {
    const int to = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    // Pieces that end inside records, with pauses.
    for (std::size_t at = 0; at < text.size(); at += 7001) {
      const std::size_t size = std::min<std::size_t>(7001, text.size() - at);
      ASSERT_EQ(::write(to, text.data() + at, size), static_cast<ssize_t>(size));
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
    ::close(to);
  });
  FileSourceOptions options;
  options.batch_bytes = 3000;
  rusage before{};
  getrusage(RUSAGE_THREAD, &before);
  const Decoded decoded = decode(path, options);
  rusage after{};
  getrusage(RUSAGE_THREAD, &after);
  writer.join();
  ASSERT_EQ(decoded.events.size(), 2000U);
  EXPECT_TRUE(decoded.letters.empty());
  EXPECT_EQ(decoded.events.back().line, 2000U);
  EXPECT_LT((after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1'000'000 +
                (after.ru_utime.tv_usec - before.ru_utime.tv_usec),
            100'000);  // of 160 ms in which the pipe is silent
}

// A pipe that stays open hands on what is complete, and keeps what is not.
TEST_F(FileSourceTest, APipeThatWaitsHandsOnWhatIsComplete) {
  const std::string path = (folder_.path() / "pipe").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int writer = ::open(path.c_str(), O_RDWR);
  ASSERT_GE(writer, 0);
  const auto send = [&](const std::string& text) {
    ASSERT_EQ(::write(writer, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  send("{\"a\":1}\nline\n");
  auto source = FileSource::open(path, 0);
  ASSERT_TRUE(source.ok());
  EventBatch batch;
  const auto next = [&] {
    EXPECT_TRUE(*(*source)->next(batch));
    return std::string(batch.received());
  };
  EXPECT_EQ(next(), "{\"a\":1}\nline\n");
  EXPECT_EQ(batch.first_line, 1U);
  send("{\"a\":2}\n{\"a\":\n");
  EXPECT_EQ(next(), "{\"a\":2}\n");
  send("3}\n");
  EXPECT_EQ(next(), "{\"a\":\n3}\n");
  EXPECT_EQ(batch.first_line, 4U);
  // An audit event may go on: it waits for the record behind it.
  const std::string audit = "type=A msg=audit(1.0:1): a=1\n";
  send("x\n" + audit);
  EXPECT_EQ(next(), "x\n");
  send(audit + "y\n");
  EXPECT_EQ(next(), audit + audit + "y\n");
  ::close(writer);
}

// A record that comes in thousands of pieces is not searched from its start for each of them.
TEST_F(FileSourceTest, APipeOfTinyPiecesCostsNoMoreThanItsBytes) {
  const std::string path = (folder_.path() / "pipe").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::string record = "{\"a\":[\n";
  for (int i = 0; i < 20'000; ++i) record += "  1234567890,\n";
  record += "1]}\n";
  std::thread writer([&] {
    const int to = ::open(path.c_str(), O_WRONLY);
    for (std::size_t at = 0; at < record.size(); at += 14) {
      const std::size_t size = std::min<std::size_t>(14, record.size() - at);
      EXPECT_EQ(::write(to, record.data() + at, size), static_cast<ssize_t>(size));
    }
    ::close(to);
  });
  auto source = FileSource::open(path, 0);
  ASSERT_TRUE(source.ok());
  EventBatch batch;
  std::string received;
  rusage before{};
  rusage after{};
  getrusage(RUSAGE_THREAD, &before);
  while (*(*source)->next(batch)) received += batch.received();
  getrusage(RUSAGE_THREAD, &after);
  writer.join();
  EXPECT_EQ(received, record);
  // Some 20 ms; ten seconds when every piece is searched from the start of the record.
  EXPECT_LT(after.ru_utime.tv_sec - before.ru_utime.tv_sec, 2);
}

std::filesystem::path shared_folder() {
  if (const char* set = std::getenv("CATENA_SHARED")) return set;
  return std::filesystem::path(CATENA_SOURCE_DIR) / "../shared";
}

TEST(SharedLogs, BatchCutsDoNotChangeTheEvents) {
  const std::filesystem::path folder = shared_folder() / "datasets/syslog";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no " << folder;
  Decoding decoding;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".log") continue;
    std::vector<Decoded> results;
    for (const std::size_t bytes : {std::size_t{777}, std::size_t{256 * 1024}}) {
      FileSourceOptions options;
      options.batch_bytes = bytes;
      auto source = FileSource::open(entry.path().string(), 0, options);
      ASSERT_TRUE(source.ok());
      Decoded& decoded = results.emplace_back();
      EventBatch batch;
      while (*(*source)->next(batch)) decoding.decode(batch, decoded);
    }
    EXPECT_EQ(results[0].events.size(), 2000U);
    EXPECT_TRUE(results[0] == results[1]) << entry.path();
  }
}

// The sizes and offsets of a file's batches, each of which must be chunks.
std::vector<std::pair<std::uint64_t, std::size_t>> chunk_batches(const std::string& path,
                                                                 FileSourceOptions options = {}) {
  std::vector<std::pair<std::uint64_t, std::size_t>> out;
  auto source = FileSource::open(path, 0, options);
  EXPECT_TRUE(source.ok());
  EventBatch batch;
  while (true) {
    const auto more = (*source)->next(batch);
    if (!more.ok() || !*more) return out;
    EXPECT_EQ(batch.form, BatchForm::kEvtx);
    EXPECT_GE(batch.bytes.size(), batch.size + EventBatch::kPadding);
    out.emplace_back(batch.first_offset, batch.size);
  }
}

TEST_F(FileSourceTest, CutsEventLogFilesBetweenChunks) {
  using Batches = std::vector<std::pair<std::uint64_t, std::size_t>>;
  const std::size_t header = evtx::kFileHeaderBytes;
  const std::size_t chunk = evtx::kChunkBytes;
  std::string log(header + 5 * chunk + 100, '\n');
  log.replace(0, evtx::kFileSignature.size(), evtx::kFileSignature);
  const Batches expected{
      {0, header + 2 * chunk}, {header + 2 * chunk, 2 * chunk}, {header + 4 * chunk, chunk + 100}};
  FileSourceOptions options;
  options.batch_bytes = 2 * chunk + 1;
  EXPECT_EQ(chunk_batches(write(log), options), expected);
  options.expansion.ratio = 100'000;
  EXPECT_EQ(chunk_batches(write(gzip(log)), options), expected);
  EXPECT_EQ(chunk_batches(write(zstd(log)), options), expected);
  EXPECT_EQ(read(write(log)).bytes, log);
  options.batch_bytes = 1;
  EXPECT_EQ(chunk_batches(write(log), options).size(), 6U);
  EXPECT_EQ(chunk_batches(write(log.substr(0, header)), options), (Batches{{0, header}}));
  EXPECT_EQ(chunk_batches(write(log.substr(0, 8)), options), (Batches{{0, 8}}));
}

TEST_F(FileSourceTest, TellsEventLogFilesByTheWholeSignature) {
  for (const std::string text : {"ElfF", "ElfFile", "ElfFile\n"}) {
    EventBatch batch;
    auto source = FileSource::open(write(text), 0);
    ASSERT_TRUE(source.ok());
    const auto more = (*source)->next(batch);
    ASSERT_TRUE(more.ok() && *more);
    EXPECT_EQ(batch.form, BatchForm::kLines);
    EXPECT_EQ(batch.received(), text);
  }
}

}  // namespace
}  // namespace catena::file
