// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"

namespace sklab {

// The kernel's static key bpf_sk_lookup_enabled is on while any sk_lookup program is attached in
// any netns of the machine, and a lookup with the key on costs more everywhere. This switches it by
// attaching a program in a netns that is not measured.
class KeySwitch {
 public:
  // Errors: kUnavailable when programs of others are attached on this machine.
  static Result<KeySwitch> create();

  // Nothing happens when it is so already. Errors: kUnavailable when somebody else attached a
  // program meanwhile.
  Result<> set(bool on);

 private:
  KeySwitch(Netns foreign, Program pass) : foreign_(std::move(foreign)), pass_(std::move(pass)) {}

  Netns foreign_;
  Program pass_;
  std::unique_ptr<NetnsLink> link_;  // held while the key is on
};

}  // namespace sklab
