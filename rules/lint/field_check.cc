// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <string>

#include "engine/base/text_fold.h"
#include "engine/match/reference_matcher.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/checks.h"
#include "rules/sigma/modifier.h"

namespace catena::lint {
namespace {

constexpr std::string_view kEventId = "EventID";

// The part of an item's key that names the field.
Span field_span(const Document& document, const sigma::DetectionItem& item) {
  const Span key = document.span_of(item);
  const std::size_t at = document.source().of(key).find(item.field);
  if (at > 1) return key;  // written with escapes
  return {key.begin + at, key.begin + at + item.field.size()};
}

class FieldCheck {
 public:
  FieldCheck(Document& document, const Taxonomy& taxonomy)
      : document_(document),
        fields_(taxonomy.fields(document.rule().log_source)),
        event_ids_(taxonomy.event_ids(document.rule().log_source)) {}

  void run() {
    for (const ReadIdentifier& identifier : document_.rule().identifiers) {
      const bool is_positive = identifier.is_asserted || !identifier.is_negated;
      for (const std::vector<ReadItem>& items : identifier.alternatives) {
        for (const ReadItem& read : items) {
          if (fields_ != nullptr) check_name(read.item);
          if (event_ids_ != nullptr && is_positive) check_event_id(read);
        }
      }
    }
  }

 private:
  void check_name(const sigma::DetectionItem& item) {
    // A name with a dot is a path of the producer; one that starts with "_" is Catena's own.
    const bool is_open = item.is_keyword() || item.field.find('.') != std::string::npos ||
                         item.field.starts_with('_') || fields_->contains(item.field);
    if (is_open) return;
    const std::string nearest = nearest_field(item.field);
    std::string message = "events of " + log_source() + " have no field '" + item.field + "'";
    const Span span = field_span(document_, item);
    std::optional<Fix> fix;
    if (!nearest.empty()) {
      message += "; did you mean '" + nearest + "'?";
      if (document_.source().of(span) == item.field) {
        fix = Fix{"write '" + nearest + "'", {{span, nearest}}, false};
      }
    }
    document_.add(kUnknownField, span, std::move(message), std::move(fix));
  }

  // The name in another case first, then the one that is nearest.
  std::string nearest_field(const std::string& name) const {
    std::vector<std::string_view> names;
    for (const std::string& field : *fields_) {
      if (folded(field) == folded(name)) return field;
      names.push_back(field);
    }
    return std::string(sigma::nearest_name(name, names));
  }

  void check_event_id(const ReadItem& read) {
    if (read.item.field != kEventId || !read.is_complete || read.item.values.empty()) return;
    if (compile::has_modifier(read.item, sigma::Modifier::kNotEqual)) return;
    for (std::size_t i = 0; i < read.tests.size(); ++i) {
      const bool fits =
          std::any_of(event_ids_->begin(), event_ids_->end(),
                      [&](const std::string& id) { return holds(read.tests[i], id); });
      if (fits) continue;
      document_.add(kEventIdOutsideCategory, document_.span_of(read.item.values[i]),
                    "no event of " + log_source() + " has this EventID; it has " + known_ids());
    }
  }

  static bool holds(const std::vector<plan::Predicate>& tests, const std::string& id) {
    return std::any_of(tests.begin(), tests.end(), [&id](const plan::Predicate& test) {
      const Field field = {test.field, ValueKind::kString, false, id};
      Event event;
      event.fields = {&field, 1};
      return match::ReferenceMatcher::holds(test, event);
    });
  }

  std::string known_ids() const {
    std::string text;
    for (const std::string& id : *event_ids_) text += (text.empty() ? "" : ", ") + id;
    return text;
  }

  std::string log_source() const {
    const LogSourceSelector& source = document_.rule().log_source;
    std::string text = source.product;
    for (const std::string& part : {source.category, source.service}) {
      if (!part.empty()) text += (text.empty() ? "" : "/") + part;
    }
    return text;
  }

  Document& document_;
  const std::set<std::string, std::less<>>* fields_;
  const std::set<std::string>* event_ids_;
};

}  // namespace

void check_fields(Document& document, const Taxonomy& taxonomy) {
  FieldCheck(document, taxonomy).run();
}

}  // namespace catena::lint
