"""Draws pages of document types with exact ground truth; see bench/draw_types."""
