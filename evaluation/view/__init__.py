"""A mail as a person and a parser see it, from whatever form it comes in."""
