// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A plugin of QEMU that counts executed instructions by their virtual address, between marks
// (harness/guest/profile/profile_marks.h): -plugin file=sklab_profile.so,out=FILE
//
// Each instruction has an addition of its own. One a block would be cheaper, but a fault leaves a
// block in its middle, and what follows there was not executed.
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "harness/guest/profile/profile_encoding.h"
#include "harness/guest/profile/profile_marks.h"
#include "harness/guest/profile_plugin/counters.h"
#include "harness/guest/profile_plugin/plugin_api.h"

int qemu_plugin_version = 1;

namespace sklab {
namespace {

struct Plugin {
  Counters counters;
  std::FILE *file = nullptr;
  uint64_t records = 0;
};

// Never destroyed, as translated code adds to its counters until the emulator is gone.
Plugin &plugin() {
  static auto *const instance = new Plugin;  // NOLINT(cppcoreguidelines-owning-memory)
  return *instance;
}

void write(std::string_view bytes) {
  // At once: the machine may be stopped by a signal. A reader notices what is missing.
  std::fwrite(bytes.data(), 1, bytes.size(), plugin().file);
  std::fflush(plugin().file);
}

void begin_record(unsigned, void *) { plugin().counters.clear(); }

void end_record(unsigned, void *) {
  write(encode_profile_record(++plugin().records, plugin().counters.counted()));
}

// None if it is no mark.
execution_callback mark_callback(const qemu_plugin_insn *instruction) {
  constexpr std::string_view kLongNop("\x0f\x1f\x84\x00", 4);
  int32_t displacement = 0;
  constexpr size_t kSize = kLongNop.size() + sizeof(displacement);
  if (qemu_plugin_insn_size(instruction) != kSize) return nullptr;
  const auto *bytes = static_cast<const char *>(qemu_plugin_insn_data(instruction));
  if (std::string_view(bytes, kLongNop.size()) != kLongNop) return nullptr;
  std::memcpy(&displacement, bytes + kLongNop.size(), sizeof(displacement));
  if (displacement == kBeginMark) return begin_record;
  if (displacement == kEndMark) return end_record;
  return nullptr;
}

void translate(plugin_id, qemu_plugin_tb *block) {
  const size_t size = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i < size; ++i) {
    qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    if (const auto callback = mark_callback(instruction); callback != nullptr) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, callback, kUsesNoRegisters, nullptr);
    } else {
      uint64_t *counter = plugin().counters.at(qemu_plugin_insn_vaddr(instruction));
      qemu_plugin_register_vcpu_insn_exec_inline(instruction, kInlineAdd, counter, 1);
    }
  }
}

// What is wrong with how the plugin is used; none if nothing is.
const char *install(plugin_id id, const qemu_info_t &machine, std::string_view argument) {
  constexpr std::string_view kName = "out=";
  if (std::string_view(machine.target_name) != "x86_64" || !machine.system_emulation) {
    return "it is for machines of x86-64";
  }
  // Inline additions of several processors would lose some.
  if (machine.system.max_vcpus != 1) return "it is for machines with one processor";
  if (!argument.starts_with(kName)) return "the one argument is out=FILE";
  plugin().file = std::fopen(std::string(argument.substr(kName.size())).c_str(), "wbe");
  if (plugin().file == nullptr) return "the file cannot be written";
  write(kProfileMagic);
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  return nullptr;
}

}  // namespace
}  // namespace sklab

int qemu_plugin_install(plugin_id id, const qemu_info_t *machine, int argument_count,
                        char **arguments) {
  const char *const trouble = sklab::install(id, *machine, argument_count == 1 ? arguments[0] : "");
  if (trouble == nullptr) return 0;
  std::fprintf(stderr, "sklab_profile: %s\n", trouble);
  return 1;
}
