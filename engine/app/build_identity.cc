// SPDX-License-Identifier: Apache-2.0
#include "engine/app/build_identity.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace catena::app {
namespace {

constexpr std::string_view kOwner{"GNU\0", 4};
constexpr std::size_t kNoteAlignment = 4;

std::size_t padded(std::size_t bytes) noexcept {
  return (bytes + kNoteAlignment - 1) / kNoteAlignment * kNoteAlignment;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

// The description of the build id in a segment of notes.
std::string_view build_id_in(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof(note));
    const std::size_t name = sizeof(note);
    const std::size_t description = name + padded(note.n_namesz);
    const std::size_t end = description + padded(note.n_descsz);
    if (end > notes.size()) return {};
    if (note.n_type == NT_GNU_BUILD_ID && notes.substr(name, note.n_namesz) == kOwner) {
      return notes.substr(description, note.n_descsz);
    }
    notes.remove_prefix(end);
  }
  return {};
}

// The first object that is reported is the program itself.
int read_program(dl_phdr_info* object, std::size_t /*size*/, void* found) {
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* start = reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
    const std::string_view id = build_id_in({start, segment.p_memsz});
    if (id.empty()) continue;
    *static_cast<std::string*>(found) = hex(id);
    break;
  }
  return 1;
}

}  // namespace

std::string build_identity() {
  std::string found;
  dl_iterate_phdr(read_program, &found);
  return found;
}

}  // namespace catena::app
