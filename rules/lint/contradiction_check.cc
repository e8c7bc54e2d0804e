// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/match/reference_matcher.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/checks.h"

// A conjunction asks several things of one field. Where one of them leaves a finite choice of
// values, each is tried against the others with the reference matcher; where two give bounds or
// fixed ends, these are compared. Everything else is taken to be possible. A field of an event may
// hold several values, so the finding speaks of a single one.
namespace catena::lint {
namespace {

using plan::Op;
using plan::Predicate;
using sigma::ConditionNode;
using sigma::Modifier;

// Values tried and pairs compared for one document; beyond, everything is taken to be possible.
constexpr std::size_t kMaxTrials = 1'000'000;

// What is left of kMaxTrials.
class Budget {
 public:
  // False when `trials` are too many; they are not taken then.
  bool take(std::size_t trials) {
    if (trials > left_) return false;
    left_ -= trials;
    return true;
  }

 private:
  std::size_t left_ = kMaxTrials;
};

using Items = std::vector<const ReadItem*>;

bool is_negated(const ReadItem& read) {
  return compile::has_modifier(read.item, Modifier::kNotEqual);
}
bool needs_all(const ReadItem& read) { return compile::has_modifier(read.item, Modifier::kAll); }

// "exists: false" is the negation of its predicate.
bool is_exists_false(const ReadItem& read, const Predicate& test) {
  return test.op == Op::kExists && read.item.values[0].text.size() == 5;
}

// Does an event whose only field is this one, with this text or absent, satisfy the item?
class Trial {
 public:
  Trial(FieldId field, std::optional<std::string> text) : text_(std::move(text)) {
    if (!text_) return;
    field_ = {field, ValueKind::kString, false, *text_};
    event_.fields = {&field_, 1};
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  [[nodiscard]] bool satisfies(const ReadItem& read) const {
    bool some = false;
    bool all = true;
    for (const auto& tests : read.tests) {
      const bool holds = std::any_of(tests.begin(), tests.end(), [&](const Predicate& test) {
        return match::ReferenceMatcher::holds(test, event_) != is_exists_false(read, test);
      });
      some = some || holds;
      all = all && holds;
    }
    return (needs_all(read) ? all : some) != is_negated(read);
  }

 private:
  std::optional<std::string> text_;
  Field field_;
  Event event_;
};

// Tests that look at one value of the field alone.
bool is_testable(const ReadItem& read) {
  if (!read.is_complete || read.item.is_keyword()) return false;
  return std::all_of(read.tests.begin(), read.tests.end(), [](const auto& tests) {
    return std::all_of(tests.begin(), tests.end(), [](const Predicate& test) {
      return test.op != Op::kFieldEquals && test.op != Op::kFieldContains &&
             test.op != Op::kFieldStartsWith && test.op != Op::kFieldEndsWith;
    });
  });
}

// Whether upper or lower case can decide.
bool minds_case(const ReadItem& read) {
  return std::any_of(read.tests.begin(), read.tests.end(), [](const auto& tests) {
    return std::any_of(tests.begin(), tests.end(),
                       [](const Predicate& test) { return test.cased || test.op == Op::kRegex; });
  });
}

// All values that can satisfy the item, absence being nullopt; or nothing when they are endless.
std::optional<std::vector<std::optional<std::string>>> choices_of(const ReadItem& read) {
  if (is_negated(read)) return std::nullopt;
  std::vector<std::optional<std::string>> choices;
  for (const auto& tests : read.tests) {
    for (const Predicate& test : tests) {
      if (test.op == Op::kEquals) {
        choices.emplace_back(test.text);
      } else if (test.op == Op::kIsNull || is_exists_false(read, test)) {
        choices.emplace_back(std::nullopt);
      } else {
        return std::nullopt;
      }
    }
  }
  return choices;
}

double as_real(const plan::Number& number) {
  return number.is_integer ? static_cast<double>(number.integer) : number.real;
}

std::string name_of(const ReadItem& read) {
  std::string name = read.item.field;
  for (const sigma::AppliedModifier& applied : read.item.modifiers) {
    name += '|';
    name += modifier_name(applied.modifier);
  }
  return name;
}

// What is asked of one field.
class FieldConjunction {
 public:
  FieldConjunction(const Items& items, Budget& budget) : items_(items), budget_(budget) {
    for (const ReadItem* read : items) tests_ += read->tests.size();
  }

  // The item that cannot hold, and why.
  struct Conflict {
    const ReadItem* item = nullptr;
    std::string reason;
  };
  std::optional<Conflict> find() const {
    for (const ReadItem* read : items_) {
      if (auto conflict = by_choices(*read)) return conflict;
    }
    if (auto conflict = by_ends(Op::kStartsWith)) return conflict;
    if (auto conflict = by_ends(Op::kEndsWith)) return conflict;
    return by_bounds();
  }

 private:
  std::optional<Conflict> by_choices(const ReadItem& read) const {
    const auto choices = choices_of(read);
    if (!choices || !budget_.take(choices->size() * tests_)) return std::nullopt;
    const FieldId field = read.tests[0][0].field;
    const ReadItem* obstacle = nullptr;
    for (const std::optional<std::string>& choice : *choices) {
      const Trial trial(field, choice);
      // A choice without case stands for every spelling; some of them may please the other.
      const auto refuses = std::find_if(items_.begin(), items_.end(), [&](const ReadItem* other) {
        return (minds_case(read) || !minds_case(*other)) && !trial.satisfies(*other);
      });
      if (refuses == items_.end()) return std::nullopt;
      obstacle = *refuses;
    }
    if (obstacle == nullptr) return std::nullopt;
    if (obstacle == &read) {
      return Conflict{&read,
                      "no single value equals all of these; only a field that holds several "
                      "values at once can satisfy '" +
                          name_of(read) + "'"};
    }
    return Conflict{&read, "no value of '" + read.item.field + "' satisfies both '" +
                               name_of(read) + "' (line " + std::to_string(read.item.place.line) +
                               ") and '" + name_of(*obstacle) + "' (line " +
                               std::to_string(obstacle->item.place.line) + ")"};
  }

  // Fixed starts (ends) of which no one holds the other. Only items that need each of their values.
  std::optional<Conflict> by_ends(Op op) const {
    std::vector<std::pair<const ReadItem*, const Predicate*>> fixed;
    for (const ReadItem* read : items_) {
      if (is_negated(*read) || (read->tests.size() > 1 && !needs_all(*read))) continue;
      for (const auto& tests : read->tests) {
        if (tests.size() == 1 && tests[0].op == op) fixed.emplace_back(read, &tests[0]);
      }
    }
    if (!budget_.take(fixed.size() * fixed.size())) return std::nullopt;
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Predicate& a = *fixed[i].second;
        const Predicate& b = *fixed[j].second;
        if (a.cased != b.cased) continue;
        const bool agree = op == Op::kStartsWith
                               ? a.text.starts_with(b.text) || b.text.starts_with(a.text)
                               : a.text.ends_with(b.text) || b.text.ends_with(a.text);
        if (agree) continue;
        return Conflict{fixed[i].first, std::string("no single value ") +
                                            (op == Op::kStartsWith ? "starts" : "ends") +
                                            " with both '" + b.text + "' and '" + a.text + "'"};
      }
    }
    return std::nullopt;
  }

  // gt, gte, lt and lte that leave nothing between them.
  std::optional<Conflict> by_bounds() const {
    const Predicate* low = nullptr;
    const Predicate* high = nullptr;
    const ReadItem* last = nullptr;
    for (const ReadItem* read : items_) {
      if (is_negated(*read) || read->tests.size() != 1 || read->tests[0].size() != 1) continue;
      const Predicate& test = read->tests[0][0];
      const bool is_low = test.op == Op::kGreater || test.op == Op::kGreaterEqual;
      const bool is_high = test.op == Op::kLess || test.op == Op::kLessEqual;
      if (!is_low && !is_high) continue;
      const Predicate*& bound = is_low ? low : high;
      const bool tighter =
          bound == nullptr || (is_low ? as_real(test.number) > as_real(bound->number)
                                      : as_real(test.number) < as_real(bound->number));
      if (tighter) bound = &test;
      last = read;
    }
    if (low == nullptr || high == nullptr) return std::nullopt;
    const bool is_open = low->op == Op::kGreater || high->op == Op::kLess;
    const double from = as_real(low->number);
    const double to = as_real(high->number);
    if (from < to || (from == to && !is_open)) return std::nullopt;
    return Conflict{last, "no number lies between the bounds on '" + last->item.field + "'"};
  }

  const Items& items_;
  Budget& budget_;
  std::size_t tests_ = 0;
};

// The first conflict of a conjunction, by the first field that has one.
std::optional<FieldConjunction::Conflict> conflict_of(const Items& items, Budget& budget) {
  std::map<std::string, Items> by_field;
  for (const ReadItem* read : items) {
    if (is_testable(*read)) by_field[read->item.field].push_back(read);
  }
  for (const auto& [field, of_field] : by_field) {
    if (of_field.size() == 1 && !needs_all(*of_field[0])) continue;
    if (auto conflict = FieldConjunction(of_field, budget).find()) return conflict;
  }
  return std::nullopt;
}

Items pointers_to(const std::vector<ReadItem>& reads) {
  Items items;
  for (const ReadItem& read : reads) items.push_back(&read);
  return items;
}

// The values and modifiers of an item, so that equal keys mean the same.
std::vector<std::string> keys_of(const ReadItem& read, const FieldCatalog& fields) {
  std::vector<std::string> keys;
  for (const auto& tests : read.tests) {
    std::string key;
    for (const Predicate& test : tests) {
      key += predicate_key(test, fields);
      key += is_exists_false(read, test) ? '!' : '.';
    }
    keys.push_back(std::move(key));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// Whatever satisfies `a` satisfies `b`: the same field, and `a` leaves a part of b's choice.
bool implies(const ReadItem& a, const ReadItem& b, const FieldCatalog& fields) {
  if (a.item.field != b.item.field || needs_all(a) != needs_all(b)) return false;
  if (is_negated(a) != is_negated(b) || !a.is_complete || !b.is_complete) return false;
  const auto some = keys_of(a, fields);
  const auto others = keys_of(b, fields);
  const bool wants_more = needs_all(a) != is_negated(a);
  return wants_more ? std::includes(some.begin(), some.end(), others.begin(), others.end())
                    : std::includes(others.begin(), others.end(), some.begin(), some.end());
}

// One conjunction of a condition: what it asserts and what it denies.
class ConditionConjunction {
 public:
  ConditionConjunction(const ReadRule& rule, const sigma::Condition& condition)
      : rule_(rule), condition_(condition) {}

  void take(std::uint32_t index) {
    const ConditionNode& node = condition_.nodes[index];
    if (node.kind == ConditionNode::Kind::kAnd) {
      for (const std::uint32_t child : node.children) take(child);
    } else if (node.kind == ConditionNode::Kind::kNot) {
      deny(condition_.nodes[node.children[0]]);
    } else if (node.kind == ConditionNode::Kind::kName ||
               (node.kind == ConditionNode::Kind::kQuantified &&
                (node.count == 0 || node.identifiers.size() == 1))) {
      for (const std::uint32_t identifier : node.identifiers) assert_identifier(identifier);
    }
  }

  [[nodiscard]] std::optional<std::string> contradiction(Budget& budget) const {
    for (const std::uint32_t identifier : denied_) {
      if (is_implied(rule_.identifiers[identifier], budget)) {
        return "never holds: whatever it asks for satisfies '" +
               rule_.identifiers[identifier].name + "', which it excludes";
      }
    }
    if (asserted_.size() < 2 || !budget.take(items_.size())) return std::nullopt;
    if (const auto conflict = conflict_of(items_, budget))
      return "never holds: " + conflict->reason;
    return std::nullopt;
  }

 private:
  void assert_identifier(std::uint32_t index) {
    const ReadIdentifier& identifier = rule_.identifiers[index];
    if (std::find(asserted_.begin(), asserted_.end(), index) != asserted_.end()) return;
    if (identifier.alternatives.size() != 1) return;
    asserted_.push_back(index);
    for (const ReadItem& read : identifier.alternatives[0]) items_.push_back(&read);
  }

  // "not a", "not (a or b)", "not 1 of a*" deny each; "not (a and b)" denies none alone.
  void deny(const ConditionNode& node) {
    if (node.kind == ConditionNode::Kind::kOr) {
      for (const std::uint32_t child : node.children) deny(condition_.nodes[child]);
    }
    const bool each = node.kind == ConditionNode::Kind::kName ||
                      (node.kind == ConditionNode::Kind::kQuantified &&
                       (node.count == 1 || node.identifiers.size() == 1));
    if (!each) return;
    denied_.insert(denied_.end(), node.identifiers.begin(), node.identifiers.end());
  }

  // Every item of one of its alternatives follows from what is asserted.
  [[nodiscard]] bool is_implied(const ReadIdentifier& denied, Budget& budget) const {
    if (!denied.is_complete || !budget.take(cost_of(denied))) return false;
    return std::any_of(
        denied.alternatives.begin(), denied.alternatives.end(), [this](const auto& alternative) {
          return std::all_of(
              alternative.begin(), alternative.end(), [this](const ReadItem& wanted) {
                return std::any_of(items_.begin(), items_.end(), [&](const ReadItem* given) {
                  return implies(*given, wanted, *rule_.fields);
                });
              });
        });
  }

  // Every item that is asked of against every one that is given, and their values.
  [[nodiscard]] std::size_t cost_of(const ReadIdentifier& denied) const {
    std::size_t items = 0;
    std::size_t wanted = 0;
    for (const auto& alternative : denied.alternatives) {
      items += alternative.size();
      for (const ReadItem& read : alternative) wanted += read.tests.size();
    }
    std::size_t given = 0;
    for (const ReadItem* read : items_) given += read->tests.size();
    return items * given + wanted * (items_.size() + 1);
  }

  const ReadRule& rule_;
  const sigma::Condition& condition_;
  std::vector<std::uint32_t> asserted_;
  std::vector<std::uint32_t> denied_;
  Items items_;
};

// The conjunctions that a condition asserts: its root, or each alternative of it.
void check_condition(Document& document, const ReadCondition& read, Budget& budget) {
  if (!read.is_resolved) return;
  const ConditionNode& root = read.condition.nodes[read.condition.root];
  std::vector<std::uint32_t> branches = {read.condition.root};
  if (root.kind == ConditionNode::Kind::kOr) branches = root.children;
  for (const std::uint32_t branch : branches) {
    ConditionConjunction conjunction(document.rule(), read.condition);
    conjunction.take(branch);
    const auto reason = conjunction.contradiction(budget);
    if (!reason) continue;
    const std::string what =
        branches.size() > 1 ? "an alternative of the condition " : "the condition ";
    const std::size_t offset = read.condition.nodes[branch].offset;
    bool is_exact = false;
    const Span span = document.source().within(sigma::place_of(*read.node), read.node->text(),
                                               branches.size() > 1 ? offset : 0,
                                               read.node->text().size(), is_exact);
    document.add(kNeverMatches, span, what + *reason);
  }
}

}  // namespace

void check_contradictions(Document& document) {
  Budget budget;
  for (const ReadIdentifier& identifier : document.rule().identifiers) {
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      if (const auto conflict = conflict_of(pointers_to(items), budget)) {
        document.add(kNeverMatches, document.span_of(conflict->item->item), conflict->reason);
      }
    }
  }
  for (const ReadCondition& read : document.rule().conditions) {
    check_condition(document, read, budget);
  }
}

}  // namespace catena::lint
