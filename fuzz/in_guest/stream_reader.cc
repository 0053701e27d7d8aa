// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/stream_reader.h"

#include <algorithm>
#include <cctype>

namespace sklab {
namespace {

// libFuzzer's names of inputs. Whatever else comes is not to become a path on the host.
bool is_input_name(std::string_view name) {
  constexpr size_t kSha1Digits = 40;
  return name.size() == kSha1Digits && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isxdigit(c) != 0;
         });
}

// "FOLDER/FILE"
bool is_finding_path(std::string_view path) {
  return std::count(path.begin(), path.end(), '/') == 1 &&
         path.find("..") == std::string_view::npos && !path.starts_with('/') &&
         !path.ends_with('/');
}

}  // namespace

Result<> StreamReader::add(std::string_view bytes) {
  decoder_.add(bytes);
  while (const auto frame = decoder_.next()) SKLAB_CHECK(take(*frame));
  if (decoder_.damaged()) return fail("understand what comes out of the guest");
  return Ok{};
}

Result<> StreamReader::take(const ByteFrame &frame) {
  switch (static_cast<StreamKind>(frame.kind)) {
    case StreamKind::kKernel:
      kernel_ = read_fingerprint();
      return decode_stream_kernel(frame.payload, *kernel_);
    case StreamKind::kInput:
      ++inputs_begun_;
      inputs_.push_back(frame.payload);
      if (inputs_.size() > kMostInputs) inputs_.pop_front();
      return begins_input ? begins_input(frame.payload) : Ok{};
    case StreamKind::kCorpusInput: {
      const NamedPayload input = decode_named(frame.payload);
      if (!is_input_name(input.name)) return fail("take an input named", input.name);
      return keeps_input ? keeps_input(input) : Ok{};
    }
    case StreamKind::kFigures: {
      SKLAB_TRY(figures_, decode_stream_figures(frame.payload));
      return Ok{};
    }
    case StreamKind::kBlocks: {
      const auto blocks = decode_stream_blocks(frame.payload);
      blocks_.insert(blocks_.end(), blocks.begin(), blocks.end());
      return Ok{};
    }
    case StreamKind::kFindingFile: {
      NamedPayload file = decode_named(frame.payload);
      if (!is_finding_path(file.name)) return fail("take a file named", file.name);
      files_[file.name] = std::move(file.content);
      return Ok{};
    }
  }
  return Ok{};
}

}  // namespace sklab
