// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/sequence_text.h"

#include <algorithm>

namespace sklab {
std::string format_sequence(const Sequence &sequence) {
  std::string text;
  const auto &operations = sequence.operations;
  for (size_t i = 0; i < sequence.programs.size(); ++i) {
    const bool used = std::any_of(operations.begin(), operations.end(), [i](const auto &operation) {
      return names_program(operation, i);
    });
    if (used) text += describe(sequence.programs[i], i) + "\n";
  }
  for (const Operation &operation : operations) text += describe(operation) + "\n";
  return text;
}

}  // namespace sklab
