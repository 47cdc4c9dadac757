// A disk that remembers everything that was done to it, for rehearsing power cuts.
//
//   juanzong_recording_disk IMAGE LOG FOLDER [WITNESS...]
//
// Mounts a file system with one file, `disk`, at FOLDER: the bytes of IMAGE, kept in memory. A loop
// device on it is a disk of which every write and every flush is noted in LOG, in the order in
// which the disk saw them. IMAGE with any beginning of LOG played on it is what lies on the disk
// when the power goes at that moment; of the writes since the last flush a real disk may keep any
// part.
//
// Each WITNESS is an empty file beside it, for what is told to the world outside (a page is safe,
// the ledger has come so far): what is written there stands in the same LOG, in the same order.
//
// LOG is a row of records: three numbers of 64 bits (what, where, length), then so many bytes.
// What: 1 a write, 2 a flush; 16 + n a write to the nth witness, 32 + n that it was cut to `where`.
//
// Speaks with the kernel itself (linux/fuse.h): no library is needed. Ends when FOLDER is
// unmounted.

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace rigs {
namespace {

constexpr std::size_t kWriteMax = 128 << 10;  // what the kernel sends at once without being asked
constexpr std::size_t kBufferBytes = kWriteMax + (64 << 10);
constexpr std::uint32_t kMinor = 31;  // of the protocol; Debian 12's header is newer
constexpr std::uint64_t kRoot = FUSE_ROOT_ID;
constexpr std::uint64_t kDisk = kRoot + 1;  // node of `disk`; the witnesses come after it

enum What : std::uint64_t { kWrite = 1, kFlush = 2, kTold = 16, kCut = 32 };

struct File {
  std::string name;
  std::string bytes;
};

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
T begin_of(std::string_view bytes) {
  T value{};
  if (bytes.size() < sizeof value) throw std::runtime_error("a request of the kernel is too short");
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

class RecordingDisk {
 public:
  RecordingDisk(const std::string& image, const std::string& log, std::string folder)
      : log_(log, std::ios::binary | std::ios::trunc), folder_(std::move(folder)) {
    std::ifstream in(image, std::ios::binary);
    files_.push_back({"disk", {std::istreambuf_iterator<char>(in), {}}});
    if (!in || !log_) throw std::runtime_error("cannot read " + image + " or write " + log);
  }

  void add_witness(std::string name) { files_.push_back({std::move(name), ""}); }

  void mount() {
    kernel_ = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (kernel_ < 0) throw std::system_error(errno, std::generic_category(), "/dev/fuse");
    const std::string how =
        "fd=" + std::to_string(kernel_) + ",rootmode=40000,user_id=0,group_id=0";
    if (::mount("juanzong_recording_disk", folder_.c_str(), "fuse", MS_NOSUID | MS_NODEV,
                how.c_str()) != 0) {
      throw std::system_error(errno, std::generic_category(), "mount " + folder_);
    }
  }

  void serve() {
    std::vector<char> buffer(kBufferBytes);
    while (true) {
      const ssize_t got = ::read(kernel_, buffer.data(), buffer.size());
      if (got < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) continue;
      if (got <= 0) break;  // ENODEV: unmounted
      const std::string_view request(buffer.data(), static_cast<std::size_t>(got));
      head_ = begin_of<fuse_in_header>(request);
      answer_to(request.substr(sizeof head_));
    }
    log_.close();
    if (!log_) throw std::runtime_error("the log could not be written");
  }

 private:
  void reply(std::string_view first, std::string_view second = {}) { send(0, first, second); }
  void refuse(int error) { send(-error, {}, {}); }

  void send(int error, std::string_view first, std::string_view second) {
    fuse_out_header head{};
    head.unique = head_.unique;
    head.error = error;
    head.len = static_cast<std::uint32_t>(sizeof head + first.size() + second.size());
    std::string message(bytes_of(head));
    message.append(first).append(second);
    [[maybe_unused]] const ssize_t sent = ::write(kernel_, message.data(), message.size());
  }

  void note(std::uint64_t what, std::uint64_t where, std::string_view bytes) {
    const std::array<std::uint64_t, 3> record = {what, where, bytes.size()};
    log_ << bytes_of(record) << bytes;
    log_.flush();
  }

  File& file() { return files_.at(head_.nodeid - kDisk); }

  fuse_attr attributes(std::uint64_t node) const {
    fuse_attr found{};
    found.ino = node;
    found.nlink = 1;
    found.blksize = 4096;
    if (node == kRoot) {
      found.mode = S_IFDIR | 0755;
    } else {
      found.mode = S_IFREG | 0644;
      found.size = files_.at(node - kDisk).bytes.size();
    }
    return found;
  }

  void reply_attributes() {
    fuse_attr_out out{};
    out.attr = attributes(head_.nodeid);
    reply(bytes_of(out));
  }

  void look_up(std::string_view name) {
    name = name.substr(0, name.find('\0'));
    const auto place = std::ranges::find(files_, name, &File::name);
    if (place == files_.end()) return refuse(ENOENT);
    fuse_entry_out out{};
    out.nodeid = kDisk + static_cast<std::uint64_t>(place - files_.begin());
    out.attr = attributes(out.nodeid);
    reply(bytes_of(out));
  }

  void set_attributes(std::string_view request) {
    const auto wanted = begin_of<fuse_setattr_in>(request);
    if ((wanted.valid & FATTR_SIZE) != 0 && head_.nodeid > kDisk) {
      file().bytes.resize(wanted.size);
      note(kCut + (head_.nodeid - kDisk - 1), wanted.size, {});
    }
    reply_attributes();
  }

  void open() {
    fuse_open_out out{};
    // Witnesses are small and must be seen as they are; the disk may be cached.
    out.open_flags = head_.nodeid > kDisk ? FOPEN_DIRECT_IO : FOPEN_KEEP_CACHE;
    reply(bytes_of(out));
  }

  void read(std::string_view request) {
    const auto wanted = begin_of<fuse_read_in>(request);
    const std::string_view bytes = file().bytes;
    if (wanted.offset >= bytes.size()) return reply({});
    reply(bytes.substr(wanted.offset, wanted.size));
  }

  void write(std::string_view request) {
    const auto wanted = begin_of<fuse_write_in>(request);
    const std::string_view bytes = request.substr(sizeof wanted, wanted.size);
    const bool is_disk = head_.nodeid == kDisk;
    std::string& content = file().bytes;
    if (wanted.offset + bytes.size() > content.size()) {
      if (is_disk) return refuse(ENOSPC);
      content.resize(wanted.offset + bytes.size());
    }
    content.replace(wanted.offset, bytes.size(), bytes);
    note(is_disk ? kWrite : kTold + (head_.nodeid - kDisk - 1), wanted.offset, bytes);
    fuse_write_out out{};
    out.size = static_cast<std::uint32_t>(bytes.size());
    reply(bytes_of(out));
  }

  void initialise(std::string_view request) {
    const auto asked = begin_of<std::array<std::uint32_t, 2>>(request);
    fuse_init_out out{};
    out.major = FUSE_KERNEL_VERSION;
    out.minor = std::min(asked[1], kMinor);
    out.flags = FUSE_BIG_WRITES;
    out.max_write = kWriteMax;
    out.time_gran = 1;
    reply(bytes_of(out));
  }

  void answer_to(std::string_view request) {
    switch (head_.opcode) {
      case FUSE_INIT:
        return initialise(request);
      case FUSE_LOOKUP:
        return look_up(request);
      case FUSE_GETATTR:
        return reply_attributes();
      case FUSE_SETATTR:
        return set_attributes(request);
      case FUSE_OPEN:
        return open();
      case FUSE_READ:
        return read(request);
      case FUSE_WRITE:
        return write(request);
      case FUSE_FSYNC:
        if (head_.nodeid == kDisk) note(kFlush, 0, {});
        return reply({});
      case FUSE_OPENDIR:
        return reply(bytes_of(fuse_open_out{}));
      case FUSE_READDIR:
      case FUSE_FLUSH:
      case FUSE_RELEASE:
      case FUSE_RELEASEDIR:
        return reply({});
      case FUSE_STATFS:
        return reply(bytes_of(fuse_statfs_out{}));
      case FUSE_FALLOCATE:
        return refuse(EOPNOTSUPP);
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
      case FUSE_INTERRUPT:
        return;  // no answer is wanted
      default:
        return refuse(ENOSYS);
    }
  }

  std::ofstream log_;
  std::string folder_;
  std::vector<File> files_;
  int kernel_ = -1;
  fuse_in_header head_{};  // of the request that is being answered
};

}  // namespace
}  // namespace rigs

int main(int argc, char** argv) {
  constexpr int kTrouble = 125;
  try {
    if (argc < 4) throw std::runtime_error("usage: recording_disk IMAGE LOG FOLDER [WITNESS...]");
    rigs::RecordingDisk disk(argv[1], argv[2], argv[3]);
    for (int i = 4; i < argc; ++i) disk.add_witness(argv[i]);
    disk.mount();
    disk.serve();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_recording_disk: %s\n", error.what());
    return kTrouble;
  }
}
