// The formats that pictures leave the viewer in. What stands in an archive is never read here.

#include <cstdio>  // jpeglib.h wants it

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include <csetjmp>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "viewer/iiif/rendering.h"

namespace archive {
namespace {

constexpr int kJpegQuality = 82;
constexpr float kWebpQuality = 78;
constexpr int kPngLevel = 3;

struct JpegError {
  jpeg_error_mgr manager;
  std::jmp_buf back;
};

// libjpeg's own would end the process.
void jpeg_failed(j_common_ptr info) {
  std::longjmp(reinterpret_cast<JpegError*>(info->err)->back, 1);
}

// Nothing with a destructor lives between setjmp and the end.
bool write_jpeg(const Pixels& pixels, unsigned char** bytes, unsigned long* size) {
  jpeg_compress_struct info;
  JpegError error;
  info.err = jpeg_std_error(&error.manager);
  error.manager.error_exit = jpeg_failed;
  if (setjmp(error.back) != 0) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, bytes, size);
  info.image_width = static_cast<JDIMENSION>(pixels.width);
  info.image_height = static_cast<JDIMENSION>(pixels.height);
  info.input_components = pixels.channels;
  info.in_color_space = pixels.channels == 1 ? JCS_GRAYSCALE : JCS_EXT_BGR;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, kJpegQuality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<std::uint8_t*>(pixels.row(static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

std::string jpeg_of(const Pixels& pixels) {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool done = write_jpeg(pixels, &bytes, &size);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owner(bytes, &std::free);
  if (!done) throw std::runtime_error("a JPEG could not be written");
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string png_bytes_of(const Pixels& pixels) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr) throw std::runtime_error("no memory for a PNG");
  if (setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    throw std::runtime_error("a PNG could not be written");
  }
  png_set_write_fn(
      png, &out,
      [](png_structp to, png_bytep bytes, png_size_t size) {
        static_cast<std::string*>(png_get_io_ptr(to))
            ->append(reinterpret_cast<const char*>(bytes), size);
      },
      nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.width),
               static_cast<png_uint_32>(pixels.height), 8,
               pixels.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, kPngLevel);
  png_write_info(png, info);
  if (pixels.channels == 3) png_set_bgr(png);
  for (int y = 0; y < pixels.height; ++y) png_write_row(png, pixels.row(y));
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::string webp_of(const Pixels& pixels) {
  Pixels colour;
  const Pixels* from = &pixels;
  if (pixels.channels == 1) {
    colour = {pixels.width, pixels.height, 3, {}};
    colour.bytes.reserve(pixels.bytes.size() * 3);
    for (const std::uint8_t value : pixels.bytes) colour.bytes.insert(colour.bytes.end(), 3, value);
    from = &colour;
  }
  std::uint8_t* bytes = nullptr;
  const std::size_t size =
      WebPEncodeBGR(from->bytes.data(), from->width, from->height,
                    static_cast<int>(from->stride()), kWebpQuality, &bytes);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owner(bytes, &WebPFree);
  if (size == 0) throw std::runtime_error("a WebP could not be written");
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::string encoded(const Pixels& pixels, ImageRequest::Format format) {
  switch (format) {
    case ImageRequest::Format::png:
      return png_bytes_of(pixels);
    case ImageRequest::Format::webp:
      return webp_of(pixels);
    case ImageRequest::Format::jpg:
      break;
  }
  return jpeg_of(pixels);
}

}  // namespace archive
