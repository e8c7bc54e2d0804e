// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/processing/transformation.h"

// The steps that change values, one after the other.
// Thread safety: const.
namespace catena::processing {

class ValueTransformation : public ItemTransformation {
 private:
  bool apply_to(ProcessingContext& context, const ProcessingItem& item,
                compile::DetectionNode& node) const final;
  // Appends what `value` becomes to `results` and returns true, or leaves it as it is.
  virtual bool change(ProcessingContext& context, const compile::ModifiedValue& value,
                      sigma::Place place, std::vector<compile::ModifiedValue>& results) const = 0;
};

// A text value like `value`, but with another pattern.
[[nodiscard]] compile::ModifiedValue with_text(const compile::ModifiedValue& value,
                                               compile::TextPattern text);

// The plain representation after every match of `regex` became `replacement`. Wildcards and escapes
// in the part that was replaced are read anew, all else stays what it was.
[[nodiscard]] compile::TextPattern replace_in_pattern(const compile::TextPattern& pattern,
                                                      const TextRegex& regex,
                                                      const ReplacementText& replacement);

}  // namespace catena::processing
