// The only file that includes libmicrohttpd.

#include "viewer/http/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <typeinfo>
#include <unordered_map>

#include "core/error.h"
#include "core/utf8.h"
#include "viewer/http/event_stream.h"

namespace archive {
namespace {

using Clock = std::chrono::steady_clock;

// MHD's own clock counts silence; ours, which counts the whole, is to end first.
constexpr unsigned kSilenceSeconds = 90;
constexpr auto kBetweenLooks = std::chrono::seconds(1);

struct ResponseEnder {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, ResponseEnder>;

/// What one request has so far.
struct Incoming {
  HttpRequest request;
  int refused = 0;  // a status: no handler sees it
};

std::string address_of(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address != nullptr && address->sa_family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
  } else if (address != nullptr && address->sa_family == AF_INET6) {
    const auto* six = reinterpret_cast<const sockaddr_in6*>(address);
    inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
  }
  return text;
}

/// "127.0.0.1" or "::1" as the system's own calls want it.
struct Listening {
  sockaddr_storage storage{};
  bool six = false;

  static std::optional<Listening> of(const std::string& address, std::uint16_t port) {
    Listening made;
    auto* four = reinterpret_cast<sockaddr_in*>(&made.storage);
    auto* six = reinterpret_cast<sockaddr_in6*>(&made.storage);
    if (inet_pton(AF_INET, address.c_str(), &four->sin_addr) == 1) {
      four->sin_family = AF_INET;
      four->sin_port = htons(port);
      return made;
    }
    if (inet_pton(AF_INET6, address.c_str(), &six->sin6_addr) == 1) {
      six->sin6_family = AF_INET6;
      six->sin6_port = htons(port);
      made.six = true;
      return made;
    }
    return std::nullopt;
  }
};

/// Our own errors bear no personal data; what another says may quote what was sent.
std::string kind_of(const std::exception& error) {
  if (dynamic_cast<const ArchiveError*>(&error) != nullptr) return error.what();
  return std::string("an exception of the kind ") + typeid(error).name();
}

MHD_Result add_header(void* to, MHD_ValueKind, const char* name, const char* value) {
  auto& incoming = *static_cast<Incoming*>(to);
  std::string key = name;
  std::ranges::transform(key, key.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  std::string text = value == nullptr ? "" : value;
  if (!is_utf8(text)) incoming.refused = MHD_HTTP_BAD_REQUEST;
  incoming.request.headers.insert_or_assign(std::move(key), std::move(text));
  return MHD_YES;
}

}  // namespace

struct HttpServer::Impl {
  /// A connection between two answers.
  struct Quiet {
    Clock::time_point since;
    bool in_request = false;
    bool streaming = false;  ///< a stream ends when it is told to: its heartbeat finds who went
  };
  /// An answer that goes on, and the connection that it goes to.
  struct Streaming {
    std::shared_ptr<EventStream> stream;
    MHD_Connection* connection = nullptr;
  };

  HttpServerOptions options;
  Handler handler;
  Trouble trouble;
  MHD_Daemon* daemon = nullptr;
  std::atomic<std::int64_t> in_flight{0};
  std::atomic<bool> draining{false};
  std::mutex mutex;
  std::unordered_map<MHD_Connection*, Quiet> connections;  // guarded by mutex
  std::vector<std::weak_ptr<EventStream>> streams;         // guarded by mutex
  std::condition_variable_any ended;
  std::jthread watchman;

  // -- Connections that take too long

  static void on_connection(void* self, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what) {
    auto& impl = *static_cast<Impl*>(self);
    const std::lock_guard lock(impl.mutex);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
      impl.connections[connection] = {Clock::now(), false, false};
    } else {
      impl.connections.erase(connection);
    }
  }

  void note(MHD_Connection* connection, bool in_request) {
    const std::lock_guard lock(mutex);
    connections[connection] = {Clock::now(), in_request, false};
  }

  void watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, stop, kBetweenLooks, [] { return false; }) &&
           !stop.stop_requested()) {
      const auto now = Clock::now();
      for (const auto& [connection, quiet] : connections) {
        if (quiet.streaming) continue;
        const auto most = quiet.in_request ? options.body_max : options.quiet_max;
        if (now - quiet.since < most) continue;
        const MHD_ConnectionInfo* info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (info != nullptr) ::shutdown(info->connect_fd, SHUT_RDWR);
      }
    }
  }

  // -- Requests

  static void* on_uri(void*, const char* uri, MHD_Connection*) {
    auto* incoming = new Incoming;
    const std::string_view whole(uri);
    const std::size_t question = whole.find('?');
    incoming->request.path = whole.substr(0, question);
    auto segments = path_segments(incoming->request.path);
    auto arguments = query_arguments(
        question == std::string_view::npos ? std::string_view() : whole.substr(question + 1));
    if (!segments || !arguments) {
      incoming->refused = MHD_HTTP_BAD_REQUEST;
    } else {
      incoming->request.segments = std::move(*segments);
      incoming->request.query = std::move(*arguments);
    }
    return incoming;
  }

  // The path is decoded segment by segment: an encoded slash is no separator.
  static std::size_t leave_encoded(void*, MHD_Connection*, char* text) {
    return std::strlen(text);
  }

  static void on_completed(void* self, MHD_Connection* connection, void** state,
                           MHD_RequestTerminationCode) {
    static_cast<Impl*>(self)->note(connection, false);
    delete static_cast<Incoming*>(*state);
    *state = nullptr;
  }

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char*,
                               const char* method, const char*, const char* data,
                               std::size_t* size, void** state) {
    auto& impl = *static_cast<Impl*>(self);
    auto* incoming = static_cast<Incoming*>(*state);
    if (incoming == nullptr) return MHD_NO;
    HttpRequest& request = incoming->request;
    if (request.method.empty()) {
      impl.note(connection, true);
      request.method = method;
      MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, incoming);
      if (const auto* info =
              MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)) {
        request.peer = address_of(info->client_addr);
      }
      request.encrypted = !impl.options.certificate.empty();
      return MHD_YES;
    }
    if (*size > 0) {
      if (request.body.size() + *size > impl.options.body_bytes_max) {
        incoming->refused = MHD_HTTP_CONTENT_TOO_LARGE;
        request.body.clear();
      } else if (incoming->refused == 0) {
        request.body.append(data, *size);
      }
      *size = 0;
      return MHD_YES;
    }
    return impl.answer(connection, *incoming);
  }

  MHD_Result answer(MHD_Connection* connection, const Incoming& incoming) {
    ++in_flight;
    const HttpResponse told = response_to(incoming);
    const MHD_Result queued = send(connection, told);
    --in_flight;
    return queued;
  }

  HttpResponse response_to(const Incoming& incoming) {
    if (incoming.refused != 0) {
      HttpResponse response = HttpResponse::of("", incoming.refused);
      response.content_type = "text/plain; charset=utf-8";
      return response;
    }
    try {
      return handler(incoming.request);
    } catch (const std::exception& error) {
      trouble(kind_of(error));
    } catch (...) {
      trouble("an exception that says nothing");
    }
    HttpResponse response = HttpResponse::of("", MHD_HTTP_INTERNAL_SERVER_ERROR);
    response.content_type = "text/plain; charset=utf-8";
    return response;
  }

  static ssize_t take(void* kept, std::uint64_t, char* to, std::size_t most) {
    auto& streaming = *static_cast<Streaming*>(kept);
    const auto taken = streaming.stream->take(
        to, most, [&streaming] { MHD_suspend_connection(streaming.connection); });
    return taken < 0 ? MHD_CONTENT_READER_END_OF_STREAM : static_cast<ssize_t>(taken);
  }

  MHD_Result send_stream(MHD_Connection* connection, const HttpResponse& told) {
    constexpr std::size_t kBlock = 4096;
    auto* kept = new Streaming{told.stream, connection};
    told.stream->on_news([connection] { MHD_resume_connection(connection); });
    const Response response(MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, kBlock, &Impl::take, kept, [](void* ended) {
          const std::unique_ptr<Streaming> streaming(static_cast<Streaming*>(ended));
          streaming->stream->on_news(nullptr);
          streaming->stream->close();
        }));
    if (!response) {
      delete kept;
      return MHD_NO;
    }
    {
      const std::lock_guard lock(mutex);
      connections[connection].streaming = true;
      std::erase_if(streams, [](const auto& one) { return one.expired(); });
      streams.push_back(told.stream);
    }
    return queue(connection, told, response.get());
  }

  MHD_Result send(MHD_Connection* connection, const HttpResponse& told) {
    if (told.stream) return send_stream(connection, told);
    static const auto empty = std::make_shared<const std::string>();
    auto* body = new std::shared_ptr<const std::string>(told.body ? told.body : empty);
    // It reads the bytes, and only lacks the word for that.
    const Response response(MHD_create_response_from_buffer_with_free_callback_cls(
        (*body)->size(), const_cast<char*>((*body)->data()),
        [](void* kept) { delete static_cast<std::shared_ptr<const std::string>*>(kept); }, body));
    if (!response) return MHD_NO;
    return queue(connection, told, response.get());
  }

  MHD_Result queue(MHD_Connection* connection, const HttpResponse& told, MHD_Response* response) {
    if (!told.content_type.empty()) {
      MHD_add_response_header(response, "Content-Type", told.content_type.c_str());
    }
    for (const auto& [name, value] : told.headers) {
      MHD_add_response_header(response, name.c_str(), value.c_str());
    }
    if (draining) MHD_add_response_header(response, "Connection", "close");
    return MHD_queue_response(connection, static_cast<unsigned>(told.status), response);
  }

  void end_streams() {
    std::vector<std::weak_ptr<EventStream>> open;
    {
      const std::lock_guard lock(mutex);
      open.swap(streams);
    }
    for (const auto& one : open) {
      if (const auto stream = one.lock()) stream->close();
    }
  }
};

HttpServer::HttpServer(const HttpServerOptions& options, Handler handler, Trouble trouble)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  impl_->handler = std::move(handler);
  impl_->trouble = std::move(trouble);
  auto listening = Listening::of(options.address, options.port);
  const std::string where = options.address + ":" + std::to_string(options.port);
  if (!listening) {
    throw ArchiveError(ErrorKind::usage, where, "this is no address of a network",
                       "give one such as 127.0.0.1 or ::1");
  }
  unsigned flags =
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;
  if (listening->six) flags |= MHD_USE_IPv6;
  std::vector<MHD_OptionItem> more;
  if (!options.certificate.empty()) {
    flags |= MHD_USE_TLS;
    more.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, impl_->options.certificate.data()});
    more.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, impl_->options.private_key.data()});
  }
  more.push_back({MHD_OPTION_END, 0, nullptr});
  // Its words may repeat what a client sent; they are dropped.
  const MHD_LogCallback silence = [](void*, const char*, va_list) {};
  impl_->daemon = MHD_start_daemon(
      flags, options.port, nullptr, nullptr, &Impl::on_request, impl_.get(),
      MHD_OPTION_EXTERNAL_LOGGER, silence, nullptr,
      MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&listening->storage),
      MHD_OPTION_THREAD_POOL_SIZE, std::max(2U, options.threads),
      MHD_OPTION_CONNECTION_LIMIT, options.connections_max,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, options.connections_per_address_max,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, options.header_bytes_max,
      MHD_OPTION_CONNECTION_TIMEOUT, kSilenceSeconds,
      MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_UNESCAPE_CALLBACK, &Impl::leave_encoded, nullptr,
      MHD_OPTION_URI_LOG_CALLBACK, &Impl::on_uri, nullptr,
      MHD_OPTION_NOTIFY_CONNECTION, &Impl::on_connection, impl_.get(),
      MHD_OPTION_NOTIFY_COMPLETED, &Impl::on_completed, impl_.get(),
      MHD_OPTION_ARRAY, more.data(), MHD_OPTION_END);
  if (impl_->daemon == nullptr) {
    throw ArchiveError(ErrorKind::usage, where,
                       options.certificate.empty() ? "cannot be listened at"
                                                   : "cannot be listened at with this certificate",
                       "another program may have the port: choose another with --port, and check "
                       "that certificate and key belong together");
  }
  impl_->watchman = std::jthread([this](const std::stop_token& stop) { impl_->watch(stop); });
}

HttpServer::~HttpServer() {
  impl_->watchman = {};
  impl_->end_streams();
  MHD_stop_daemon(impl_->daemon);
}

std::uint16_t HttpServer::port() const {
  const MHD_DaemonInfo* info = MHD_get_daemon_info(impl_->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == nullptr ? 0 : info->port;
}

void HttpServer::drain(std::chrono::seconds at_most) {
  impl_->draining = true;
  impl_->end_streams();
  const int listening = MHD_quiesce_daemon(impl_->daemon);
  if (listening != MHD_INVALID_SOCKET) ::close(listening);
  const auto until = Clock::now() + at_most;
  while (impl_->in_flight > 0 && Clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace archive
