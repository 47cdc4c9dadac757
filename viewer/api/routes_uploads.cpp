#include <charconv>

#include "ingest/uploads.h"
#include "store/archive_folder.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"

// Pages from a scanning station (R41): begun with name, length and hash, sent in pieces, checked
// before they are accepted, and handed over to the hot folder as a whole batch.

namespace archive {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;  ///< as HttpServerOptions::body_bytes_max

Refusal refusal_of(const UploadRefused& refused) {
  struct Words {
    const char* kind;
    int status;
    const char* zh;
  };
  static constexpr Words kWords[] = {
      {"name", 400, "批次名或文件名不可用"},
      {"digest", 400, "SHA-256 写法不对"},
      {"size", 413, "文件大小超出范围"},
      {"hash", 422, "收到的内容与所报 SHA-256 不符，未接收；请重新发送"},
      {"offset", 409, "接续位置不对"},
      {"taken", 409, "批次中已有同名而内容不同的文件"},
      {"blocked", 409,
       "应为文件夹之处有一个同名文件：请换名，或请信息技术人员将其从 spool/uploads/accepted "
       "或热文件夹移走，然后重新发送"},
      {"many", 429, "正在接收的文件过多，请先完成或放弃一些"},
      {"unknown", 404, "没有这一项"},
      {"unfinished", 409, "该批次还有文件未传完"},
      {"count", 409, "文件数与所报不符"},
  };
  for (const Words& words : kWords) {
    if (refused.kind == words.kind) {
      return {words.status, "upload_" + refused.kind, words.zh, refused.what(), 0};
    }
  }
  return {409, "upload", "不能接收", refused.what(), 0};
}

Json upload_json(const Upload& upload) {
  return {{"id", upload.id},
          {"batch", upload.batch},
          {"name", upload.name},
          {"size", upload.size},
          {"sha256", upload.sha256},
          {"received", upload.received},
          {"begun_at", upload.begun_at},
          {"state", upload.accepted ? "accepted" : "receiving"}};
}

template <class Work>
auto refusing(Work work) {
  try {
    return work();
  } catch (const UploadRefused& refused) {
    throw refusal_of(refused);
  }
}

}  // namespace

HttpResponse Service::Impl::uploads_under_way(const Asked& asked) {
  Json mine = Json::array(), waiting = Json::array();
  for (const Upload& upload : uploads.of(asked.session.name)) mine.push_back(upload_json(upload));
  for (const WaitingDelivery& one : uploads.waiting()) {
    waiting.push_back({{"batch", one.batch}, {"files", one.files}, {"bytes", one.bytes}});
  }
  return answer_of(Json{{"uploads", std::move(mine)},
                        {"waiting", std::move(waiting)},
                        {"limits",
                         {{"file_bytes_max", parts.settings.uploads.file_bytes_max},
                          {"piece_bytes_max", kPieceBytes},
                          {"files_max", parts.settings.uploads.files_max},
                          {"hours_max", parts.settings.uploads.hours_max}}}});
}

HttpResponse Service::Impl::begin_upload(const Asked& asked) {
  const Json body = body_json(asked.request);
  const Upload upload = refusing([&] {
    return uploads.begin(text_in(body, "batch"), text_in(body, "name", kReasonMost),
                         static_cast<std::uint64_t>(number_in(body, "size")),
                         text_in(body, "sha256"), asked.session.name);
  });
  return answer_of(upload_json(upload), upload.received == 0 ? 201 : 200);
}

HttpResponse Service::Impl::append_upload(const Asked& asked) {
  const HttpRequest& request = asked.request;
  if (request.header("content-type") != "application/octet-stream") {
    throw Refusal{415, "type", "须为 application/octet-stream",
                  "a piece is application/octet-stream", 0};
  }
  const std::string& text = request.header("upload-offset");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Refusal{400, "number", "缺少 Upload-Offset", "the header Upload-Offset is missing", 0};
  }
  const std::string& id = asked.at.at(0);
  try {
    const Upload upload = uploads.append(id, asked.session.name, offset, request.body);
    if (upload.accepted) {
      log(asked.session, request, "upload_accepted", "file sha256-" + upload.sha256, "",
          Right::take_in);
    }
    return answer_of(upload_json(upload));
  } catch (const UploadRefused& refused) {
    if (refused.kind == "offset") {
      // Where to go on is no failure: a station that lost an answer asks again.
      return answer_of(Json{{"error",
                             {{"code", "upload_offset"},
                              {"zh", "接续位置不对"},
                              {"en", refused.what()},
                              {"received", refused.received}}}},
                       409);
    }
    if (refused.kind == "hash") {
      log(asked.session, request, "upload_refused", "file", refused.what(), Right::take_in);
    }
    throw refusal_of(refused);
  }
}

HttpResponse Service::Impl::give_up_upload(const Asked& asked) {
  refusing([&] { uploads.give_up(asked.at.at(0), asked.session.name); });
  return no_content();
}

HttpResponse Service::Impl::hand_over_uploads(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string batch = text_in(body, "batch");
  log(asked.session, asked.request, "delivery_handed_over", "delivery", "", Right::take_in);
  refusing([&] { uploads.hand_over(batch, number_in(body, "files")); });
  return no_content();
}

}  // namespace archive
