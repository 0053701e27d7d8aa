// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>

#include <cerrno>
#include <memory>
#include <string>

#include "harness/base/result.h"

namespace sklab {

// Owns a BPF object through the skeleton that bpftool generated for it.
template <typename Generated>
class Skeleton {
 public:
  // `name` is for messages. Errors of load() carry the errno of the refused program; run with
  // SKLAB_LIBBPF_DEBUG=1 to see the verifier's log.
  static Result<Skeleton> open(std::string name) {
    Generated *object = Generated::open();
    if (object == nullptr) return fail("open BPF object", std::move(name), errno);
    return Skeleton(object, std::move(name));
  }

  Result<> load() {
    const int error = Generated::load(object_.get());
    if (error == 0) return Ok{};
    return fail("load BPF object", name_, -error, "`sklab doctor` shows what this kernel lacks");
  }

  static Result<Skeleton> open_and_load(std::string name) {
    SKLAB_TRY(Skeleton skeleton, open(std::move(name)));
    SKLAB_CHECK(skeleton.load());
    return skeleton;
  }

  Generated *operator->() const { return object_.get(); }
  Generated &operator*() const { return *object_; }

 private:
  struct Destroy {
    void operator()(Generated *object) const { Generated::destroy(object); }
  };

  Skeleton(Generated *object, std::string name) : object_(object), name_(std::move(name)) {}

  std::unique_ptr<Generated, Destroy> object_;
  std::string name_;
};

}  // namespace sklab
