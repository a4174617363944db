"""Signs that make filters or readers take a mail for spam, and one score of them."""
