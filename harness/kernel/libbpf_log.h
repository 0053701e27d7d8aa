// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace sklab {

// Keeps libbpf quiet, since every failure comes back as an Error with its errno; with
// SKLAB_LIBBPF_DEBUG=1 in the environment libbpf prints everything, verifier logs included.
void set_up_libbpf_log();

// What libbpf says while this lives, on the thread that made it: of objects that are not sklab's
// own, more can be wrong than an errno tells. One at a time.
class LibbpfMessages {
 public:
  LibbpfMessages();
  ~LibbpfMessages();
  LibbpfMessages(const LibbpfMessages &) = delete;
  LibbpfMessages &operator=(const LibbpfMessages &) = delete;

  // The first warning in one line, which is about the cause: those that follow say what could not
  // be done for it. "" if there is none.
  [[nodiscard]] std::string cause() const;
  // The log of the verifier that refused a program, "" if none did.
  [[nodiscard]] std::string verifier_log() const;

 private:
  std::vector<std::string> warnings_;
};

}  // namespace sklab
