#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "viewer/http/server.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

// -- Texts that somebody sends

TEST(PathSegments, AreDecodedOneByOne) {
  EXPECT_THAT(*path_segments("/api/v1/pages/12"), ElementsAre("api", "v1", "pages", "12"));
  EXPECT_THAT(*path_segments("/%E5%BC%A0+a%20b"), ElementsAre("张+a b"));
  EXPECT_TRUE(path_segments("/")->empty());
}

class BadPath : public testing::TestWithParam<const char*> {};
TEST_P(BadPath, IsRefused) { EXPECT_FALSE(path_segments(GetParam())) << GetParam(); }
INSTANTIATE_TEST_SUITE_P(All, BadPath,
                         testing::Values("", "api", "/..", "/a/../b", "/%2e%2e", "/a/.", "/a%2Fb",
                                         "/%", "/%4", "/%zz", "/%00", "/a%0Ab", "/%7f", "/%ff",
                                         "/%C0%AF", "/%ED%A0%80"));

TEST(QueryArguments, AreDecoded) {
  const auto arguments = *query_arguments("q=%E5%BC%A0%E4%B8%89+2004&offset=20&empty=&flag");
  EXPECT_EQ(arguments.at("q"), "张三 2004");
  EXPECT_EQ(arguments.at("offset"), "20");
  EXPECT_EQ(arguments.at("empty"), "");
  EXPECT_EQ(arguments.at("flag"), "");
  EXPECT_FALSE(query_arguments("q=%zz"));
  EXPECT_FALSE(query_arguments("q=%00"));
}

TEST(Cookies, AreFoundByTheirWholeName) {
  HttpRequest request;
  request.headers["cookie"] = "other=1; session=abc; xsession=def";
  EXPECT_EQ(request.cookie("session"), "abc");
  EXPECT_EQ(request.cookie("essio"), "");
}

// -- A server, and what is thrown at it

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;

  bool send(const std::string& text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  /// What comes until the other end closes, or until `enough` is in it.
  std::string receive(const std::string& enough = {}) {
    std::string all;
    char piece[4096];
    while (enough.empty() || all.find(enough) == std::string::npos) {
      const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
      if (got <= 0) break;
      all.append(piece, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int fd_;
};

struct Http : testing::Test {
  HttpServerOptions options() const {
    HttpServerOptions made;
    made.port = 0;
    made.threads = 2;
    made.quiet_max = 2s;
    made.body_max = 2s;
    made.body_bytes_max = 1000;
    made.header_bytes_max = 8192;
    return made;
  }
  std::vector<std::string> troubles;
  HttpServer server{options(),
                    [](const HttpRequest& request) {
                      if (request.path == "/throw") throw std::runtime_error("a bug");
                      HttpResponse response = HttpResponse::of(
                          request.method + " " + request.path + " q=" + request.argument("q") +
                          " body=" + request.body + " cookie=" + request.cookie("c"));
                      response.headers.emplace_back("X-Own", "yes");
                      return response;
                    },
                    [this](const std::string& trouble) { troubles.push_back(trouble); }};

  std::string ask(const std::string& request) const {
    Client client(server.port());
    client.send(request);
    return client.receive();
  }
};

TEST_F(Http, AnswersARequest) {
  const std::string got = ask(
      "POST /a/b?q=%E5%BC%A0 HTTP/1.1\r\nHost: x\r\nCookie: c=1\r\nContent-Length: 4\r\n"
      "Connection: close\r\n\r\ntext");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(got, HasSubstr("X-Own: yes\r\n"));
  EXPECT_THAT(got, HasSubstr("POST /a/b q=张 body=text cookie=1"));
}

TEST_F(Http, KeepsAConnection) {
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.receive("cookie="), HasSubstr("GET /" + std::to_string(i)));
  }
}

TEST_F(Http, HeadHasNoBody) {
  const std::string got = ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(got.ends_with("\r\n\r\n")) << got;
}

TEST_F(Http, ABugIsAnAnswerThatSaysNothing) {
  const std::string got = ask("GET /throw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(got, Not(HasSubstr("a bug")));
  // What an exception says may be of the request, and so of a person.
  EXPECT_THAT(troubles, ElementsAre(HasSubstr("runtime_error")));
}

struct Malformed {
  const char* what;
  std::string request;
  const char* status;  // or "" for a connection that is closed without words
};
class HttpMalformed : public Http, public testing::WithParamInterface<Malformed> {};
TEST_P(HttpMalformed, IsRefusedAndTheNextIsServed) {
  const std::string got = ask(GetParam().request);
  EXPECT_THAT(got, StartsWith(GetParam().status)) << GetParam().what;
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}
INSTANTIATE_TEST_SUITE_P(
    All, HttpMalformed,
    testing::Values(
        Malformed{"a path out of the root",
                  "GET /../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                  "HTTP/1.1 400"},
        Malformed{"half an escape",
                  "GET /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"},
        Malformed{"bytes that are no text",
                  "GET /?q=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"},
        Malformed{"no Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"},
        Malformed{"a body too long",
                  "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n" +
                      std::string(2000, 'x'),
                  "HTTP/1.1 413"},
        Malformed{"headers too long",
                  "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
                  "HTTP/1.1 431"},
        Malformed{"an address too long",
                  "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n",
                  "HTTP/1.1 4"},
        Malformed{"a header that is no text",
                  "GET / HTTP/1.1\r\nHost: x\r\nX: \xff\xfe\r\nConnection: close\r\n\r\n",
                  "HTTP/1.1 400"}));

// A request that comes a byte at a time is given up in the time of a whole one, and costs the others
// nothing.
TEST_F(Http, GivesUpOnWhoTrickles) {
  Client slow(server.port());
  const auto begun = std::chrono::steady_clock::now();
  const std::string line = "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(200, 'x');
  bool open = true;
  std::size_t sent = 0;
  while (open && std::chrono::steady_clock::now() - begun < 8s) {
    open = slow.send(line.substr(sent++ % line.size(), 1));
    std::this_thread::sleep_for(100ms);
    if (sent == 5) {
      EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                  StartsWith("HTTP/1.1 200"));
    }
  }
  EXPECT_FALSE(open) << "still open after eight seconds";
}

TEST_F(Http, GivesUpOnABodyThatDoesNotCome) {
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  EXPECT_EQ(client.receive(), "");
}

TEST_F(Http, ManyIdleConnectionsCostNothing) {
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Client>(server.port()));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST(HttpServerStart, SaysWhyItCannotListen) {
  const auto handler = [](const HttpRequest&) { return HttpResponse::of(""); };
  const auto silent = [](const std::string&) {};
  HttpServerOptions options;
  options.port = 0;
  const HttpServer first(options, handler, silent);
  options.port = first.port();
  EXPECT_THROW(HttpServer(options, handler, silent), ArchiveError) << "the port is taken";
  options.address = "no address";
  EXPECT_THROW(HttpServer(options, handler, silent), ArchiveError);
  options.address = "127.0.0.1";
  options.port = 0;
  options.certificate = options.private_key = "no PEM";
  EXPECT_THROW(HttpServer(options, handler, silent), ArchiveError);
}

}  // namespace
}  // namespace archive
