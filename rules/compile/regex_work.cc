// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/regex_work.h"

#include <algorithm>
#include <bitset>
#include <string_view>

#include <re2/re2.h>

namespace catena::compile {
namespace {

// A cheap program walks this many instructions in the time of a byte.
constexpr std::uint32_t kInstructionsPerUnit = 64;
constexpr unsigned kMaxDepth = 100;
constexpr unsigned kMostRepetitions = 10'000;

using Bytes = std::bitset<256>;

void insert(Bytes& bytes, unsigned char c) {
  bytes.set(c);
  // Cases are taken for the same: expressions often say so.
  if (c >= 'a' && c <= 'z') bytes.set(c - 0x20U);
  if (c >= 'A' && c <= 'Z') bytes.set(c + 0x20U);
}

void insert_range(Bytes& bytes, unsigned char first, unsigned char last) {
  for (unsigned c = first; c <= last; ++c) insert(bytes, static_cast<unsigned char>(c));
}

// One character of the expression, or a group.
struct Atom {
  Bytes bytes;            // that it may hold
  bool is_single = true;  // holds exactly one character
  bool is_optional = false;
  bool is_there = false;
};

// Reads a pattern that RE2 has accepted, as far as it matters here.
class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  [[nodiscard]] bool explodes() {
    while (at_ < pattern_.size()) {
      static_cast<void>(alternatives(0));
      if (at_ < pattern_.size()) ++at_;  // a ')' too many
    }
    return explodes_;
  }

 private:
  [[nodiscard]] bool more() const noexcept { return at_ < pattern_.size(); }
  [[nodiscard]] char peek() const noexcept { return pattern_[at_]; }

  // Up to the closing bracket or the end.
  Atom alternatives(unsigned depth) {
    Atom whole;
    Atom before;  // the atom before the one at hand, with the optional ones before it
    std::size_t length = 0;
    whole.is_there = true;
    while (more() && peek() != ')') {
      if (peek() == '|') {
        ++at_;
        whole.is_single = whole.is_single && length == 1;
        length = 0;
        before = {};
        continue;
      }
      Atom atom = next(depth);
      if (!atom.is_there) continue;
      repeat(atom, before);
      whole.bytes |= atom.bytes;
      whole.is_single = whole.is_single && atom.is_single;
      ++length;
      if (atom.is_optional) atom.bytes |= before.bytes;
      before = atom;
    }
    whole.is_single = whole.is_single && length == 1;
    return whole;
  }

  Atom next(unsigned depth) {
    Atom atom;
    const char c = pattern_[at_++];
    switch (c) {
      case '^':
      case '$':
        return atom;
      case '(':
        return group(depth);
      case '[':
        atom.bytes = read_class();
        break;
      case '.':
        atom.bytes.set();
        break;
      case '\\':
        return escape();
      default:
        insert(atom.bytes, static_cast<unsigned char>(c));
    }
    atom.is_there = true;
    return atom;
  }

  Atom group(unsigned depth) {
    if (more() && peek() == '?') {
      // "(?:", "(?i)", "(?P<name>"
      while (more() && peek() != ':' && peek() != ')' && peek() != '>') ++at_;
      if (more() && pattern_[at_++] == ')') return {};
    }
    if (depth == kMaxDepth) {
      explodes_ = true;
      at_ = pattern_.size();
      return {};
    }
    Atom atom = alternatives(depth + 1);
    if (more()) ++at_;
    return atom;
  }

  Atom escape() {
    Atom atom;
    if (!more()) return atom;
    const char c = pattern_[at_++];
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Q' || c == 'E') return atom;
    atom.bytes = of_escape(c);
    atom.is_there = true;
    return atom;
  }

  // The character behind a backslash.
  Bytes of_escape(char c) {
    Bytes bytes;
    switch (c) {
      case 'w':
      case 'd':
        insert_range(bytes, '0', '9');
        if (c == 'd') break;
        insert_range(bytes, 'a', 'z');
        bytes.set('_');
        break;
      case 's':
      case 't':
      case 'n':
      case 'r':
        insert_range(bytes, '\t', '\r');
        bytes.set(' ');
        break;
      case 'W':
      case 'D':
      case 'S':
      case 'p':
      case 'P':
      case 'x':
        bytes.set();  // near enough
        if (more() && peek() == '{') skip_past('}');
        break;
      default:
        insert(bytes, static_cast<unsigned char>(c));
    }
    return bytes;
  }

  Bytes read_class() {
    Bytes bytes;
    const bool negated = more() && peek() == '^';
    if (negated) ++at_;
    for (bool first = true; more(); first = false) {
      const char c = pattern_[at_++];
      if (c == ']' && !first) break;
      if (c == '[' && more() && peek() == ':') {
        bytes.set();
        skip_past(']');
      } else if (c == '\\' && more()) {
        bytes |= of_escape(pattern_[at_++]);
      } else if (at_ + 1 < pattern_.size() && peek() == '-' && pattern_[at_ + 1] != ']') {
        ++at_;
        insert_range(bytes, static_cast<unsigned char>(c),
                     static_cast<unsigned char>(pattern_[at_++]));
      } else {
        insert(bytes, static_cast<unsigned char>(c));
      }
    }
    return negated ? ~bytes : bytes;
  }

  void skip_past(char end) {
    while (more() && pattern_[at_++] != end) {
    }
  }

  // The repetitions behind an atom.
  void repeat(Atom& atom, const Atom& before) {
    while (more()) {
      const char c = peek();
      if (c == '*' || c == '+' || c == '?') {
        ++at_;
        atom.is_optional = atom.is_optional || c != '+';
        atom.is_single = false;
        continue;
      }
      if (c != '{' || !is_count()) return;
      ++at_;
      const unsigned least = number();
      unsigned most = least;
      if (more() && peek() == ',') {
        ++at_;
        most = std::max(least, number());
      }
      skip_past('}');
      const bool begins_anew = !atom.is_single || (before.bytes & atom.bytes).any();
      if (most >= kManyRepetitions && begins_anew) explodes_ = true;
      atom.is_optional = atom.is_optional || least == 0;
      atom.is_single = atom.is_single && most == 1;
    }
  }

  [[nodiscard]] bool is_count() const noexcept {
    return at_ + 1 < pattern_.size() && pattern_[at_ + 1] >= '0' && pattern_[at_ + 1] <= '9';
  }

  unsigned number() {
    unsigned value = 0;
    while (more() && peek() >= '0' && peek() <= '9') {
      value = std::min(value * 10 + static_cast<unsigned>(pattern_[at_++] - '0'), kMostRepetitions);
    }
    return value;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool explodes_ = false;
};

}  // namespace

std::uint32_t regex_work(const re2::RE2& regex) {
  const int instructions = std::max(regex.ProgramSize(), 0);
  const auto size = static_cast<std::uint32_t>(instructions);
  if (instructions >= kLargeProgram || Reader(regex.pattern()).explodes()) {
    return 1 + size * kInstructionWork;
  }
  return 1 + size / kInstructionsPerUnit;
}

}  // namespace catena::compile
