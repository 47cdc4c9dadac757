#include "app/named_batch.h"

#include <utility>

#include "core/error.h"

namespace archive {

BatchRecord named_batch(const Records& records, const std::string& name) {
  if (auto batch = records.batch_named(name)) return std::move(*batch);
  throw ArchiveError(ErrorKind::not_found, name, "there is no batch of this name or number",
                     "`juanzong status` lists all batches");
}

}  // namespace archive
