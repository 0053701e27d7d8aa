// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What is used of the plugin interface of QEMU, version 1, declared from its documentation ("QEMU
// TCG Plugins"). Debian 12's QEMU 7.2 has this version only. Names are QEMU's, as it looks
// functions up by them.
#pragma once

#include <cstddef>
#include <cstdint>

// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

struct qemu_plugin_tb;    // a block that is being translated, valid within the callback
struct qemu_plugin_insn;  // and an instruction of it

struct qemu_info_t {
  const char *target_name;
  struct {
    int minimum;
    int current;
  } version;
  bool system_emulation;
  struct {
    int smp_vcpus;
    int max_vcpus;
  } system;
};

using plugin_id = uint64_t;
using translation_callback = void (*)(plugin_id, qemu_plugin_tb *);
using execution_callback = void (*)(unsigned cpu, void *user_data);

constexpr int kInlineAdd = 0;  // the only inline operation there is: a 64-bit addition
constexpr int kUsesNoRegisters = 0;

// Both happen before the instruction is executed.
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn *, execution_callback, int registers,
                                            void *user_data);
void qemu_plugin_register_vcpu_insn_exec_inline(qemu_plugin_insn *, int operation, void *counter,
                                                uint64_t addend);
// Called for every translation of a block, also of one that was translated before.
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, translation_callback);

size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, size_t index);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *);

// What a plugin gives to QEMU.
extern __attribute__((visibility("default"))) int qemu_plugin_version;
__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id, const qemu_info_t *,
                                                               int argument_count,
                                                               char **arguments);
}
// NOLINTEND(readability-identifier-naming)
