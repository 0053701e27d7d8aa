// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/user_object.h"

#include <fcntl.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/object_maps.h"
#include "harness/model/scenario_grammar.h"

namespace sklab {
namespace {

// libbpf has errors of its own from there on, which strerror does not know.
constexpr int kFirstLibbpfError = 4000;

int real_errno(int error) { return error < kFirstLibbpfError ? error : 0; }

// Also by section names that libbpf 1.0 does not know any more.
bool is_sk_lookup(const bpf_program *program) {
  constexpr std::string_view kOlderPrefix = "sk_lookup/";
  return bpf_program__type(program) == BPF_PROG_TYPE_SK_LOOKUP ||
         std::string_view(bpf_program__section_name(program)).starts_with(kOlderPrefix);
}

std::vector<bpf_program *> sk_lookup_programs(bpf_object *object) {
  std::vector<bpf_program *> programs;
  bpf_program *program = nullptr;
  bpf_object__for_each_program(program, object) {
    if (is_sk_lookup(program)) programs.push_back(program);
  }
  return programs;
}

std::string names_of(const std::vector<bpf_program *> &programs) {
  std::string names;
  for (const bpf_program *program : programs) {
    names += (names.empty() ? "" : ", ") + std::string(bpf_program__name(program));
  }
  return names;
}

Result<bpf_program *> find_program(bpf_object *object, const ObjectSource &source) {
  const std::vector<bpf_program *> programs = sk_lookup_programs(object);
  if (programs.empty()) {
    return fail_as(ErrorKind::kUsage, "find a sk_lookup program in", source.path, 0,
                   "its section is to be SEC(\"sk_lookup\")");
  }
  if (source.program.empty()) {
    if (programs.size() == 1) return programs.front();
    return fail_as(ErrorKind::kUsage, "choose a sk_lookup program of", source.path, 0,
                   "say which, as FILE:PROGRAM: " + names_of(programs));
  }
  for (bpf_program *program : programs) {
    if (source.program == bpf_program__name(program)) return program;
  }
  return fail_as(ErrorKind::kUsage, "find sk_lookup program '" + source.program + "' in",
                 source.path, 0, "it has " + names_of(programs));
}

Result<> select_only(bpf_object *object, bpf_program *chosen) {
  bpf_program *program = nullptr;
  bpf_object__for_each_program(program, object) {
    const int error = bpf_program__set_autoload(program, program == chosen);
    if (error != 0) return fail("choose program", bpf_program__name(program), -error);
  }
  bpf_program__set_type(chosen, BPF_PROG_TYPE_SK_LOOKUP);
  bpf_program__set_expected_attach_type(chosen, BPF_SK_LOOKUP);
  bpf_map *map = nullptr;
  bpf_object__for_each_map(map, object) {
    const int error = bpf_map__set_pin_path(map, nullptr);
    if (error != 0) return fail("leave map unpinned:", bpf_map__name(map), -error);
  }
  return Ok{};
}

Result<> load(bpf_object *object, const bpf_program *program, const std::string &path) {
  const LibbpfMessages messages;
  const int error = bpf_object__load(object);
  if (error == 0) return Ok{};
  const std::string log = messages.verifier_log();
  if (log.empty()) {
    return fail_as(ErrorKind::kUsage, "load BPF object", path, real_errno(-error),
                   messages.cause());
  }
  return fail_as(ErrorKind::kUsage,
                 std::string("load program ") + bpf_program__name(program) + " of", path,
                 real_errno(-error),
                 "the verifier: " + verifier_message(log) +
                     "; with SKLAB_LIBBPF_DEBUG=1 its whole log is printed");
}

}  // namespace

ObjectSource object_source(const std::string &file_and_program) {
  const size_t colon = file_and_program.rfind(':');
  if (colon == std::string::npos || !is_identifier(file_and_program.substr(colon + 1))) {
    return {file_and_program, {}, {}};
  }
  return {file_and_program.substr(0, colon), file_and_program.substr(colon + 1), {}};
}

Result<UserObject::Handle> UserObject::open(const std::string &path) {
  // libbpf has other words for a file that cannot be read.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_as(ErrorKind::kUsage, "open BPF object", path, errno);
  const LibbpfMessages messages;
  Handle object(bpf_object__open_file(path.c_str(), nullptr));
  if (object != nullptr) return object;
  const int error = real_errno(errno);
  std::string cause = messages.cause();
  if (cause.empty()) return fail_as(ErrorKind::kUsage, "open BPF object", path, error);
  // The errno is libbpf's choice, ENOENT for missing BTF.
  if (cause.find("BTF is required") != std::string::npos) cause += " Compile it with -g";
  return fail_as(ErrorKind::kUsage, "open BPF object", path, 0, cause);
}

Result<UserObject> UserObject::create(const ObjectSource &source, const SocketSet &sockets) {
  SKLAB_TRY(Handle object, open(source.path));
  SKLAB_TRY(bpf_program *const program, find_program(object.get(), source));
  SKLAB_CHECK(select_only(object.get(), program));
  SKLAB_CHECK(set_global_variables(object.get(), source.scenario));
  SKLAB_CHECK(load(object.get(), program, source.path));
  SKLAB_CHECK(fill_object_maps(object.get(), source.scenario, sockets));
  return UserObject(std::move(object), program);
}

}  // namespace sklab
