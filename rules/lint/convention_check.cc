// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/checks.h"

namespace catena::lint {

void check_conventions(Document& document, bool is_only) {
  (void)document;
  (void)is_only;
}

}  // namespace catena::lint
