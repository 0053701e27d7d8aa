// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/conform/case_log.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/model/link_rules.h"
#include "harness/path/probe.h"

namespace sklab {

// One call about a link. Programs 0 and 1 are sk_lookup programs, kOtherType is of another type.
struct LinkOperation {
  enum class Kind : uint8_t { kAttach, kUpdate, kDetach, kClose };
  static constexpr size_t kOtherType = 2;

  Kind kind = Kind::kAttach;
  size_t link = 0;  // but for kAttach
  size_t program = 0;
  std::optional<size_t> expected;  // kUpdate: the program that must be there
};

std::string describe(const LinkOperation &operation);

// A netns whose links are made, changed and closed as operations say, each compared with the rules:
// what the call returned, what the query and the link's info say, which programs a lookup runs in
// which order.
class LinkLab {
 public:
  static Result<LinkLab> create();

  // Starts with no links.
  Result<> run(const std::vector<LinkOperation> &operations, const LinkRules &rules, Case &result);

  // How many programs there are to choose from, that of another type included.
  static constexpr size_t kPrograms = 3;

 private:
  LinkLab(Netns netns, Netns elsewhere, Probe probe, BpfMap order)
      : netns_(std::move(netns)),
        elsewhere_(std::move(elsewhere)),
        probe_(std::move(probe)),
        order_(std::move(order)) {}

  int perform(const LinkOperation &operation);
  Result<std::vector<size_t>> queried_programs() const;
  Result<uint64_t> order_of_lookup();
  Result<> compare(const LinkList &expected, const std::string &history, Case &result);

  Netns netns_;
  // Where a program stays attached, so that the kernel's static key is not switched every time.
  Netns elsewhere_;
  Probe probe_;
  // What the programs of a lookup leave: a number that depends on which ran in which order.
  BpfMap order_;
  std::vector<UniqueFd> programs_;
  std::vector<uint32_t> ids_;
  std::vector<NetnsLink> key_holder_;
  std::vector<UniqueFd> links_;
};

}  // namespace sklab
