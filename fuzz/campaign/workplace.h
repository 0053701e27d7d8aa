// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/worker.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// What came of looking closer at what a fuzzer came upon.
enum class Examined {
  kNew,         // a finding, which is in the campaign's folder
  kKnown,       // one that was there already
  kUnrepeated,  // it did not happen again; kept apart
};

// Where a campaign's fuzzers run: on this kernel, or on others.
class Workplace {
 public:
  virtual ~Workplace() = default;

  // Errors: no worker.
  virtual Result<std::unique_ptr<Worker>> start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                                                Schedule::Slice slice,
                                                const WorkerSettings &settings) = 0;

  // What passes before a fuzzer begins, about.
  [[nodiscard]] virtual double start_s() const = 0;

  // A worker ended: takes what it knows besides its figures.
  virtual void take(Worker &worker) = 0;

  // A worker ended with kFinding or kFell: what it found comes into the campaign's folder.
  // `meanwhile` is called often, since that can take minutes. Errors: what writing reports.
  virtual Result<Examined> examine(Worker &worker, const Fuzzer &fuzzer,
                                   const CampaignFolder &folder, const std::string &mutant,
                                   const std::function<void()> &meanwhile) = 0;

  // Of the kernel that the fuzzers run on, as far as it is known yet.
  [[nodiscard]] virtual Fingerprint fingerprint() const = 0;
  // How to name it in a line.
  [[nodiscard]] virtual std::string kernel_name() const = 0;
  // Writes down what is known besides findings, corpora and figures. Errors: what writing reports.
  virtual Result<> save(const CampaignFolder &folder) = 0;
};

// This kernel.
class HostWorkplace : public Workplace {
 public:
  Result<std::unique_ptr<Worker>> start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                                        Schedule::Slice slice,
                                        const WorkerSettings &settings) override;
  [[nodiscard]] double start_s() const override { return 0; }
  void take(Worker & /*worker*/) override {}
  // Targets write their findings themselves.
  Result<Examined> examine(Worker & /*worker*/, const Fuzzer & /*fuzzer*/,
                           const CampaignFolder & /*folder*/, const std::string & /*mutant*/,
                           const std::function<void()> & /*meanwhile*/) override {
    return Examined::kNew;
  }
  [[nodiscard]] Fingerprint fingerprint() const override { return fingerprint_; }
  [[nodiscard]] std::string kernel_name() const override { return fingerprint_.kernel_release; }
  Result<> save(const CampaignFolder & /*folder*/) override { return Ok{}; }

 private:
  Fingerprint fingerprint_ = read_fingerprint();
};

}  // namespace sklab
