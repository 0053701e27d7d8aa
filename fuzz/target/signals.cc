// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/signals.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fuzz/target/coverage.h"
#include "fuzz/target/feature_counters.h"
#include "fuzz/target/random.h"

namespace sklab {
namespace {

constexpr std::array<std::string_view, 4> kSignals = {"model", "features", "kernel", "comparisons"};
constexpr unsigned kModel = 1;
constexpr unsigned kFeatures = 2;
constexpr unsigned kKernel = 4;
constexpr unsigned kComparisons = 8;
// KCOV records either what runs or what is compared. One input in so many has the latter.
constexpr uint64_t kComparedPeriod = 8;

Result<unsigned> parse_signals(std::string_view names) {
  if (names == "none") return 0U;
  unsigned wanted = 0;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    size_t found = 0;
    while (found < kSignals.size() && kSignals[found] != name) ++found;
    if (found == kSignals.size()) {
      return fail_as(ErrorKind::kUsage, "use signal", "'" + std::string(name) + "'", 0,
                     "SKLAB_SIGNALS is none, or of model, features, kernel, comparisons");
    }
    wanted |= 1U << found;
  }
  return wanted;
}

}  // namespace

Result<Signals> Signals::create(std::string_view names) {
  SKLAB_TRY(unsigned wanted, parse_signals(names));
  std::optional<Kcov> kcov;
  if (names.empty() || (wanted & (kKernel | kComparisons)) != 0) {
    auto opened = Kcov::open();
    if (opened) {
      kcov.emplace(std::move(*opened));
    } else if (!names.empty()) {
      return tl::unexpected(std::move(opened).error());
    }
  }
  if (names.empty()) wanted = kModel | kFeatures | kKernel;
  if ((wanted & kComparisons) != 0) {
    SKLAB_CHECK(kcov->start_comparisons());
    kcov->stop_comparisons();
  }
  enable_features((wanted & kFeatures) != 0);
  return Signals(wanted, std::move(kcov));
}

// The same input has the same features whenever it is run.
Result<> Signals::begin_input(std::span<const uint8_t> input) {
  if (!kcov_) return Ok{};
  compares_ = (wanted_ & kComparisons) != 0 &&
              ((wanted_ & kKernel) == 0 || hash_bytes(input) % kComparedPeriod == 0);
  return compares_ ? kcov_->start_comparisons() : kcov_->start();
}

void Signals::end_input() {
  if ((wanted_ & kModel) == 0) {
    forget_coverage();
    // libFuzzer ends when an input has no feature at all.
    note_kernel_block(0);
  }
  if (!kcov_) return;
  if (compares_) {
    for (const KcovComparison &one : kcov_->stop_comparisons()) {
      note_kernel_comparison(one.address, one.left, one.right);
    }
    return;
  }
  const std::span<const uint64_t> blocks = kcov_->stop();
  for (const uint64_t block : blocks) note_kernel_block(block);
  if (collects_) blocks_.add(blocks);
}

}  // namespace sklab
