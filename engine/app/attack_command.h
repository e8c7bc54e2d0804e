// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// `catena attack`: the ATT&CK and IRIS tables that detections are tagged from.
namespace catena::app {

struct AttackOptions {
  std::string id;      // show: technique, tactic or phase
  std::string bundle;  // import: a STIX bundle, plain or .gz
  std::string output;  // import: where the tables go; "" for attack_overlay_path()
};

// Both return the process's exit code.
int run_attack_show(const AttackOptions& options);
int run_attack_import(const AttackOptions& options);

}  // namespace catena::app
