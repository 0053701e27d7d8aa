// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/virtual_machine.h"

#include <fmt/format.h>

#include <initializer_list>

#include "harness/guest/debug_port.h"

namespace sklab {
namespace {

// A comma ends a value unless it is doubled (QEMU's manual, "Standard options").
std::string escaped(const std::filesystem::path &path) {
  std::string text;
  for (const char character : path.string()) text.append(character == ',' ? 2 : 1, character);
  return text;
}

std::string kernel_arguments(const VirtualMachine &machine) {
  // panic=-1: restart at once, which ends the emulator. One address layout and no entropy of the
  // processor's, so that only the seed is random. Without preemption a lookup is not interrupted by
  // another process. Ciphers test themselves in two fifths of all instructions until a process
  // runs.
  std::string arguments =
      "console=ttyS0 panic=-1 loglevel=7 printk.time=1 nokaslr norandmaps random.trust_cpu=off "
      "random.trust_bootloader=on cryptomgr.notests";
  if (machine.processor == Processor::kDeterministic) {
    // The time stamp counter counts instructions, and is a gigahertz to the kernel: without other
    // clocks it can neither find out that it is not, nor watch it.
    // The local interrupt controller's timer would have to be calibrated, in a loop of pauses, each
    // of which makes the emulator leave what it translated: ten seconds of every boot.
    arguments +=
        " tsc=reliable tsc_early_khz=1000000 hpet=disable pmtmr=0 no_timer_check preempt=none "
        "nolapic_timer";
    // The kernel's random numbers come from its command line then (random_init_early()); a name
    // with a dot is for a module, and nobody's here.
    arguments += fmt::format(" sklab.seed={}", machine.seed);
  }
  if (!machine.kernel_arguments.empty()) arguments += " " + machine.kernel_arguments;
  return fmt::format("{} rdinit={}", arguments, machine.first_process);
}

void add(std::vector<std::string> &arguments, std::initializer_list<std::string> more) {
  arguments.insert(arguments.end(), more);
}

void add_processor(const VirtualMachine &machine, std::vector<std::string> &arguments) {
  switch (machine.processor) {
    case Processor::kDeterministic:
      // A nanosecond an instruction, and no waiting for the host's clock. No random numbers of the
      // host's processor.
      add(arguments, {"-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off"});
      add(arguments, {"-cpu", "max,-rdrand,-rdseed", "-smp", "1"});
      add(arguments, {"-rtc", fmt::format("base={},clock=vm", kGuestStartUtc)});
      add(arguments, {"-seed", std::to_string(machine.seed)});
      return;
    case Processor::kEmulated:
      add(arguments, {"-accel", "tcg,thread=multi", "-cpu", "max"});
      add(arguments, {"-smp", std::to_string(machine.cpus)});
      return;
    case Processor::kKvm:
      add(arguments, {"-accel", "kvm", "-cpu", "host", "-smp", std::to_string(machine.cpus)});
      return;
  }
}

}  // namespace

std::vector<std::string> emulator_arguments(const VirtualMachine &machine) {
  std::vector<std::string> arguments = {machine.emulator.string()};
  add(arguments, {"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"});
  add(arguments, {"-m", fmt::format("{}M", machine.memory_mib)});
  add_processor(machine, arguments);
  add(arguments, {"-chardev", "file,id=console,path=" + escaped(machine.console)});
  add(arguments, {"-serial", "chardev:console"});
  add(arguments, {"-chardev", "file,id=channel,path=" + escaped(machine.channel)});
  add(arguments,
      {"-device", fmt::format("isa-debugcon,iobase={:#x},chardev=channel", kChannelPort)});
  if (!machine.notes.empty()) {
    add(arguments, {"-chardev", "file,id=notes,path=" + escaped(machine.notes)});
    add(arguments, {"-device", fmt::format("isa-debugcon,iobase={:#x},chardev=notes", kNotePort)});
  }
  add(arguments, {"-device", fmt::format("isa-debug-exit,iobase={:#x}", kEndPort)});
  add(arguments, {"-kernel", machine.kernel.string()});
  add(arguments, {"-initrd", machine.initramfs.string()});
  add(arguments, {"-append", kernel_arguments(machine)});
  if (machine.gdb_port != 0) {
    add(arguments, {"-gdb", fmt::format("tcp:127.0.0.1:{}", machine.gdb_port), "-S"});
  }
  if (!machine.profile_plugin.empty()) {
    add(arguments, {"-plugin", fmt::format("file={},out={}", escaped(machine.profile_plugin),
                                           escaped(machine.profile))});
  }
  return arguments;
}

}  // namespace sklab
