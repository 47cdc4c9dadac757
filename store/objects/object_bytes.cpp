#include "store/objects/object_bytes.h"

#include <utility>

#include "store/objects/input_file.h"

namespace archive {
namespace {

constexpr const char* kObjectLabel = "juanzong object";
constexpr std::size_t kHashBytes = 32;

std::string hash_bytes(const BlobId& blob) { return *bytes_of_hex(blob.hex()); }

PageFault damage(std::string detail) {
  return {Stage::receive, FaultReason::damaged, std::move(detail)};
}

}  // namespace

std::string ObjectBytes::name_of(const BlobId& blob) const {
  if (!sealed()) return std::string(blob.hex());
  return hex_of(hmac_of(keys_->names, blob.hex()));
}

std::optional<BlobId> ObjectBytes::blob_in(const std::filesystem::path& file,
                                           const std::string& name) const {
  if (!sealed()) return BlobId::parse(std::string(BlobId::kPrefix) + name);
  const auto hash = trailer_of(file, keys_->objects, kObjectLabel, kHashBytes);
  if (!hash) return std::nullopt;
  auto blob = BlobId::parse(std::string(BlobId::kPrefix) + hex_of(std::as_bytes(std::span(*hash))));
  if (blob && name_of(*blob) != name) blob.reset();
  return blob;
}

std::optional<std::uint64_t> ObjectBytes::size_in(std::uint64_t file_bytes) const {
  return sealed() ? plain_bytes(file_bytes, kHashBytes) : file_bytes;
}

std::optional<PageFault> ObjectBytes::read(const std::filesystem::path& file,
                                           const Take& take) const {
  if (!sealed()) {
    const auto opened = InputFile::open(file, UINT64_MAX);
    return opened ? opened->read_all(take) : opened.error();
  }
  SealTrailer trailer{kHashBytes, {}};
  switch (unseal_file(file, keys_->objects, kObjectLabel, take, &trailer)) {
    case SealFault::none:
      return std::nullopt;
    case SealFault::missing:
      return PageFault{Stage::receive, FaultReason::vanished, "the file is no longer there"};
    case SealFault::unreadable:
      return PageFault{Stage::receive, FaultReason::unreadable_file,
                       "the file cannot be read to its end"};
    case SealFault::broken:
      break;
  }
  return damage("the archive's key does not open it: it was changed or cut off");
}

ObjectWriter::ObjectWriter(TemporaryFile& file, const ObjectBytes& how) : file_(file) {
  if (!how.sealed()) return;
  sealer_.emplace(how.keys_->objects, kObjectLabel,
                  [this](std::span<const std::byte> piece) { file_.write(piece); });
}

void ObjectWriter::add(std::span<const std::byte> bytes) {
  hash_.add(bytes);
  size_bytes_ += bytes.size();
  if (sealer_) {
    sealer_->add(bytes);
  } else {
    file_.write(bytes);
  }
}

BlobId ObjectWriter::finish() {
  BlobId blob = hash_.finish();
  if (sealer_) sealer_->finish(hash_bytes(blob));
  return blob;
}

}  // namespace archive
