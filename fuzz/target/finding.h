// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// A disagreement between the kernel and the rules, seen twice and reduced.
struct Finding {
  // What is wrong, without the values that do not matter for it: findings of one target with the
  // same signature count as one.
  std::string signature;
  std::string expected;  // by the rules, a fact a line
  std::string actual;    // by the kernel, in the same order
  // By name: the reduced input as text, "reproducer.c", whatever else shows it again.
  std::map<std::string, std::string> files;
  // The file of `files` that `sklab replay` reads; empty for what only the fuzzer can run again.
  std::string scenario_file;
  // Commands that show it again; empty for those of a fuzzer's input.
  std::vector<std::string> repeat = {};
};

// FindingOrigin::rules of the kernel's own.
inline constexpr char kKernelRules[] = "kernel";

// What a finding was seen with, the same for all of a process.
struct FindingOrigin {
  std::string target;  // the fuzzer's name
  std::string rules;   // kKernelRules, or the name of the mutant
  Fingerprint fingerprint;
};

// Findings on disk, one folder each, named after target and signature.
class FindingFolder {
 public:
  FindingFolder(std::filesystem::path folder, FindingOrigin origin)
      : folder_(std::move(folder)), origin_(std::move(origin)) {}

  // Whether one of its kind is there already.
  [[nodiscard]] bool has(const Finding &finding) const;

  // Writes the finding's files, the raw `input`, finding.txt for people and finding.json for tools,
  // with the kernel's log since the process began. The folder gets its name when it is complete.
  // Returns it. Errors: what writing reports.
  Result<std::filesystem::path> add(const Finding &finding, std::span<const uint8_t> input,
                                    const std::string &kernel_log) const;

 private:
  [[nodiscard]] std::filesystem::path path_of(const Finding &finding) const;

  std::filesystem::path folder_;
  FindingOrigin origin_;
};

// The lines of two texts beside each other, under headings; those that differ are marked.
std::string side_by_side(const std::string &expected, const std::string &actual);

}  // namespace sklab
