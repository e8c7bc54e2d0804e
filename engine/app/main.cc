// SPDX-License-Identifier: Apache-2.0
#include "engine/app/packs.h"

int main() { return catena::app::embedded_files().empty() ? 1 : 0; }
