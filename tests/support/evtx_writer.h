// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

#include "connectors/evtx/layout.h"
#include "connectors/evtx/value_text.h"

// Writes Windows event log files for tests: a chunk with records in binary XML, as a machine would
// or wrong in one chosen place. It knows the format by itself, but for the layout's constants.
namespace catena::tests {

inline void put(std::string& out, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out.push_back(i < sizeof(number) ? static_cast<char>(number >> (8 * i)) : '\0');
  }
}

inline void patch(std::string& out, std::size_t at, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out[at + i] = static_cast<char>(number >> (8 * i));
}

inline std::string number(std::uint64_t value, std::size_t bytes) {
  std::string out;
  put(out, value, bytes);
  return out;
}

// ASCII as UTF-16.
inline std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) put(out, static_cast<unsigned char>(c), 2);
  return out;
}

inline std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0) {
  return static_cast<std::uint32_t>(
      crc32(before, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// Appends binary XML to the bytes of a chunk. Names and templates stand inline where they are used
// first, and are referred to from then on.
class BinaryXmlWriter {
 public:
  using Body = std::function<void(BinaryXmlWriter&)>;
  struct Value {
    unsigned type = 0;
    std::string bytes;
    Body body;  // writes the value in its place, instead of `bytes`
  };

  BinaryXmlWriter(std::string& chunk, std::map<std::string, std::size_t>& names,
                  std::map<std::string, std::size_t>& templates)
      : chunk_(chunk), names_(names), templates_(templates) {}

  BinaryXmlWriter& raw(std::string_view bytes) {
    chunk_.append(bytes);
    return *this;
  }
  BinaryXmlWriter& token(unsigned token) {
    put(chunk_, token, 1);
    return *this;
  }
  BinaryXmlWriter& header() { return raw({"\x0F\x01\x01\x00", 4}); }
  BinaryXmlWriter& end_of_fragment() { return token(0x00); }
  BinaryXmlWriter& open(const std::string& element, bool has_attributes = false) {
    token(has_attributes ? 0x41 : 0x01);
    if (dependency_ids) put(chunk_, 0xFFFF, 2);
    put(chunk_, 0, 4);
    name(element);
    if (has_attributes) put(chunk_, 0, 4);
    return *this;
  }
  BinaryXmlWriter& attribute(const std::string& attribute) {
    token(0x06);
    return name(attribute);
  }
  BinaryXmlWriter& close_start() { return token(0x02); }
  BinaryXmlWriter& close_empty() { return token(0x03); }
  BinaryXmlWriter& end() { return token(0x04); }
  BinaryXmlWriter& text(std::string_view text, unsigned with_token = 0x05) {
    token(with_token);
    if (with_token == 0x05) put(chunk_, 0x01, 1);
    put(chunk_, text.size(), 2);
    return raw(wide(text));
  }
  BinaryXmlWriter& substitution(unsigned index, unsigned type = 1, bool optional = true) {
    token(optional ? 0x0E : 0x0D);
    put(chunk_, index, 2);
    put(chunk_, type, 1);
    return *this;
  }
  BinaryXmlWriter& name(const std::string& name) {
    const auto known = names_.find(name);
    if (known != names_.end()) {
      put(chunk_, known->second, 4);
      return *this;
    }
    names_[name] = chunk_.size() + 4;
    put(chunk_, chunk_.size() + 4, 4);
    put(chunk_, 0, 4);
    put(chunk_, 0, 2);  // a hash nobody needs
    put(chunk_, name.size(), 2);
    return raw(wide(name)).raw({"\0\0", 2});
  }
  // An instance of the template called `key`, whose definition `body` writes if it is the first.
  BinaryXmlWriter& instance(const std::string& key, const Body& body,
                            const std::vector<Value>& values) {
    token(0x0C);
    put(chunk_, 1, 1);
    put(chunk_, 0x1234, 4);
    const auto known = templates_.find(key);
    if (known != templates_.end()) {
      put(chunk_, known->second, 4);
    } else {
      templates_[key] = chunk_.size() + 4;
      put(chunk_, chunk_.size() + 4, 4);
      put(chunk_, 0, 4);
      chunk_.append(16, '\x11');
      const std::size_t size_at = chunk_.size();
      put(chunk_, 0, 4);
      body(*this);
      patch(chunk_, size_at, chunk_.size() - size_at - 4, 4);
    }
    return put_values(values);
  }
  BinaryXmlWriter& put_values(const std::vector<Value>& values) {
    put(chunk_, values.size(), 4);
    const std::size_t descriptors = chunk_.size();
    for (const Value& value : values) {
      put(chunk_, value.bytes.size(), 2);
      put(chunk_, value.type, 1);
      put(chunk_, 0, 1);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t begin = chunk_.size();
      if (!values[i].body) {
        raw(values[i].bytes);
        continue;
      }
      BinaryXmlWriter inner(*this);
      inner.dependency_ids = false;
      values[i].body(inner);
      patch(chunk_, descriptors + 4 * i, chunk_.size() - begin, 2);
    }
    return *this;
  }

  [[nodiscard]] std::size_t position() const { return chunk_.size(); }

  bool dependency_ids = true;

 private:
  std::string& chunk_;
  std::map<std::string, std::size_t>& names_;
  std::map<std::string, std::size_t>& templates_;
};

// One chunk: records, then bytes().
class EvtxChunkWriter {
 public:
  EvtxChunkWriter() : bytes_(evtx::kChunkRecordsAt, '\0') {}

  void add(std::uint64_t id, const BinaryXmlWriter::Body& body) {
    const std::size_t begin = bytes_.size();
    put(bytes_, evtx::kRecordSignature, 4);
    put(bytes_, 0, 4);
    put(bytes_, id, 8);
    put(bytes_, 132'000'000'000'000'000ULL + id * 10'000'000, 8);
    BinaryXmlWriter writer(bytes_, names_, templates_);
    body(writer);
    bytes_.append((8 - (bytes_.size() + 4) % 8) % 8, '\0');
    put(bytes_, bytes_.size() + 4 - begin, 4);
    patch(bytes_, begin + evtx::kRecordSizeAt, bytes_.size() - begin, 4);
    if (first_id_ == 0) first_id_ = id;
    last_id_ = id;
  }
  // What follows is in the chunk, but not in its header.
  void end_list() { listed_ = bytes_.size(); }
  // Where the next record will be.
  [[nodiscard]] std::size_t position() const { return bytes_.size(); }
  // The bytes so far, for those who damage them.
  [[nodiscard]] std::string& raw() { return bytes_; }

  // The chunk, padded to its size or (cut) as long as its records.
  [[nodiscard]] std::string bytes(bool cut = false) const {
    std::string chunk = bytes_;
    const std::size_t end = listed_ != 0 ? listed_ : chunk.size();
    if (!cut) chunk.resize(evtx::kChunkBytes, '\0');
    chunk.replace(0, evtx::kChunkSignature.size(), evtx::kChunkSignature);
    patch(chunk, 8, first_id_, 8);
    patch(chunk, 16, last_id_, 8);
    patch(chunk, 24, first_id_, 8);
    patch(chunk, evtx::kChunkLastIdAt, last_id_, 8);
    patch(chunk, 40, 128, 4);
    patch(chunk, evtx::kChunkFreeSpaceAt, end, 4);
    patch(chunk, evtx::kChunkRecordsChecksumAt,
          checksum(
              std::string_view(chunk).substr(evtx::kChunkRecordsAt, end - evtx::kChunkRecordsAt)),
          4);
    seal_header(chunk);
    return chunk;
  }
  static void seal_header(std::string& chunk) {
    const std::string_view view = chunk;
    const std::uint32_t before = checksum(view.substr(0, evtx::kChunkFlagsAt));
    patch(chunk, evtx::kChunkChecksumAt,
          checksum(view.substr(evtx::kChunkTablesAt, evtx::kChunkRecordsAt - evtx::kChunkTablesAt),
                   before),
          4);
  }

 private:
  std::string bytes_;
  std::map<std::string, std::size_t> names_;
  std::map<std::string, std::size_t> templates_;
  std::uint64_t first_id_ = 0;
  std::uint64_t last_id_ = 0;
  std::size_t listed_ = 0;
};

inline std::string evtx_file_header(std::size_t chunk_count, std::uint32_t flags = 0) {
  std::string header(evtx::kFileHeaderBytes, '\0');
  header.replace(0, evtx::kFileSignature.size(), evtx::kFileSignature);
  patch(header, 32, 128, 4);
  patch(header, 36, 1, 2);
  patch(header, 38, 3, 2);
  patch(header, 40, evtx::kFileHeaderBytes, 2);
  patch(header, evtx::kFileChunkCountAt, chunk_count, 2);
  patch(header, evtx::kFileFlagsAt, flags, 4);
  patch(header, evtx::kFileChecksumAt,
        checksum(std::string_view(header).substr(0, evtx::kFileFlagsAt)), 4);
  return header;
}

// A whole file of these chunks.
inline std::string evtx_file(const std::vector<std::string>& chunks, std::uint32_t flags = 0) {
  std::string file = evtx_file_header(chunks.size(), flags);
  for (const std::string& chunk : chunks) file += chunk;
  return file;
}

using EvtxField = std::pair<std::string, std::string>;

// A record as a service writes it: a template with the System part, whose last value is a fragment
// with a template of its own for EventData.
inline BinaryXmlWriter::Body windows_event(std::uint64_t id, unsigned event_id,
                                           const std::string& channel,
                                           const std::vector<EvtxField>& fields) {
  const auto event = [](BinaryXmlWriter& xml) {
    xml.header().open("Event", true).attribute("xmlns");
    xml.text("http://schemas.microsoft.com/win/2004/08/events/event").close_start();
    xml.open("System").close_start();
    xml.open("Provider", true).attribute("Name").substitution(0).close_empty();
    xml.open("EventID", true).attribute("Qualifiers").substitution(1, 6);
    xml.close_start().substitution(2, 6).end();
    xml.open("TimeCreated", true).attribute("SystemTime").substitution(3, 17).close_empty();
    xml.open("EventRecordID").close_start().substitution(4, 10).end();
    xml.open("Correlation").close_empty();
    xml.open("Channel").close_start().substitution(5).end();
    xml.open("Computer").close_start().substitution(6).end();
    xml.open("Security", true).attribute("UserID").substitution(7, 19).close_empty();
    xml.end().substitution(8, 33).end().end_of_fragment();
  };
  std::string key = "data";
  for (const auto& [name, value] : fields) key += "|" + name;
  const auto data = [fields](BinaryXmlWriter& xml) {
    BinaryXmlWriter inner(xml);
    inner.dependency_ids = true;
    inner.header().open("EventData").close_start();
    for (unsigned i = 0; i < fields.size(); ++i) {
      inner.open("Data", !fields[i].first.empty());
      if (!fields[i].first.empty()) inner.attribute("Name").text(fields[i].first);
      inner.close_start().substitution(i).end();
    }
    inner.end().end_of_fragment();
  };
  std::vector<BinaryXmlWriter::Value> values;
  for (const auto& [name, value] : fields) values.push_back({1, wide(value), {}});
  const auto fragment = [key, data, values](BinaryXmlWriter& xml) {
    xml.header().instance(key, data, values).end_of_fragment();
  };
  const std::string sid{"\x01\x01\0\0\0\0\0\x05\x12\0\0\0", 12};
  return [=](BinaryXmlWriter& xml) {
    xml.header().instance("event", event,
                          {{1, wide("Microsoft-Windows-Security-Auditing"), {}},
                           {0, "", {}},
                           {6, number(event_id, 2), {}},
                           {17, number(132'000'000'000'000'000ULL + id * 10'000'000, 8), {}},
                           {10, number(id, 8), {}},
                           {1, wide(channel), {}},
                           {1, wide("ws-01.example.org"), {}},
                           {19, sid, {}},
                           {33, "", fragment}});
    xml.end_of_fragment();
  };
}

}  // namespace catena::tests
