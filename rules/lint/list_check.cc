// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <unordered_map>

#include "engine/plan/rule_set_builder.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/checks.h"

namespace catena::lint {
namespace {

using plan::Op;
using plan::Predicate;

bool is_text_test(Op op) noexcept {
  return op == Op::kEquals || op == Op::kContains || op == Op::kStartsWith || op == Op::kEndsWith;
}

// Whatever satisfies `a` satisfies `b`; false also when that is not known.
bool implies(const Predicate& a, const Predicate& b) {
  if (!is_text_test(a.op) || a.cased != b.cased || a.any_field != b.any_field) return false;
  switch (b.op) {
    case Op::kContains:
      return a.text.find(b.text) != std::string::npos;
    case Op::kStartsWith:
      return (a.op == Op::kEquals || a.op == Op::kStartsWith) && a.text.starts_with(b.text);
    case Op::kEndsWith:
      return (a.op == Op::kEquals || a.op == Op::kEndsWith) && a.text.ends_with(b.text);
    default:
      return false;
  }
}

bool all_imply(const std::vector<Predicate>& some, const std::vector<Predicate>& others) {
  return !some.empty() && std::all_of(some.begin(), some.end(), [&](const Predicate& a) {
    return std::any_of(others.begin(), others.end(),
                       [&a](const Predicate& b) { return implies(a, b); });
  });
}

class ListCheck {
 public:
  ListCheck(Document& document, const ReadItem& read)
      : document_(document),
        read_(read),
        is_all_(compile::has_modifier(read.item, sigma::Modifier::kAll)) {}

  void run() {
    std::unordered_map<std::string, std::size_t> first;
    std::vector<std::size_t> distinct;
    std::size_t variants = 0;
    for (std::size_t i = 0; i < read_.tests.size(); ++i) {
      if (read_.tests[i].empty()) continue;
      std::string key;
      for (const Predicate& test : read_.tests[i]) {
        key += predicate_key(test, *document_.rule().fields);
      }
      const auto [at, is_new] = first.try_emplace(std::move(key), i);
      if (!is_new) {
        duplicate(i, at->second);
        continue;
      }
      distinct.push_back(i);
      variants += read_.tests[i].size();
    }
    if (variants <= kMaxComparedValues) covered(distinct);
  }

 private:
  void duplicate(std::size_t i, std::size_t first) {
    const sigma::Value& value = read_.item.values[i];
    const sigma::Value& earlier = read_.item.values[first];
    const Span span = document_.span_of(value);
    std::string message =
        "the value stands in this list already, on line " + std::to_string(earlier.place.line);
    if (value.text != earlier.text) message += " (it means the same as '" + earlier.text + "')";
    std::optional<Fix> fix;
    if (const auto edit = line_removal(document_.source(), span)) {
      fix = Fix{"remove the line", {*edit}, true};
    }
    document_.add(kDuplicateValue, span, std::move(message), std::move(fix));
  }

  // Of alternatives the one that asks for more is needless, of `all` the one that asks for less.
  void covered(const std::vector<std::size_t>& values) {
    for (const std::size_t i : values) {
      for (const std::size_t j : values) {
        if (i == j) continue;
        const bool needless = is_all_ ? all_imply(read_.tests[j], read_.tests[i])
                                      : all_imply(read_.tests[i], read_.tests[j]);
        if (!needless) continue;
        const sigma::Value& other = read_.item.values[j];
        document_.add(kCoveredValue, document_.span_of(read_.item.values[i]),
                      "needless beside '" + other.text + "' on line " +
                          std::to_string(other.place.line) +
                          (is_all_ ? ", which holds only when this one does"
                                   : ", which matches whatever this one matches"));
        break;
      }
    }
  }

  Document& document_;
  const ReadItem& read_;
  bool is_all_;
};

}  // namespace

void check_lists(Document& document) {
  for (const ReadIdentifier& identifier : document.rule().identifiers) {
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      for (const ReadItem& read : items) {
        if (read.tests.size() > 1) ListCheck(document, read).run();
      }
    }
  }
}

}  // namespace catena::lint
