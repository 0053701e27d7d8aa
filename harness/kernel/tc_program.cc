// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/tc_program.h"

#include <bpf/libbpf.h>

namespace sklab {

Result<> attach_tc_program(int interface, const std::string &name, TcDirection direction,
                           int program_fd) {
  const bpf_tc_attach_point point =
      direction == TcDirection::kIngress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = point);
  int error = bpf_tc_hook_create(&hook);
  if (error == 0) {
    LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd);
    error = bpf_tc_attach(&hook, &options);
  }
  if (error == 0) return Ok{};
  return fail_as(ErrorKind::kUnavailable, "attach TC program to", name, -error,
                 "the kernel needs NET_CLS_BPF and NET_SCH_INGRESS");
}

}  // namespace sklab
