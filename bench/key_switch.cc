// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/key_switch.h"

#include <string>

#include "harness/kernel/skeleton.h"
#include "steer_bpf.skel.h"

namespace sklab {

Result<> require_lookup_links(unsigned expected) {
  SKLAB_TRY(const unsigned found, count_sk_lookup_links());
  if (found == expected) return Ok{};
  return fail_as(ErrorKind::kUnavailable,
                 "measure the plain lookup while other sk_lookup links exist:",
                 std::to_string(found - expected), 0,
                 "they slow every netns of the machine; `bpftool link list` shows them");
}

Result<KeySwitch> KeySwitch::create() {
  SKLAB_CHECK(require_lookup_links(0));
  SKLAB_TRY(Netns foreign, Netns::create());
  SKLAB_TRY(const auto steer, Skeleton<steer_bpf>::open_and_load("steer"));
  SKLAB_TRY(Program pass, Program::copy_of(steer->progs.pass));
  KeySwitch key;
  key.foreign_ = std::make_unique<Foreign>(Foreign{std::move(foreign), std::move(pass)});
  return key;
}

Result<> KeySwitch::set(bool on) {
  if (!foreign_ || on == (link_ != nullptr)) return Ok{};
  if (!on) {
    link_.reset();
    return require_lookup_links(0);
  }
  SKLAB_TRY(NetnsLink link, NetnsLink::attach(foreign_->pass.fd(), foreign_->netns));
  link_ = std::make_unique<NetnsLink>(std::move(link));
  return require_lookup_links(1);
}

}  // namespace sklab
