// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "bench/generator/random.h"

// Fills the gaps of a text: {user} {host} {n} (a number) {hex} (eight digits) {guid} {word} (a name
// of a document) {ip} (an inside address) {out} (an address of the documentation networks, which no
// rule takes for an inside one) {b64} (120 base64 characters). Other braces stay.
// Thread safety: pure but for the generator it draws from.
namespace catena::generator {

struct TemplateNames {
  std::string_view user;
  std::string_view host;
};

[[nodiscard]] std::string fill_template(std::string_view text, const TemplateNames& names,
                                        Random& random);

}  // namespace catena::generator
