// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/object_scenario.h"

namespace sklab {

// A BPF object of a user's, which program of it is meant, and what its owner says of it.
struct ObjectSource {
  std::string path;
  std::string program;  // "" for the only sk_lookup program
  ObjectScenario scenario;
};

// One that groups, rows and lanes have in common; null for none.
using SharedObject = std::shared_ptr<const ObjectSource>;

// "FILE" or "FILE:PROGRAM", where a program's name is letters, digits and '_'. The scenario stays
// empty.
ObjectSource object_source(const std::string &file_and_program);

// A sk_lookup program that is not sklab's own, loaded, with its maps filled as the scenario says.
// Of an object's other programs none is loaded, and no map is pinned or taken from a pin: what
// happens here has nothing to do with what the user has running.
class UserObject {
 public:
  // `sockets` are the scenario's.
  // Errors: kUsage for whatever is wrong with the object, or does not fit it in the scenario.
  static Result<UserObject> create(const ObjectSource &source, const SocketSet &sockets);

  // Borrowed descriptor of the program.
  [[nodiscard]] int fd() const { return bpf_program__fd(program_); }
  [[nodiscard]] std::string name() const { return bpf_program__name(program_); }

 private:
  struct Close {
    void operator()(bpf_object *object) const { bpf_object__close(object); }
  };
  using Handle = std::unique_ptr<bpf_object, Close>;

  UserObject(Handle object, bpf_program *program) : object_(std::move(object)), program_(program) {}
  static Result<Handle> open(const std::string &path);

  Handle object_;
  bpf_program *program_;
};

}  // namespace sklab
