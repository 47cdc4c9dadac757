#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "viewer/http/message.h"

namespace archive {

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;      ///< 0: any that is free
  std::string certificate;        ///< PEM; empty: no TLS
  std::string private_key;        ///< PEM
  unsigned threads = 8;
  unsigned connections_max = 1024;
  unsigned connections_per_address_max = 256;
  std::size_t header_bytes_max = 32 * 1024;  ///< of a request line and its headers together
  std::size_t body_bytes_max = 1 << 20;
  /// From the last answer (or the opening) of a connection until the next request is whole: idle
  /// connections and those that trickle alike.
  std::chrono::seconds quiet_max{60};
  std::chrono::seconds body_max{60};  ///< from the headers of a request until its body is there
};

/// HTTP/1.1 (RFC 9112) with TLS, keep-alive and limits on everything, by libmicrohttpd: idle
/// connections cost no thread. What is malformed or too large is refused before a handler sees it.
///
/// `handler` is called from several threads at the same time; what it throws becomes an answer 500
/// and goes to `trouble` as one line without personal data.
class HttpServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  using Trouble = std::function<void(const std::string&)>;

  /// Listens when it returns. Throws ArchiveError{usage} when address or port cannot be had, or the
  /// certificate cannot be used.
  HttpServer(const HttpServerOptions& options, Handler handler, Trouble trouble);
  /// Stops listening, lets requests in flight end, and closes.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// Takes no new connections; requests in flight and their answers go on. Returns when none is
  /// left, or after so long.
  void drain(std::chrono::seconds at_most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive
