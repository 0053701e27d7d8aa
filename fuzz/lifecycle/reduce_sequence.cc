// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/reduce_sequence.h"

#include <utility>

namespace sklab {
namespace {

class SequenceReducer {
 public:
  SequenceReducer(Sequence sequence, const std::function<bool(const Sequence &)> &fails)
      : sequence_(std::move(sequence)), fails_(fails) {}

  Sequence reduce() {
    do {
      smaller_ = false;
      drop_operations();
      for (size_t i = 0; i < sequence_.programs.size(); ++i) simplify(i);
    } while (smaller_);
    return std::move(sequence_);
  }

 private:
  template <typename Change>
  bool attempt(Change &&change) {
    Sequence before = sequence_;
    change();
    if (sequence_ != before && fails_(sequence_)) return smaller_ = true;
    sequence_ = std::move(before);
    return false;
  }

  // Runs of operations first: halves, quarters and so on, then single ones, from the end.
  void drop_operations() {
    auto &operations = sequence_.operations;
    for (size_t length = operations.size() / 2; length > 0; length /= 2) {
      for (size_t end = operations.size() - 1; end > 0;) {
        const size_t first = end - std::min(length, end);
        attempt([&] {
          operations.erase(operations.begin() + static_cast<ptrdiff_t>(first),
                           operations.begin() + static_cast<ptrdiff_t>(end));
        });
        end = first;
      }
    }
  }

  void simplify(size_t index) {
    // An attempt that fails moves the steps: they are named by their place.
    const auto program = [&]() -> NumberedProgram & { return sequence_.programs[index]; };
    for (size_t i = program().steps.size(); i-- > 0;) {
      attempt([&] { program().steps.erase(program().steps.begin() + static_cast<ptrdiff_t>(i)); });
    }
    // NOLINTNEXTLINE(modernize-loop-convert): the vector is another after each attempt.
    for (size_t i = 0; i < program().steps.size(); ++i) {
      attempt([&] { program().steps[i].flags = 0; });
    }
    attempt([&] { program().return_code = kSkPass; });
  }

  Sequence sequence_;
  const std::function<bool(const Sequence &)> &fails_;
  bool smaller_ = false;
};

}  // namespace

Sequence reduce_sequence(Sequence sequence, const std::function<bool(const Sequence &)> &fails) {
  return SequenceReducer(std::move(sequence), fails).reduce();
}

}  // namespace sklab
