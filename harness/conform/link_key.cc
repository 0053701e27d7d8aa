// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Whether the hook's static key is on while links are attached, and off when none is: no answer
// depends on it, but every lookup costs more while it is on.
#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "harness/conform/links.h"
#include "harness/conform/raw_program.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/static_key.h"

namespace sklab {
namespace {

// A netns is taken down by a work queue.
constexpr int kReads = 100;
constexpr useconds_t kPause_us = 5000;
// Others on this machine may attach and detach meanwhile: what is right once, is right.
constexpr int kTries = 5;

// What is wrong; "" for nothing.
using Trouble = std::string;

Result<Trouble> expect_users(const StaticKey &key, int wanted, const char *when) {
  int users = 0;
  for (int i = 0; i < kReads; ++i) {
    SKLAB_TRY(users, key.users());
    if (users == wanted) return "";
    ::usleep(kPause_us);
  }
  return fmt::format("{} links hold the static key on {}, instead of {}", users, when, wanted);
}

Result<Trouble> try_once(const StaticKey &key, int program) {
  SKLAB_TRY(const int before, key.users());
  std::optional<NetnsLink> link;
  {
    SKLAB_TRY(const Netns gone, Netns::create());
    SKLAB_TRY(link, NetnsLink::attach(program, gone));
    SKLAB_TRY(Trouble trouble, expect_users(key, before + 1, "after an attach"));
    if (!trouble.empty()) return trouble;
  }
  SKLAB_TRY(Trouble trouble, expect_users(key, before, "after the exit of a netns"));
  if (!trouble.empty()) return trouble;
  SKLAB_TRY(const Netns netns, Netns::create());
  { SKLAB_TRY(const NetnsLink closed, NetnsLink::attach(program, netns)); }
  SKLAB_TRY(trouble, expect_users(key, before, "after a close"));
  if (!trouble.empty()) return trouble;
  SKLAB_TRY(link, NetnsLink::attach(program, netns));
  SKLAB_CHECK(link->detach());
  return expect_users(key, before, "after a detach");
}

Result<> check_key(Case &result) {
  SKLAB_TRY(const StaticKey key, StaticKey::find());
  SKLAB_TRY(const UniqueFd program, load_constant_program(SK_PASS));
  Trouble trouble;
  for (int i = 0; i < kTries; ++i) {
    SKLAB_TRY(trouble, try_once(key, program.get()));
    if (trouble.empty()) break;
  }
  result.check(trouble.empty(), [&] { return trouble; });
  return Ok{};
}

}  // namespace

void check_link_key(CaseLog &log) { log.run("static key", check_key); }

}  // namespace sklab
