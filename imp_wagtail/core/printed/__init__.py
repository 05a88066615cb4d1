"""Pages as PDFs: composed for each request from what the page shows, printed once, and given out from the cache."""
