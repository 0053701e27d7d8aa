// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/static_key.h"

#include <bpf/bpf.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "static_key_bpf.skel.h"

namespace sklab {

StaticKey::StaticKey(std::unique_ptr<Skeleton<static_key_bpf>> program)
    : program_(std::move(program)) {}
StaticKey::StaticKey(StaticKey &&other) noexcept = default;
StaticKey::~StaticKey() = default;

Result<StaticKey> StaticKey::find() {
  SKLAB_TRY(auto loaded, Skeleton<static_key_bpf>::open_and_load("static_key"));
  StaticKey key(std::make_unique<Skeleton<static_key_bpf>>(std::move(loaded)));
  SKLAB_CHECK(key.users());
  return key;
}

Result<int> StaticKey::users() const {
  const Skeleton<static_key_bpf> &program = *program_;
  std::array<char, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  if (bpf_prog_test_run_opts(bpf_program__fd(program->progs.read_static_key), &options) != 0) {
    return fail("run", "static key program", errno);
  }
  if (program->bss->found == 0) {
    return fail_as(ErrorKind::kUnavailable, "find", "bpf_sk_lookup_enabled", 0,
                   "it takes CONFIG_KALLSYMS_ALL");
  }
  return program->bss->users;
}

}  // namespace sklab
