"""What a mail claims, held against the cases and the brief."""
