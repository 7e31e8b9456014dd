"""What all routers share of HTTP: headers, pages of lists, entity tags, limits, the page's files."""
