// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_lists.h"

namespace sklab {

void add_context_mutants(std::vector<KernelMutant> &mutants) {
  static constexpr char kFilter[] = "net/core/filter.c";
  static constexpr char kValid[] = "sk_lookup_is_valid_access";
  static constexpr char kConvert[] = "sk_lookup_convert_ctx_access";
  for (
      const KernelMutant &mutant : {
          KernelMutant{"context_end", kFilter, kValid, "", "off >= sizeof(struct bpf_sk_lookup)",
                       ")", "off > sizeof(struct bpf_sk_lookup)", 0, MutantKind::kExpression,
                       "an access at the very end is of no field, and refused as that"},
          KernelMutant{"context_misaligned", kFilter, kValid, "if (", "off % size != 0", ")", "0",
                       0, MutantKind::kExpression},
          KernelMutant{"context_written", kFilter, kValid, "if (", "type != BPF_READ", ")", "0", 0,
                       MutantKind::kExpression},
          KernelMutant{"context_part_of_sk", kFilter, kValid, "return ", "size == sizeof(__u64)",
                       ";", "true", 0, MutantKind::kExpression},
          KernelMutant{"context_no_part_of_word", kFilter, kValid, "return ",
                       "bpf_ctx_narrow_access_ok(off, size, sizeof(__u32))", ";",
                       "size == sizeof(__u32)", 0, MutantKind::kExpression},
          KernelMutant{"context_part_of_word_unchecked", kFilter, kValid, "return ",
                       "bpf_ctx_narrow_access_ok(off, size, sizeof(__u32))", ";",
                       "size <= sizeof(__u64)", 0, MutantKind::kExpression},
          KernelMutant{"context_port_of_four_bytes", kFilter, kValid, "if (",
                       "size == sizeof(__u32)", ")", "0", 0, MutantKind::kExpression},
          KernelMutant{"context_padding_refused", kFilter, kValid, "return ",
                       "bpf_ctx_narrow_access_ok(off, size, sizeof(__u16))", ";", "false", 0,
                       MutantKind::kExpression},
          KernelMutant{"context_no_part_of_port", kFilter, kValid, "return ",
                       "bpf_ctx_narrow_access_ok(off, size, sizeof(__be16))", ";",
                       "size == sizeof(__be16)", 0, MutantKind::kExpression},
          KernelMutant{"convert_v6_remote_is_local", kFilter, kConvert, "",
                       "offsetof(struct bpf_sk_lookup_kern, v6.saddr)", ")",
                       "offsetof(struct bpf_sk_lookup_kern, v6.daddr)", 0, MutantKind::kExpression},
          KernelMutant{"convert_v6_local_is_remote", kFilter, kConvert, "",
                       "offsetof(struct bpf_sk_lookup_kern, v6.daddr)", ")",
                       "offsetof(struct bpf_sk_lookup_kern, v6.saddr)", 0, MutantKind::kExpression},
          KernelMutant{"convert_v6_remote_first_word", kFilter, kConvert,
                       "off -= ", "offsetof(struct bpf_sk_lookup, remote_ip6[0])", ";", "off", 0,
                       MutantKind::kExpression},
          KernelMutant{"convert_v6_local_first_word", kFilter, kConvert,
                       "off -= ", "offsetof(struct bpf_sk_lookup, local_ip6[0])", ";", "off", 0,
                       MutantKind::kExpression},
          KernelMutant{"convert_v6_remote_of_v4", kFilter, kConvert,
                       "BPF_JMP_IMM(BPF_JEQ, si->dst_reg, ", "0", ", 1)", "1", 1,
                       MutantKind::kExpression},
          KernelMutant{"convert_v6_local_of_v4", kFilter, kConvert,
                       "BPF_JMP_IMM(BPF_JEQ, si->dst_reg, ", "0", ", 1)", "1", 2,
                       MutantKind::kExpression},
          KernelMutant{"convert_padding", kFilter, kConvert, "BPF_MOV32_IMM(si->dst_reg, ", "0",
                       ")", "1", 3, MutantKind::kExpression},
          KernelMutant{"convert_sk", kFilter, kConvert, "",
                       "offsetof(struct bpf_sk_lookup_kern, selected_sk)", ")",
                       "offsetof(struct bpf_sk_lookup_kern, v6.saddr)", 0, MutantKind::kExpression},
          KernelMutant{
              "convert_family", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
              "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     family, 2, target_size)",
              ")", "bpf_target_off(struct bpf_sk_lookup_kern, protocol, 2, target_size)", 0,
              MutantKind::kExpression},
          KernelMutant{"convert_protocol", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
                       "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     protocol, 2, "
                       "target_size)",
                       ")", "bpf_target_off(struct bpf_sk_lookup_kern, family, 2, target_size)", 0,
                       MutantKind::kExpression},
          KernelMutant{"convert_v4_remote", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
                       "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     v4.saddr, 4, "
                       "target_size)",
                       ")", "bpf_target_off(struct bpf_sk_lookup_kern, v4.daddr, 4, target_size)",
                       0, MutantKind::kExpression},
          KernelMutant{"convert_v4_local", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
                       "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     v4.daddr, 4, "
                       "target_size)",
                       ")", "bpf_target_off(struct bpf_sk_lookup_kern, v4.saddr, 4, target_size)",
                       0, MutantKind::kExpression},
          KernelMutant{
              "convert_remote_port", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
              "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     sport, 2, target_size)",
              ")", "bpf_target_off(struct bpf_sk_lookup_kern, dport, 2, target_size)", 0,
              MutantKind::kExpression},
          KernelMutant{
              "convert_local_port", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
              "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     dport, 2, target_size)",
              ")", "bpf_target_off(struct bpf_sk_lookup_kern, sport, 2, target_size)", 0,
              MutantKind::kExpression},
          KernelMutant{"convert_ifindex", kFilter, kConvert, "si->src_reg,\n\t\t\t\t      ",
                       "bpf_target_off(struct bpf_sk_lookup_kern,\n\t\t\t\t\t\t     "
                       "ingress_ifindex, 4, target_size)",
                       ")", "bpf_target_off(struct bpf_sk_lookup_kern, v4.saddr, 4, target_size)",
                       0, MutantKind::kExpression},
      }) {
    mutants.push_back(mutant);
  }
}

}  // namespace sklab
