// SPDX-License-Identifier: Apache-2.0
#include "engine/match/literal_scanner.h"

#include <cstdlib>
#include <limits>
#include <utility>

#include <hs.h>

namespace catena::match {
namespace {

// Vectorscan 5.4.9 skips through texts by pairs of bytes when few literals are looked for, and then
// misses one that lies across a 64-byte border (tests/regress/literal_across_block_border_test.cc).
// A literal of one byte more keeps it from doing so. No text holds this byte: it is not UTF-8.
constexpr char kWard = '\xC0';
constexpr unsigned kWardId = std::numeric_limits<unsigned>::max();  // of no literal of the caller

int on_match(unsigned id, unsigned long long /*from*/, unsigned long long /*to*/,
             unsigned /*flags*/, void* context) {
  if (id != kWardId) static_cast<std::vector<std::uint32_t>*>(context)->push_back(id);
  return 0;
}

}  // namespace

LiteralScanner::Scratch::~Scratch() { hs_free_scratch(static_cast<hs_scratch_t*>(handle_)); }

LiteralScanner::LiteralScanner(LiteralScanner&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

LiteralScanner& LiteralScanner::operator=(LiteralScanner&& other) noexcept {
  std::swap(database_, other.database_);
  return *this;
}

LiteralScanner::~LiteralScanner() { hs_free_database(static_cast<hs_database_t*>(database_)); }

Result<LiteralScanner> LiteralScanner::compile(std::span<const std::string> literals) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> ids;
  const std::vector<unsigned> flags(literals.size() + 1, HS_FLAG_SINGLEMATCH);
  for (std::size_t i = 0; i < literals.size(); ++i) {
    texts.push_back(literals[i].data());
    lengths.push_back(literals[i].size());
    ids.push_back(static_cast<unsigned>(i));
  }
  texts.push_back(&kWard);
  lengths.push_back(1);
  ids.push_back(kWardId);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code = hs_compile_lit_multi(texts.data(), flags.data(), ids.data(),
                                               lengths.data(), static_cast<unsigned>(texts.size()),
                                               HS_MODE_BLOCK, nullptr, &database, &error);
  if (code != HS_SUCCESS) {
    std::string message = "literal scanner: ";
    message += error != nullptr ? error->message : "unknown error";
    hs_free_compile_error(error);
    return internal_error(std::move(message));
  }
  LiteralScanner scanner;
  scanner.database_ = database;
  return scanner;
}

Result<std::string> LiteralScanner::serialise() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(static_cast<hs_database_t*>(database_), &bytes, &size) != HS_SUCCESS) {
    return limit_exceeded("literal scanner: out of memory");
  }
  const std::unique_ptr<char, decltype(&std::free)> owner(bytes, &std::free);
  return std::string(bytes, size);
}

Result<LiteralScanner> LiteralScanner::deserialise(std::string_view bytes) {
  hs_database_t* database = nullptr;
  switch (hs_deserialize_database(bytes.data(), bytes.size(), &database)) {
    case HS_SUCCESS:
      break;
    case HS_DB_VERSION_ERROR:
    case HS_DB_PLATFORM_ERROR:
    case HS_DB_MODE_ERROR:
      return version_mismatch("literal scanner: made for another library version or processor");
    case HS_NOMEM:
      return limit_exceeded("literal scanner: out of memory");
    default:
      return corrupt("literal scanner: the bytes do not make one");
  }
  LiteralScanner scanner;
  scanner.database_ = database;
  return scanner;
}

std::string LiteralScanner::platform() {
  hs_platform_info_t host{};
  std::string name = hs_version();
  if (hs_populate_platform(&host) == HS_SUCCESS) {
    name += " tune " + std::to_string(host.tune) + " features " + std::to_string(host.cpu_features);
  }
  return name;
}

Status LiteralScanner::prepare(Scratch& scratch) const {
  auto* handle = static_cast<hs_scratch_t*>(scratch.handle_);
  const hs_error_t code = hs_alloc_scratch(static_cast<hs_database_t*>(database_), &handle);
  scratch.handle_ = handle;
  return code == HS_SUCCESS ? ok_status() : limit_exceeded("literal scanner: out of memory");
}

void LiteralScanner::scan(std::string_view text, Scratch& scratch,
                          std::vector<std::uint32_t>& found) const {
  found.clear();
  if (text.empty()) return;
  // The text is bounded by the record limit, far below 4 GiB; scanning cannot fail otherwise.
  hs_scan(static_cast<hs_database_t*>(database_), text.data(), static_cast<unsigned>(text.size()),
          0, static_cast<hs_scratch_t*>(scratch.handle_), on_match, &found);
}

}  // namespace catena::match
