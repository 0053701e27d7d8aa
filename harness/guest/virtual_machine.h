// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sklab {

// How a guest's processor is made.
enum class Processor : uint8_t {
  // Emulated, one, its clock counts instructions: a run is a function of its inputs alone.
  kDeterministic,
  kEmulated,  // by all CPUs of the host
  kKvm,
};

struct VirtualMachine {
  std::filesystem::path emulator;  // qemu-system-x86_64
  std::filesystem::path kernel;
  std::filesystem::path initramfs;
  std::filesystem::path console;  // file that gets what the kernel says
  std::filesystem::path channel;  // file that gets what comes through DebugPort
  // File that gets what is written to kNotePort; none if empty.
  std::filesystem::path notes = {};
  // Plugin that counts instructions, and file that gets its records; none if empty.
  std::filesystem::path profile_plugin;
  std::filesystem::path profile;
  Processor processor = Processor::kDeterministic;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
  uint16_t gdb_port = 0;         // of 127.0.0.1, where it waits for gdb; 0 for none
  uint64_t seed = 1;             // of all that is random in a deterministic guest
  std::string kernel_arguments;  // besides those that every guest has
  std::string first_process;     // path and arguments of it
};

// What a deterministic guest's clock shows when it starts.
inline constexpr char kGuestStartUtc[] = "2026-01-01T00:00:00";

// The emulator's command line. Errors it can make shows the emulator.
std::vector<std::string> emulator_arguments(const VirtualMachine &machine);

}  // namespace sklab
