#pragma once

#include <cairo.h>

namespace archive {

/// For std::unique_ptr: what Cairo counts its own owners of.
struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

}  // namespace archive
