// SPDX-License-Identifier: Apache-2.0
// Nothing is allocated for an event once the buffers have grown: every malloc of this process is
// counted, the libraries' included, while a stream is read, decoded and matched a second time.
// A binary of its own, because it replaces malloc.
#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/batch_decoder.h"
#include "connectors/file/file_source.h"
#include "engine/app/content.h"
#include "engine/incident/detection_builder.h"
#include "engine/match/matcher.h"
#include "engine/pipeline/batch_pipeline.h"
#include "engine/pipeline/incident_stage.h"
#include "tests/support/evtx_writer.h"
#include "tests/support/scratch_folder.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CATENA_TEST_SANITIZED 1  // has a malloc of its own
#endif
#endif

#ifndef CATENA_TEST_SANITIZED
// The C library's own functions behind the ones replaced here; free() stays as it is.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t size) noexcept {
  *to = memalign(alignment, size);
  return *to == nullptr ? ENOMEM : 0;
}
}
#endif

namespace catena {
namespace {

// Building a detection copies what the analyst sees: strings, entities, tags.
constexpr std::uint64_t kMaxAllocationsPerDetection = 150;
constexpr std::size_t kStreamBytes = 6 << 20;

std::string scenario() {
  const auto folder =
      std::filesystem::path(CATENA_SOURCE_DIR) / "tests/behaviour/apparel-shop/events";
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(stream), {});
  }
  text +=
      "{\n  \"Channel\": \"Security\",\n  \"EventID\": 4688,\n  \"x\": [1, {\"y\": "
      "\"\\u00e9\"}]\n}\n";
  text += "{\"a\": broken\n\x01\x02\x03\x04\n\"scalar\"\n{\"bad\":\"\xff\xfe\"}\n";
  return text;
}

// The scenario's logs, all forms of records, over and over: some 25 batches.
std::string stream_text() {
  const std::string once = scenario();
  std::string text;
  while (text.size() < kStreamBytes) text += once;
  return text;
}

class HotPath : public testing::Test {
 protected:
  void SetUp() override {
#ifdef CATENA_TEST_SANITIZED
    GTEST_SKIP() << "a sanitizer brings its own malloc";
#endif
    std::ofstream(path_, std::ios::binary) << stream_text();
    auto content = app::Content::load({});
    ASSERT_TRUE(content.ok()) << content.status().message();
    content_ = *std::move(content);
    matcher_ = std::make_unique<match::Matcher>(content_->rules, content_->mapping->log_sources(),
                                                content_->fields);
    const incident::DetectionBuilder::Sources sources{content_->rules, content_->fields,
                                                      content_->mapping->log_sources(),
                                                      content_->entities, names_};
    builder_ = std::make_unique<incident::DetectionBuilder>(sources, content_->attack);
  }

  [[nodiscard]] std::unique_ptr<file::FileSource> open() const {
    auto source = file::FileSource::open(path_, 0);
    EXPECT_TRUE(source.ok());
    return *std::move(source);
  }

  tests::ScratchFolder folder_;
  std::string path_ = folder_.inside("stream.log");
  std::vector<std::string> names_{path_};
  std::unique_ptr<app::Content> content_;
  std::unique_ptr<match::Matcher> matcher_;
  std::unique_ptr<incident::DetectionBuilder> builder_;
};

// Allocations since the last call.
std::uint64_t taken() {
  static std::uint64_t before = 0;
  const std::uint64_t now = allocations.load();
  const std::uint64_t count = now - before;
  before = now;
  return count;
}

struct Pass {
  std::uint64_t batches = 0;
  std::uint64_t events = 0;
  std::uint64_t letters = 0;
  std::uint64_t detections = 0;
  std::uint64_t read = 0;  // allocations, as all below
  std::uint64_t decode = 0;
  std::uint64_t match = 0;
  std::uint64_t build = 0;
};

TEST_F(HotPath, TheCounterCounts) {
  (void)taken();
  auto* text = new std::string(100, 'x');
  EXPECT_GE(taken(), 2U);
  delete text;
  void* plain = std::malloc(10);
  EXPECT_NE(plain, nullptr);
  EXPECT_EQ(taken(), 1U);
  std::free(plain);
}

TEST_F(HotPath, ASecondPassAllocatesForDetectionsOnly) {
  codec::Decoder decoder(*content_->mapping, content_->fields);
  match::Matcher::Scratch scratch(*matcher_);
  std::vector<plan::RuleIndex> matches;
  EventBatch batch;
  const auto run = [&] {
    Pass pass;
    const auto source = open();
    while (true) {
      (void)taken();
      const auto more = source->next(batch);
      pass.read += taken();
      if (!more.ok() || !*more) return pass;
      ++pass.batches;
      (void)taken();
      decoder.decode(batch);
      (void)inherit_times(batch);
      pass.decode += taken();
      pass.events += batch.events.size();
      pass.letters += batch.dead_letters.size();
      for (const Event& event : batch.events) {
        (void)taken();
        EXPECT_TRUE(matcher_->match(event, scratch, matches).ok());
        pass.match += taken();
        for (const plan::RuleIndex rule : matches) (void)builder_->build(event, rule);
        pass.build += taken();
        pass.detections += matches.size();
      }
    }
  };
  (void)run();
  const Pass warm = run();
  ASSERT_GT(warm.batches, 15U);
  ASSERT_GT(warm.events, 5000U);
  ASSERT_GT(warm.letters, 10U);
  ASSERT_GT(warm.detections, 100U);
  EXPECT_EQ(warm.read, 0U) << "in " << warm.batches << " batches";
  EXPECT_EQ(warm.decode, 0U) << "for " << warm.events << " events";
  EXPECT_EQ(warm.match, 0U) << "for " << warm.events << " events";
  EXPECT_LE(warm.build, warm.detections * kMaxAllocationsPerDetection);
  std::cout << warm.events << " events: 0 allocations; " << warm.detections << " detections: "
            << static_cast<double>(warm.build) / static_cast<double>(warm.detections) << " each\n";
}

// Chunks of an event log file, read again and again. What is kept of each chunk grows with the
// file.
TEST_F(HotPath, EventLogFilesAllocateForTheirChunksOnly) {
  constexpr std::size_t kBatches = 64;
  constexpr std::uint64_t kGrowths = 4;  // of one vector
  codec::Decoder lines(*content_->mapping, content_->fields);
  evtx::BatchDecoder decoder(lines);
  tests::EvtxChunkWriter writer;
  for (std::uint64_t id = 1; writer.position() < 60'000; ++id) {
    writer.add(id, tests::windows_event(id, 4688, "Security", {{"NewProcessName", "C:\\x.exe"}}));
  }
  const std::string chunk = writer.bytes();
  EventBatch batch;
  std::uint64_t events = 0;
  const auto run = [&] {
    for (std::size_t i = 0; i < kBatches; ++i) {
      batch.clear();
      batch.form = BatchForm::kEvtx;
      batch.first_offset = evtx::kFileHeaderBytes;
      batch.bytes.assign(chunk).append(EventBatch::kPadding, '\0');
      batch.size = chunk.size();
      decoder.decode(batch);
      events += batch.events.size();
    }
  };
  run();
  (void)taken();
  run();
  EXPECT_LE(taken(), kGrowths);
  EXPECT_GT(events, 100 * kBatches);
}

TEST_F(HotPath, TheRingAllocatesNothingForABatch) {
  constexpr std::uint64_t kWarmBatches = 200;
  constexpr std::uint64_t kBatches = 2000;
  for (const std::size_t threads : {1U, 3U}) {
    std::uint64_t reads = 0;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    pipeline::BatchStages<pipeline::BatchOutcome> stages;
    stages.read = [&](EventBatch&) -> Result<bool> { return reads++ < kBatches; };
    stages.work = [&](EventBatch&, pipeline::BatchOutcome& outcome, std::size_t) {
      outcome.count_event(7);
      outcome.position.source = names_[0];
      return ok_status();
    };
    std::uint64_t applied = 0;
    stages.apply = [&](pipeline::BatchOutcome&) {
      ++applied;
      if (applied == kWarmBatches) before = allocations.load();
      if (applied == kBatches) after = allocations.load();
      return ok_status();
    };
    ASSERT_TRUE(pipeline::run_batches(stages, threads).ok());
    ASSERT_EQ(applied, kBatches);
    EXPECT_EQ(after - before, 0U) << threads << " threads";
  }
}

}  // namespace
}  // namespace catena
