"""One module per page: each turns what the index holds into the context of its template."""
