// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "fuzz/campaign/workplace.h"
#include "fuzz/in_guest/guest_fuzzing.h"

namespace sklab {

// Guests with another kernel, one for each slice of a fuzzer's time.
class GuestWorkplace : public Workplace {
 public:
  explicit GuestWorkplace(GuestFuzzing fuzzing) : fuzzing_(std::move(fuzzing)) {}

  Result<std::unique_ptr<Worker>> start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                                        Schedule::Slice slice,
                                        const WorkerSettings &settings) override;
  Result<Examined> examine(Worker &worker, const Fuzzer &fuzzer, const CampaignFolder &folder,
                           const std::string &mutant,
                           const std::function<void()> &meanwhile) override;
  // A boot, and a corpus to be read.
  [[nodiscard]] double start_s() const override { return 10; }
  void take(Worker &worker) override;
  [[nodiscard]] Fingerprint fingerprint() const override;
  [[nodiscard]] std::string kernel_name() const override;
  Result<> save(const CampaignFolder &folder) override;

 private:
  GuestFuzzing fuzzing_;
  std::optional<Fingerprint> kernel_;  // that guests said they have
  std::set<uint64_t> blocks_;          // of the kernel's code, that ran
};

}  // namespace sklab
