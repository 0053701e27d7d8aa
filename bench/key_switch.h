// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"

namespace sklab {

// Errors: kUnavailable unless so many sk_lookup links exist on this machine, in all netns.
Result<> require_lookup_links(unsigned expected);

// The kernel's static key bpf_sk_lookup_enabled is on while any sk_lookup program is attached in
// any netns of the machine, and a lookup with the key on costs more everywhere. This switches it by
// attaching a program in a netns that is not measured.
class KeySwitch {
 public:
  // Errors: kUnavailable when programs of others are attached on this machine.
  static Result<KeySwitch> create();

  // One that leaves the key as it is: another process switches it for several that take turns.
  static KeySwitch held_elsewhere() { return {}; }

  // Nothing happens when it is so already. Errors: kUnavailable when somebody else attached a
  // program meanwhile.
  Result<> set(bool on);

 private:
  struct Foreign {
    Netns netns;
    Program pass;
  };
  KeySwitch() = default;

  std::unique_ptr<Foreign> foreign_;  // none if the key is held elsewhere
  std::unique_ptr<NetnsLink> link_;   // held while the key is on
};

}  // namespace sklab
