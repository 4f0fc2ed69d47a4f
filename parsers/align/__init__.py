"""Which printed cell is which cell of the form."""
