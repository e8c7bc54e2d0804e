// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/attack/attack_catalog.h"
#include "rules/compile/compile_options.h"
#include "rules/lint/document.h"
#include "rules/lint/taxonomy.h"

// The checks, one question each: they look at a document and add findings to it. None depends on
// another, none changes anything, and each copes with a rule of which parts could not be read.
// Thread safety: pure functions but for the document. Cost: linear in the rule unless said.
namespace catena::lint {

// The JSON schemas of the specification (rule, correlation, filter), as tables of our own; and
// keys that are nearly those of Sigma.
void check_schema(Document& document);

// Wildcards that do nothing, wildcards that a modifier says better, values that match anything,
// base64 without case, neq without the field.
void check_values(Document& document, const compile::CompileOptions& options);

// Lists longer than this are searched for equal values only.
inline constexpr std::size_t kMaxComparedValues = 512;
// Values that occur twice, and values that another one covers. Quadratic in lists of up to
// kMaxComparedValues values, linear beyond.
void check_lists(Document& document);

// Regular expressions: the part that is refused, what a modifier would say, idle edges.
void check_regexes(Document& document);

// Search identifiers, and conjunctions of the condition, that no event can satisfy.
void check_contradictions(Document& document);

// Search identifiers that nobody uses; filters that do not negate.
void check_conditions(Document& document, bool is_filter);

// Field names and event ids against what events of the log source have.
void check_fields(Document& document, const Taxonomy& taxonomy);

// ATT&CK and IRIS tags.
void check_tags(Document& document, const attack::AttackCatalog& catalog);

// Level and status.
void check_labels(Document& document);

// Rules that the matcher evaluates for every event of their log source. Compiles the rule.
void check_cost(Document& document, const compile::CompileOptions& options);

// SigmaHQ's conventions for titles, file names, metadata and layout. `is_only` is true when the
// file holds no other document.
void check_conventions(Document& document, bool is_only);

}  // namespace catena::lint
