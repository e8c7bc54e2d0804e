// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// LiteralScanner finds which of a fixed set of byte strings occur in a text, in one pass, whatever
// their number (Vectorscan literal mode). Folding and anchoring are the caller's: it compares
// bytes. Protocol: compile once, then const; one Scratch per thread, valid for every scanner it was
// prepared for. Thread safety: const methods may run concurrently with distinct scratches.
namespace catena::match {

class LiteralScanner {
 public:
  // Working memory of one thread.
  class Scratch {
   public:
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();

   private:
    friend class LiteralScanner;
    void* handle_ = nullptr;
  };

  // The position of a literal in `literals` is its id. No literal may be empty.
  static Result<LiteralScanner> compile(std::span<const std::string> literals);

  // The compiled form as bytes, to be read again on this platform() with deserialise().
  [[nodiscard]] Result<std::string> serialise() const;
  // kVersion when the bytes are of another library version or processor, kCorrupt when they are no
  // scanner. TRUSTED BYTES ONLY: a scanner is a program for Vectorscan's interpreter, whose own
  // check (a CRC) finds damage and not malice. ScannerCache has the rules for where bytes may come
  // from.
  static Result<LiteralScanner> deserialise(std::string_view bytes);
  // Library version and processor features that compile() works for.
  [[nodiscard]] static std::string platform();

  LiteralScanner(LiteralScanner&& other) noexcept;
  LiteralScanner& operator=(LiteralScanner&& other) noexcept;
  LiteralScanner(const LiteralScanner&) = delete;
  LiteralScanner& operator=(const LiteralScanner&) = delete;
  ~LiteralScanner();

  // Makes `scratch` large enough for this scanner; call once per thread before the first scan.
  [[nodiscard]] Status prepare(Scratch& scratch) const;

  // Sets `found` to the ids of the literals that occur in `text`, each once, in no order.
  void scan(std::string_view text, Scratch& scratch, std::vector<std::uint32_t>& found) const;

 private:
  LiteralScanner() = default;
  void* database_ = nullptr;
};

}  // namespace catena::match
