"""Tables of members, kept where the operator's own SQL reads them."""
