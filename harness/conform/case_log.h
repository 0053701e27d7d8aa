// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/measure/interrupt.h"
#include "harness/record/case_record.h"

namespace sklab {

// What was expected and what happened, for a person, and the scenario as text when it was one.
struct Mismatch {
  // Most have no scenario. NOLINTBEGIN(google-explicit-constructor)
  Mismatch(const char *text) : description(text) {}
  Mismatch(std::string text) : description(std::move(text)) {}
  // NOLINTEND(google-explicit-constructor)
  Mismatch(std::string text, std::string replayed)
      : description(std::move(text)), scenario(std::move(replayed)) {}

  std::string description;
  std::string scenario;
};

// One named case while it runs. Every outcome that is compared with the rules is one check().
class Case {
 public:
  explicit Case(std::string name) { record_.name = std::move(name); }

  // One outcome. `describe` is called for a wrong one only, and gives a Mismatch. The first few are
  // kept, all are counted.
  template <typename Describe>
  void check(bool right, Describe &&describe) {
    ++record_.outcomes;
    if (!right) add_mismatch(std::forward<Describe>(describe)());
  }
  // Many outcomes that were right.
  void add_right(uint64_t outcomes) { record_.outcomes += outcomes; }

  // A program was refused, as it had to be, and this is what the verifier said. Kept with the
  // result of the case, a few lines of each message that was not there before.
  void keep_verifier_message(const std::string &message);

  // What was seen, which people are to read though nothing is wrong with it.
  void note(std::string text) { record_.notes.push_back(std::move(text)); }

  // The case could not be run: a skip when the kernel cannot do it (kUnavailable), else a failure,
  // since a check that did not run has shown nothing.
  void could_not_run(const Error &error);
  void skip(const std::string &reason);

  // What came of it. A case without a single outcome fails, unless it says why.
  [[nodiscard]] CaseRecord finish() &&;

 private:
  void add_mismatch(const Mismatch &mismatch);

  CaseRecord record_;
};

// The cases of a group, in the order in which they were added.
class CaseLog {
 public:
  // `ended` is shown every case that has ended.
  explicit CaseLog(std::function<void(const CaseRecord &)> ended = {}) : ended_(std::move(ended)) {}

  // Runs `body(Case &)`, which returns a Result<>, as the case `name`. Does nothing once the
  // process is interrupted, or after stop(): what is left out then must not be reported as checked,
  // nor is it.
  template <typename Body>
  void run(std::string name, Body &&body) {
    if (stopped_ || interrupted()) return;
    Case one(std::move(name));
    if (const Result<> result = body(one); !result) one.could_not_run(result.error());
    records_.push_back(std::move(one).finish());
    if (ended_) ended_(records_.back());
  }

  // For whoever wants to know only whether something is wrong.
  void stop() { stopped_ = true; }

  [[nodiscard]] std::vector<CaseRecord> take() { return std::move(records_); }

 private:
  std::function<void(const CaseRecord &)> ended_;
  std::vector<CaseRecord> records_;
  bool stopped_ = false;
};

}  // namespace sklab
