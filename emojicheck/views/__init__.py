"""HTTP in, HTTP out: one small function a page."""
