// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/ip_network.h"
#include "engine/event/field_catalog.h"

namespace re2 {
class RE2;
}

// Predicate is one test of one field: the leaf of a compiled rule, after every Sigma modifier has
// been applied. It knows nothing of Sigma's syntax; the rule compiler produces it, matchers run it.
// A predicate holds for an event when it holds for at least one value of its field (arrays and
// duplicate keys have several); kIsNull and kExists look at the field as a whole.
// Thread safety: immutable after the rule set is built. Strings are UTF-8.
namespace catena::plan {

enum class Op : std::uint8_t {
  // Text tests on the value's text (numbers and booleans as written). Case-insensitive by simple
  // case folding unless `cased`; `text` is already folded when the test is insensitive.
  kEquals,
  kContains,
  kStartsWith,
  kEndsWith,
  kWildcard,  // `text` is a pattern: see WildcardPattern
  kRegex,     // `regex` searched (not anchored) in the value; its own case rules
  // Any-of list tests: many literals on one field, as one predicate.
  kCidr,    // the value is an IP address inside `network`
  kExists,  // the field is present, whatever its value (null and empty included)
  kIsNull,  // the field is absent, or every value is JSON null
  kLess,    // numeric tests: the value is a decimal number and compares with `number`
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kFieldEquals,  // compares with the values of `other_field` as text
  kFieldContains,
  kFieldStartsWith,
  kFieldEndsWith,
  kTimePart,  // `time_part` of the value (a time as written, no zone conversion) equals `integer`
};

enum class TimePart : std::uint8_t { kMinute, kHour, kDay, kWeek, kMonth, kYear };

// A number as Sigma compares it: 64-bit integers exactly, everything else as double.
struct Number {
  bool is_integer = true;
  std::int64_t integer = 0;
  double real = 0;
};

// One element of a wildcard pattern. The whole value must match the whole sequence.
struct WildcardPart {
  enum class Kind : std::uint8_t { kLiteral, kAnyRun, kAnyOne };  // text, '*', '?' (one code point)
  Kind kind = Kind::kLiteral;
  std::string text;

  friend bool operator==(const WildcardPart&, const WildcardPart&) = default;
};

struct Predicate {
  Op op = Op::kEquals;
  bool cased = false;
  // Keywords: the test runs over every value of the event (and over the raw text of an unparsed
  // record) instead of one field; `field` is kUnknownField then.
  bool any_field = false;
  FieldId field = kUnknownField;
  FieldId other_field = kUnknownField;   // kField… only
  TimePart time_part = TimePart::kHour;  // kTimePart only; compared by `time_op`
  Op time_op = Op::kEquals;              // kTimePart: kEquals, kLess … kGreaterEqual
  Number number;                         // kLess … kGreaterEqual, kTimePart
  std::string text;                      // kEquals … kEndsWith; for kRegex the pattern as written
  std::vector<WildcardPart> wildcard;    // kWildcard
  IpNetwork network;                     // kCidr
  std::shared_ptr<const re2::RE2> regex;  // kRegex; RE2 is safe to share between threads
  // kRegex: a value shorter than this many bytes cannot match (0: nothing known).
  std::uint32_t min_length = 0;
  // kRegex whose pattern says nothing else than "at least min_length characters" (".{1000,}"): a
  // literal prefilter or a multi-pattern engine gains nothing from it. Characters are code points
  // and "." stops at a line feed, so a value with min_length bytes still has to be searched.
  bool length_only = false;
  // kRegex: what a byte of a value may cost, in nanoseconds at worst; see
  // engine/match/work_limits.h.
  std::uint32_t regex_work = 1;
  // kRegex: ASCII text that the folded form of every matching value contains ("": nothing known).
  std::string required_text;
};

}  // namespace catena::plan
